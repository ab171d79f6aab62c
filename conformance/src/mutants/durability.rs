//! Objects that die with the process, and halves of objects that do not.

use std::time::Duration;

use async_trait::async_trait;
use extstore::object::{Attempt, Content, Created, Location, Renewed};
use extstore::{Body, Digest, ErrorKind, Result};

use super::Mutant;
use super::twist::{Inner, Twist, twist};
use crate::child::is_child;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("durability.driver_killed", "an_acknowledgement_precedes_the_write", |recipe| {
        twist(recipe, |_| WritesBehind);
    })
    .also(&["durability.no_torn_objects"])
    .over_http(),
    Mutant::new("durability.no_torn_objects", "objects_are_written_in_place", |recipe| {
        // Every second kill falls between the halves.
        recipe.profile.kills = 16;
        twist(recipe, |_| WritesInPlace);
    })
    .also(&["dedupe.same_batch"])
    .over_http(),
];

/// How long a write waits in its process.
const BEHIND: Duration = Duration::from_millis(200);

/// Acknowledges in child processes what it writes later. In the parent every case that looks at the
/// store would see that objects come late; here only the kill shows it.
struct WritesBehind;

#[async_trait]
impl Twist for WritesBehind {
    async fn create(
        &self,
        inner: &Inner,
        attempt: &Attempt,
        at: &Location,
        content: &Content,
    ) -> Result<Created> {
        if !is_child() {
            return inner.create(attempt, at, content).await;
        }
        let (inner, attempt, at, content) = (inner.clone(), attempt.clone(), at.clone(), content.clone());
        tokio::spawn(async move {
            tokio::time::sleep(BEHIND).await;
            inner.create(&attempt, &at, &content).await
        });
        Ok(Created::Created)
    }
}

/// Creates the object with half of its content, and completes it then.
struct WritesInPlace;

#[async_trait]
impl Twist for WritesInPlace {
    async fn create(
        &self,
        inner: &Inner,
        attempt: &Attempt,
        at: &Location,
        content: &Content,
    ) -> Result<Created> {
        let whole = content.body.to_bytes();
        let half = Body::from(whole.slice(..whole.len() / 2));
        let digest = Digest::of(&half);
        if inner.create(attempt, at, &Content { body: half, digest }).await? == Created::Exists {
            return Ok(Created::Exists);
        }
        match inner.renew(attempt, at, content, None).await? {
            Renewed::Renewed => Ok(Created::Created),
            _ => Err(ErrorKind::Conflict.error("the object changed while it was written")),
        }
    }
}
