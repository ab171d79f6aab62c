//! Lists wrong drivers that store one content twice or two contents once, or trust what exists.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use extstore::object::{Create, Created, ObjectStat};
use extstore::{Claim, ExecutionTarget, Payload, Result, SelectContext, StoreContext, Target};

use super::Mutant;
use super::hooks::each_payload;
use super::wrong_backend::{self, WrongBackend, wrong_backend};
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};
use crate::fixture::wire;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("dedupe.same_batch", "each_copy_in_a_batch_has_its_own_object", |recipe| {
        wrong_driver(recipe, |_| Copies)
    }),
    Mutant::new("dedupe.canonical_encoding", "the_order_of_metadata_decides_the_digest", |recipe| {
        each_payload(recipe, |payload| {
            if payload.canonical() == payload {
                return payload;
            }
            // The engine sorts; a field that says how it was keeps encodings apart as they came.
            let keys: String = payload.metadata_entries().map(|(key, _)| key).collect();
            let marked = [payload.to_bytes(), wire::field(99, keys.as_bytes()).into()].concat();
            Payload::decode(marked).unwrap_or(payload)
        });
    }),
    Mutant::new("dedupe.metadata_matters", "the_digest_is_over_data_only", |recipe| {
        wrong_driver(recipe, |_| DataOnly::default());
    })
    .also(&[
        "round_trip.looks_like_a_reference",
        "round_trip.empty_data",
        "round_trip.external_payload_details",
        "size.many_small",
    ]),
    Mutant::new("dedupe.existing_is_wrong", "whatever_exists_is_trusted", |recipe| {
        wrong_backend(recipe, |_| Trusts)
    })
    .also(&["lifecycle.restore_extends", "status.*"]),
    Mutant::new("dedupe.existing_is_wrong", "whatever_exists_and_is_large_is_trusted", |recipe| {
        wrong_backend(recipe, |_| TrustsLarge);
    })
    .also(&["status.length_unknown"]),
];

/// Stores the second and every further copy under a run of its own.
struct Copies;

#[async_trait]
impl WrongDriver for Copies {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let mut seen: Vec<Payload> = Vec::new();
        let mut again = Vec::new();
        for (index, payload) in payloads.iter().enumerate() {
            if seen.contains(payload) {
                again.push(index);
            }
            seen.push(payload.clone());
        }
        let mut claims = inner.store(context, payloads).await?;
        for index in again {
            let target = Target::Workflow(ExecutionTarget::new("copies").with_run_id(index.to_string()));
            let select = SelectContext::new().with_target(Some(target));
            let context = StoreContext::new(select, context.operation().clone());
            claims[index..=index].clone_from_slice(&inner.store(&context, vec![seen[index].clone()]).await?);
        }
        Ok(claims)
    }
}

/// Remembers the claim of each data and hands it out whatever the metadata is.
#[derive(Default)]
struct DataOnly(Mutex<HashMap<(Option<Target>, Bytes), Claim>>);

#[async_trait]
impl WrongDriver for DataOnly {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let key = |payload: &Payload| (context.target().cloned(), payload.data().clone());
        let claims = inner.store(context, payloads.clone()).await?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs = payloads.iter().zip(claims);
        Ok(pairs.map(|(payload, claim)| known.entry(key(payload)).or_insert(claim).clone()).collect())
    }
}

struct Trusts;

#[async_trait]
impl WrongBackend for Trusts {
    async fn create(&self, inner: &wrong_backend::Inner, create: Create<'_>) -> Result<Created> {
        inner.create(create).await.map(|_| Created::Created(ObjectStat::unknown()))
    }
}

struct TrustsLarge;

#[async_trait]
impl WrongBackend for TrustsLarge {
    async fn create(&self, inner: &wrong_backend::Inner, create: Create<'_>) -> Result<Created> {
        let created = inner.create(create).await;
        if create.content().len() > 10_000 {
            created.map(|_| Created::Created(ObjectStat::unknown()))
        } else {
            created
        }
    }
}
