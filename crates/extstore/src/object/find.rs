//! Finds an object that is not visible yet, or that another place has.

use tokio::time::Instant;

use super::fetch::fetch;
use super::fetched::Fetched;
use super::retry::Attempts;
use crate::{Digest, Error, ErrorKind, Result};

/// Reads an object from its own place, else from the configured others, and asks again while it may still appear.
pub(super) async fn find(attempts: &Attempts<'_>, digest: Digest, size_hint: u64) -> Result<Fetched> {
    let budget = attempts.engine.options.not_found_budget;
    let started = Instant::now();
    let mut round = 1;
    loop {
        let error = match anywhere(attempts, digest, size_hint).await {
            Err(error) if error.kind() == ErrorKind::NotFound => error,
            outcome => return outcome,
        };
        if started.elapsed() >= budget || attempts.pause(round).await.is_err() {
            return Err(error);
        }
        round += 1;
    }
}

async fn anywhere(attempts: &Attempts<'_>, digest: Digest, size_hint: u64) -> Result<Fetched> {
    let engine = attempts.engine;
    let mut failure = match fetch(attempts, digest, size_hint).await {
        Err(error) if may_be_elsewhere(&error) => error,
        outcome => return outcome,
    };
    for place in &engine.options.read_fallbacks {
        let location = place.location(attempts.location);
        let there = Attempts::new(engine, attempts.operation, attempts.name, &location)
            .through(place.reached_by(engine.backend.as_ref()));
        match fetch(&there, digest, size_hint).await {
            Ok(found) => return Ok(found),
            // A place that could not answer may have the object: then it is not lost, and a later retrieve may succeed.
            Err(error) if failure.kind() == ErrorKind::NotFound && error.kind() != ErrorKind::NotFound => {
                failure = error;
            }
            Err(_) => {}
        }
    }
    Err(failure)
}

fn may_be_elsewhere(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::Integrity | ErrorKind::Unavailable | ErrorKind::Timeout
    )
}
