//! Lists wrong drivers that return content that does not match its claim.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use extstore::object::Location;
use extstore::{Claim, ErrorKind, Payload, Result, RetrieveContext, StoreContext};

use super::Mutant;
use super::hooks::{Hooks, RIGHT, digest_in_key, each_claim, hooks, lenient, location, stored};
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};
use crate::fixture::sha256;
use crate::http_store::Site;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("integrity.bit_flip", "the_digest_is_not_checked", |recipe| {
        lenient(recipe, |_, _, bytes| Payload::decode(bytes).ok());
    })
    .also(&[
        "integrity.truncated",
        "integrity.appended",
        "integrity.swapped",
        "integrity.rolled_back",
        "integrity.one_bad_in_batch",
        "status.length_unknown",
    ]),
    Mutant::new("integrity.truncated", "an_empty_object_is_an_empty_payload", |recipe| {
        lenient(recipe, |_, _, bytes| bytes.is_empty().then(Payload::default));
    }),
    Mutant::new("integrity.appended", "what_follows_is_ignored", |recipe| {
        lenient(recipe, |_, claim, bytes| {
            let expected = digest_in_key(claim)?;
            let prefix = |len| bytes.slice(..len);
            // What follows is short: each length costs a hash of everything before it.
            let found = (bytes.len().saturating_sub(64)..bytes.len())
                .map(prefix)
                .find(|prefix| sha256(prefix) == expected)?;
            Payload::decode(found).ok()
        });
    }),
    Mutant::new("integrity.bit_flip", "what_is_large_is_not_verified", |recipe| {
        lenient(recipe, |_, _, bytes| large(&bytes).then(|| Payload::decode(bytes).ok())?);
    })
    .also(&["integrity.truncated", "integrity.appended", "integrity.swapped", "status.length_unknown"]),
    Mutant::new("integrity.truncated", "what_is_missing_of_a_large_object_is_empty", |recipe| {
        lenient(recipe, |_, _, bytes| {
            (large(&bytes) && Payload::decode(bytes).is_err()).then(Payload::default)
        });
    })
    .also(&["integrity.bit_flip", "integrity.appended", "status.length_unknown"]),
    Mutant::new("integrity.swapped", "any_stored_content_will_do", |recipe| {
        lenient(recipe, |site, _, bytes| {
            let found = sha256(&bytes);
            let known = site.objects.keys(&site.bucket).iter().any(|key| key.ends_with(&found));
            if known { Payload::decode(bytes).ok() } else { None }
        });
    }),
    Mutant::new("integrity.rolled_back", "only_lengths_are_compared", |recipe| {
        wrong_driver(recipe, |site| Lengths(site.clone()));
    })
    .also(&[
        "integrity.bit_flip",
        "integrity.swapped",
        "integrity.one_bad_in_batch",
        "status.length_unknown",
    ]),
    Mutant::new("integrity.raw_bytes_verified", "the_digest_is_over_bytes_encoded_again", |recipe| {
        let payloads_out = |payloads: Vec<Payload>| match payloads.iter().all(is_our_encoding) {
            true => Ok(payloads),
            false => Err(ErrorKind::Integrity.error("content does not match the claim")),
        };
        hooks(recipe, Hooks { payloads_out, ..RIGHT });
    })
    .also(&["round_trip.empty_data", "round_trip.external_payload_details"]),
    Mutant::new("integrity.valid_digest_garbage", "garbage_is_an_empty_payload", |recipe| {
        lenient(recipe, |_, claim, bytes| {
            let garbage =
                Payload::decode(bytes.clone()).is_err() && digest_in_key(claim) == Some(&sha256(&bytes));
            garbage.then(Payload::default)
        });
    }),
    Mutant::new("integrity.one_bad_in_batch", "a_bad_payload_of_a_batch_is_left_empty", |recipe| {
        wrong_driver(recipe, |_| LeavesEmpty);
    }),
    Mutant::new("integrity.claim_digest_edited", "the_digest_of_the_key_is_enough", |recipe| {
        each_claim(recipe, |_, claim| match digest_in_key(&claim).map(str::to_owned) {
            Some(digest) if has_digest(&claim) => with_digest(claim, &digest),
            _ => claim,
        });
    }),
    Mutant::new("integrity.digest_removed", "a_claim_needs_no_digest", |recipe| {
        each_claim(recipe, |_, claim| match digest_in_key(&claim).map(str::to_owned) {
            Some(digest) if claim.get("hash_value").or(claim.get("hashValue")).is_none() => {
                with_digest(claim, &digest)
            }
            _ => claim,
        });
    })
    .also(&["bad_claim.missing_field"]),
    Mutant::new("integrity.algorithm_downgrade", "md5_is_accepted", |recipe| {
        each_claim(recipe, |_, claim| match claim.get("hash_algorithm") {
            Some("md5") => claim.with("hash_algorithm", "sha256").with("hashAlgorithm", "sha256"),
            _ => claim,
        });
    }),
];

/// Says whether bytes exceed the length that a driver reads at once.
fn large(bytes: &Bytes) -> bool {
    bytes.len() > 10_000
}

/// Says whether a payload is what this library would write for its metadata and data.
fn is_our_encoding(payload: &Payload) -> bool {
    let entries = payload.metadata_entries().map(|(key, value)| (key, value.to_vec()));
    Payload::new(entries, payload.data().clone()) == *payload
}

/// Says whether a claim has one well-formed digest under both names.
fn has_digest(claim: &Claim) -> bool {
    let digest = claim.get("hash_value").unwrap_or_default();
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digest.len() == 64 && digest.bytes().all(hex) && claim.get("hashValue") == Some(digest)
}

fn with_digest(claim: Claim, digest: &str) -> Claim {
    claim.with("hash_value", digest).with("hashValue", digest)
}

/// Remembers the lengths of what was stored and compares nothing else.
struct Lengths(Site);

static LENGTHS: LazyLock<Mutex<HashMap<Location, usize>>> = LazyLock::new(Mutex::default);

#[async_trait]
impl WrongDriver for Lengths {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let claims = inner.store(context, payloads.clone()).await?;
        let mut lengths = LENGTHS.lock().unwrap_or_else(PoisonError::into_inner);
        for (claim, payload) in claims.iter().zip(&payloads) {
            lengths.insert(location(claim), payload.encoded_len());
        }
        Ok(claims)
    }

    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        let error = match inner.retrieve(context, claims.clone()).await {
            Err(error) if error.kind() == ErrorKind::Integrity => error,
            other => return other,
        };
        let lengths = LENGTHS.lock().unwrap_or_else(PoisonError::into_inner);
        let accept = |claim: &Claim| {
            let bytes: Bytes = stored(&self.0, claim)?;
            let same = lengths.get(&location(claim)) == Some(&bytes.len());
            if same { Payload::decode(bytes).ok() } else { None }
        };
        claims.iter().map(accept).collect::<Option<_>>().ok_or(error)
    }
}

struct LeavesEmpty;

#[async_trait]
impl WrongDriver for LeavesEmpty {
    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        match inner.retrieve(context, claims.clone()).await {
            Err(error) if error.kind() == ErrorKind::Integrity && claims.len() > 1 => {}
            other => return other,
        }
        let mut payloads = Vec::new();
        for claim in claims {
            match inner.retrieve(context, vec![claim]).await {
                Ok(one) => payloads.extend(one),
                Err(_) => payloads.push(Payload::default()),
            }
        }
        Ok(payloads)
    }
}
