//! Limits that are off, late or missing.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use extstore::{Claim, ErrorKind, Payload, Result, StoreContext};

use super::Mutant;
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("size.at_max", "the_limit_is_off_by_one", |recipe| {
        // The profile promises one byte more than the driver takes.
        recipe.profile.max_payload_bytes += 1;
        recipe.options = |options| options.with_max_payload_size(256 * 1024);
    })
    .also(&["round_trip.mixed_batch", "size.over_max"]),
    Mutant::new("size.over_max", "there_is_no_limit", |recipe| {
        recipe.options = |options| options.with_max_payload_size(64 << 20);
    })
    .also(&["size.over_max_in_batch", "identity.debug_hides_secrets"]),
    Mutant::new("size.over_max_in_batch", "a_batch_is_checked_as_it_is_stored", |recipe| {
        wrong_driver(recipe, |_| OneByOne);
    }),
    Mutant::new("size.many_small", "a_handle_for_each_payload_is_never_given_back", |recipe| {
        wrong_driver(recipe, |_| Leaks::default());
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

/// What a process may have open.
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
