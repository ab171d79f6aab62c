//! Lists wrong backends whose objects die with the process, or are visible by halves.

use std::time::Duration;

use async_trait::async_trait;
use extstore::object::{Content, Create, Created, ObjectStat, Renew, RenewReason, Renewed};
use extstore::{Body, Digest, ErrorKind, Result};

use super::Mutant;
use super::wrong_backend::{Inner, WrongBackend, wrong_backend};
use crate::child::is_child;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("durability.driver_killed", "an_acknowledgement_precedes_the_write", |recipe| {
        wrong_backend(recipe, |_| WritesBehind);
    })
    .also(&["durability.no_torn_objects"])
    .over_http(),
    Mutant::new("durability.no_torn_objects", "objects_are_written_in_place", |recipe| {
        // Nearly every kill falls between the halves.
        recipe.profile.kills = 8;
        wrong_backend(recipe, |_| WritesInPlace);
    })
    .also(&["dedupe.same_batch"])
    .over_http(),
];

/// Sets the time that a write waits in its process: no kill comes so late.
const BEHIND: Duration = Duration::from_secs(3600);
/// Sets the time for which only half of an object is there, in child processes: most of a store's time is this.
const HALF: Duration = Duration::from_millis(100);

/// Acknowledges in child processes payloads that it would write later. In the parent every case that looks at the
/// store would see that objects come late; here only the kill shows it.
struct WritesBehind;

#[async_trait]
impl WrongBackend for WritesBehind {
    async fn create(&self, inner: &Inner, create: Create<'_>) -> Result<Created> {
        if !is_child() {
            return inner.create(create).await;
        }
        let (inner, attempt) = (inner.clone(), create.attempt().clone());
        let (at, content) = (create.location().clone(), create.content().clone());
        tokio::spawn(async move {
            #[expect(clippy::disallowed_methods, reason = "the defect is to store later than it says")]
            tokio::time::sleep(BEHIND).await;
            inner.create(Create::new(&attempt, &at, &content)).await
        });
        Ok(Created::Created(ObjectStat::unknown()))
    }
}

/// Creates the object with half of its content, and completes it then.
struct WritesInPlace;

#[async_trait]
impl WrongBackend for WritesInPlace {
    async fn create(&self, inner: &Inner, create: Create<'_>) -> Result<Created> {
        let whole = create.content().to_bytes();
        let half = Body::from(whole.slice(..whole.len() / 2));
        let digest = Digest::of(&half);
        let half = Content::new(half, digest);
        let created = inner.create(create.with_content(&half)).await?;
        if matches!(created, Created::Exists(_)) {
            return Ok(created);
        }
        if is_child() {
            #[expect(clippy::disallowed_methods, reason = "the defect is to store later than it says")]
            tokio::time::sleep(HALF).await;
        }
        let renew = Renew::new(create.attempt(), create.location(), create.content(), RenewReason::Content);
        match inner.renew(renew).await? {
            Renewed::Renewed(_) => Ok(Created::Created(ObjectStat::unknown())),
            _ => Err(ErrorKind::Conflict.error("the object changed while it was written")),
        }
    }
}
