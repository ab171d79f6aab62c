//! Lists wrong drivers that mistake a missing object for something else.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use extstore::object::Location;
use extstore::{Claim, ErrorKind, Payload, Result, RetrieveContext};

use super::Mutant;
use super::hooks::{Hooks, RIGHT, hooks, location};
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("missing.deleted", "a_missing_object_is_an_outage", |recipe| {
        let error = |error: extstore::Error| match error.kind() {
            ErrorKind::NotFound => ErrorKind::Unavailable.error("the store failed").with_source(error),
            _ => error,
        };
        hooks(recipe, Hooks { error, ..RIGHT });
    })
    .also(&["missing.no_negative_cache", "errors.names_everything", "identity.two_stores"]),
    Mutant::new("missing.container", "a_missing_bucket_is_a_missing_object", |recipe| {
        let error = |error: extstore::Error| match error.kind() {
            ErrorKind::Config => ErrorKind::NotFound.error("there is no object at this location"),
            _ => error,
        };
        hooks(recipe, Hooks { error, ..RIGHT });
    })
    .also(&["status.archived_read", "status.end_stands"]),
    Mutant::new("missing.no_negative_cache", "what_was_missing_stays_missing", |recipe| {
        wrong_driver(recipe, |_| Remembers::default());
    }),
];

#[derive(Default)]
struct Remembers(Mutex<HashSet<Location>>);

#[async_trait]
impl WrongDriver for Remembers {
    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        let remembered =
            |claim: &Claim| self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&location(claim));
        if claims.iter().any(remembered) {
            return Err(ErrorKind::NotFound.error("it was missing before"));
        }
        let found = inner.retrieve(context, claims.clone()).await;
        if let (Err(error), [only]) = (&found, claims.as_slice())
            && error.kind() == ErrorKind::NotFound
        {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(location(only));
        }
        found
    }
}
