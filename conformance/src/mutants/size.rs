//! Lists wrong drivers whose limits are inexact, late or missing.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use extstore::object::{Open, OpenObject};
use extstore::{Claim, ErrorKind, Payload, Result, StoreContext};
use futures_util::StreamExt as _;

use super::Mutant;
use super::wrong_backend::{self, WrongBackend, wrong_backend};
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("size.at_max", "the_limit_is_off_by_one", |recipe| {
        // The profile promises one byte more than the driver takes.
        recipe.profile.max_payload_bytes += 1;
        recipe.options = |options| options.with_max_payload_size(256 * 1024);
    })
    .also(&["round_trip.mixed_batch", "size.over_max"]),
    Mutant::new("size.over_max", "there_is_no_limit", |recipe| {
        recipe.options = |options| options.with_max_payload_size(64 << 20).with_read_cap(64 << 20);
    })
    .also(&["size.over_max_in_batch", "size.read_cap*", "identity.debug_hides_secrets"]),
    Mutant::new("size.over_max_in_batch", "a_batch_is_checked_as_it_is_stored", |recipe| {
        wrong_driver(recipe, |_| OneByOne);
    }),
    Mutant::new("size.many_small", "a_handle_for_each_payload_is_never_given_back", |recipe| {
        wrong_driver(recipe, |_| Leaks::default());
    }),
    Mutant::new("size.read_cap", "everything_is_read", |recipe| {
        recipe.options = |options| options.with_read_cap(64 << 20);
    })
    .also(&["size.read_cap_unannounced"]),
    Mutant::new("size.read_cap_unannounced", "what_is_above_the_cap_is_cut_off", |recipe| {
        wrong_backend(recipe, |_| CutsOff);
    }),
];

struct OneByOne;

#[async_trait]
impl WrongDriver for OneByOne {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let total = payloads.len();
        if total == 0 {
            return inner.store(context, payloads).await;
        }
        let mut claims = Vec::new();
        for (index, payload) in payloads.into_iter().enumerate() {
            let stored = inner.store(context, vec![payload]).await;
            claims.extend(stored.map_err(|error| error.with_index(index, total))?);
        }
        Ok(claims)
    }
}

/// The number of handles that a process may have open.
const HANDLES: usize = 1024;

#[derive(Default)]
struct Leaks(AtomicUsize);

#[async_trait]
impl WrongDriver for Leaks {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        if self.0.fetch_add(payloads.len(), Ordering::Relaxed) + payloads.len() > HANDLES {
            return Err(ErrorKind::Unavailable.error("there is no handle left"));
        }
        inner.store(context, payloads).await
    }
}

/// Ends an object without a length at the cap.
struct CutsOff;

#[async_trait]
impl WrongBackend for CutsOff {
    async fn open(&self, inner: &wrong_backend::Inner, open: Open<'_>) -> Result<OpenObject> {
        let object = inner.open(open).await?;
        if object.len.is_some() {
            return Ok(object);
        }
        let mut left = usize::try_from(open.limit()).unwrap_or(usize::MAX);
        let cut = object.chunks.map(move |chunk| {
            chunk.map(|mut chunk: Bytes| {
                chunk.truncate(left);
                left -= chunk.len();
                chunk
            })
        });
        Ok(OpenObject::new(None, cut))
    }
}
