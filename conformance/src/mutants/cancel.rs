//! Lists wrong drivers whose work outlives its future.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use async_trait::async_trait;
use extstore::{Claim, ErrorKind, Payload, Result, RetrieveContext, StoreContext};

use super::Mutant;
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("cancel.drop_anywhere", "a_dropped_store_goes_on", |recipe| {
        wrong_driver(recipe, |_| Detaches)
    }),
    Mutant::new("cancel.drop_anywhere", "a_dropped_retrieve_keeps_its_permit", |recipe| {
        wrong_driver(recipe, |_| Keeps)
    }),
];

struct Detaches;

#[async_trait]
impl WrongDriver for Detaches {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let (inner, context) = (Arc::clone(inner), context.clone());
        let task = tokio::spawn(async move { inner.store(&context, payloads).await });
        task.await.map_err(|error| ErrorKind::Internal.error("the task failed").with_source(error))?
    }
}

struct Keeps;

#[async_trait]
impl WrongDriver for Keeps {
    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        // Given back by hand, which nobody does where the future is dropped in between.
        let permit = ManuallyDrop::new(context.operation().limiter().acquire(0).await);
        tokio::task::yield_now().await;
        let payloads = inner.retrieve(context, claims).await;
        drop(ManuallyDrop::into_inner(permit));
        payloads
    }
}
