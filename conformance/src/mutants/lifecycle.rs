//! Lists wrong drivers that say that they renewed an object and did not.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use extstore::object::{ObjectStat, Renew, RenewReason, Renewed};
use extstore::{Claim, Payload, Result, StoreContext, Target};

use super::Mutant;
use super::wrong_backend::{Inner, WrongBackend, wrong_backend};
use super::wrong_driver::{self, WrongDriver, wrong_driver};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("lifecycle.restore_extends", "what_is_right_is_not_renewed", |recipe| {
        wrong_backend(recipe, |_| Skips);
    })
    .also(&["status.renewal_refused", "status.check_renews"]),
    Mutant::new("lifecycle.restore_extends", "what_was_stored_is_known_for_ever", |recipe| {
        wrong_driver(recipe, |_| Remembers::default());
    })
    .also(&["missing.no_negative_cache"]),
];

/// Does nothing where only the lifetime has to start again.
struct Skips;

#[async_trait]
impl WrongBackend for Skips {
    async fn renew(&self, inner: &Inner, renew: Renew<'_>) -> Result<Renewed> {
        match renew.reason() {
            RenewReason::Lifetime => Ok(Renewed::Renewed(ObjectStat::unknown())),
            _ => inner.renew(renew).await,
        }
    }
}

/// Acknowledges from memory every payload that this driver stored alone, however long ago.
#[derive(Default)]
struct Remembers(Mutex<Vec<(Option<Target>, Payload, Claim)>>);

#[async_trait]
impl WrongDriver for Remembers {
    async fn store(
        &self,
        inner: &wrong_driver::Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let [payload] = payloads.as_slice() else { return inner.store(context, payloads).await };
        let (target, payload) = (context.target().cloned(), payload.clone());
        if let Some(claim) = self.find(&target, &payload) {
            return Ok(vec![claim]);
        }
        let claims = inner.store(context, payloads).await?;
        let stored = claims.iter().map(|claim| (target.clone(), payload.clone(), claim.clone()));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(stored);
        Ok(claims)
    }
}

impl Remembers {
    fn find(&self, target: &Option<Target>, payload: &Payload) -> Option<Claim> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(t, p, _)| t == target && p == payload).map(|(_, _, claim)| claim.clone())
    }
}
