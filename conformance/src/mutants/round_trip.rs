//! Lists wrong drivers that return changed payloads, or none.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use extstore::object::{Open, OpenObject};
use extstore::{Claim, Detected, ENCODING, ErrorKind, Payload, Reference, Result, RetrieveContext};

use super::Mutant;
use super::hooks::{Hooks, RIGHT, each_payload, hooks};
use super::wrong_backend::{self, WrongBackend, wrong_backend};
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};
use crate::http_store::Site;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("round_trip.single", "a_small_payload_alone_loses_its_metadata", |recipe| {
        let payloads_in = |_: &Site, payloads: Vec<Payload>| match payloads.as_slice() {
            [only] if only.data().len() <= SMALL => {
                Ok(vec![Payload::new([] as [(&str, &str); 0], only.data().clone())])
            }
            _ => Ok(payloads),
        };
        hooks(recipe, Hooks { payloads_in, ..RIGHT });
    })
    .also(&["round_trip.metadata", "interop.key_layout"]),
    Mutant::new("round_trip.empty_data", "null_becomes_nothing", |recipe| {
        each_payload(recipe, |payload| {
            let null = payload.metadata(ENCODING).is_some_and(|encoding| encoding == b"binary/null");
            if null && payload.data().is_empty() { Payload::default() } else { payload }
        });
    })
    .also(&["interop.key_layout"]),
    Mutant::new("round_trip.empty_payload", "an_empty_object_is_missing", |recipe| {
        wrong_backend(recipe, |_| EmptyIsMissing);
    })
    .also(&["round_trip.mixed_batch", "integrity.truncated"]),
    Mutant::new("round_trip.all_byte_values", "a_byte_order_mark_is_stripped", |recipe| {
        each_payload(recipe, |payload| match payload.data().strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => with_data(&payload, Bytes::copy_from_slice(rest)),
            None => payload,
        });
    }),
    Mutant::new("round_trip.metadata", "empty_metadata_values_are_dropped", |recipe| {
        each_payload(recipe, |payload| {
            if payload.metadata_entries().all(|(_, value)| !value.is_empty()) {
                return payload;
            }
            let kept = payload.metadata_entries().filter(|(_, value)| !value.is_empty());
            Payload::new(kept.map(|(key, value)| (key, value.to_vec())), payload.data().clone())
        });
    }),
    Mutant::new("round_trip.external_payload_details", "only_metadata_and_data_are_kept", |recipe| {
        each_payload(recipe, |payload| with_data(&payload, payload.data().clone()));
    })
    .also(&["round_trip.empty_data"]),
    Mutant::new("round_trip.looks_like_a_reference", "references_are_interpreted", |recipe| {
        let payloads_in = |_: &Site, payloads: Vec<Payload>| match payloads
            .iter()
            .all(|payload| Reference::detect(payload) == Detected::No)
        {
            true => Ok(payloads),
            false => Err(ErrorKind::Unsupported.error("a reference is not stored again")),
        };
        hooks(recipe, Hooks { payloads_in, ..RIGHT });
    }),
    Mutant::new("round_trip.mixed_batch", "large_payloads_are_answered_last", |recipe| {
        let claims_out = |payloads: &[Payload], claims: Vec<Claim>| {
            let is_large = |(payload, _): &(&Payload, Claim)| payload.encoded_len() > LARGE;
            let (large, small): (Vec<_>, Vec<_>) = payloads.iter().zip(claims).partition(is_large);
            small.into_iter().chain(large).map(|(_, claim)| claim).collect()
        };
        hooks(recipe, Hooks { claims_out, ..RIGHT });
    }),
    Mutant::new("round_trip.retrieve_many_times", "an_object_can_be_read_forty_times", |recipe| {
        wrong_driver(recipe, |_| WearsOut::default());
    }),
];

const SMALL: usize = 100;
const LARGE: usize = 128 * 1024;
const READS: usize = 40;

fn with_data(payload: &Payload, data: Bytes) -> Payload {
    Payload::new(payload.metadata_entries().map(|(key, value)| (key, value.to_vec())), data)
}

struct EmptyIsMissing;

#[async_trait]
impl WrongBackend for EmptyIsMissing {
    async fn open(&self, inner: &wrong_backend::Inner, open: Open<'_>) -> Result<OpenObject> {
        let object = inner.open(open).await?;
        match object.len {
            Some(0) => Err(ErrorKind::NotFound.error("there is no object at this location")),
            _ => Ok(object),
        }
    }
}

#[derive(Default)]
struct WearsOut(Mutex<HashMap<String, usize>>);

#[async_trait]
impl WrongDriver for WearsOut {
    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        let payloads = inner.retrieve(context, claims.clone()).await?;
        let mut reads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for claim in &claims {
            let count = reads.entry(claim.get("key").unwrap_or_default().to_owned()).or_default();
            *count += 1;
            if *count > READS {
                return Err(ErrorKind::NotFound.error("it was read too often"));
            }
        }
        Ok(payloads)
    }
}
