//! Lists wrong drivers that let one item of a batch spoil the others.

use async_trait::async_trait;
use extstore::{Claim, Payload, Result, RetrieveContext};

use super::Mutant;
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("each.siblings_survive", "one_failure_fails_each_item", |recipe| {
        wrong_driver(recipe, |_| AllOrNothing);
    }),
    Mutant::new("each.siblings_survive", "failed_items_are_left_out", |recipe| {
        wrong_driver(recipe, |_| LeavesOut);
    }),
];

/// Reads the items as one batch, and gives its error to each.
struct AllOrNothing;

#[async_trait]
impl WrongDriver for AllOrNothing {
    async fn retrieve_each(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Vec<Result<Payload>> {
        let total = claims.len();
        match inner.retrieve(context, claims).await {
            Ok(payloads) => payloads.into_iter().map(Ok).collect(),
            Err(error) => (0..total).map(|index| Err(error.clone().with_index(index, total))).collect(),
        }
    }
}

/// Shifts the results that follow a failed item, unless all fail.
struct LeavesOut;

#[async_trait]
impl WrongDriver for LeavesOut {
    async fn retrieve_each(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Vec<Result<Payload>> {
        let found = inner.retrieve_each(context, claims).await;
        match found.iter().any(Result::is_ok) {
            true => found.into_iter().filter(Result::is_ok).collect(),
            false => found,
        }
    }
}
