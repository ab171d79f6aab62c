//! Finds an object that is not visible yet, or that another place has.

use tokio::time::Instant;

use super::Location;
use super::engine::Engine;
use super::fetch::fetch;
use super::fetched::Fetched;
use super::retry::Attempts;
use crate::{Digest, Error, ErrorKind, Result, Retry};

/// Holds what is known of an object that no place delivered.
struct Missed {
    error: Error,
    /// Says whether the driver's own store answered that it does not have the object, or not yet.
    is_absent: bool,
}

/// Reads an object from its own place, else from the configured others, and asks again while it may still appear.
pub(super) async fn find(attempts: &Attempts<'_>, digest: Digest, size_hint: u64) -> Result<Fetched> {
    let budget = attempts.engine.options.not_found_budget;
    let started = Instant::now();
    let mut round = 1;
    loop {
        let missed = match anywhere(attempts, digest, size_hint).await {
            Ok(found) => return Ok(found),
            Err(missed) => missed,
        };
        if !missed.is_absent || started.elapsed() >= budget {
            return Err(missed.error);
        }
        if attempts.pause(round).await.is_err() {
            // This caller's time ends before the budget: others that wait for it may still find the object.
            return Err(missed.error.with_retry(Retry::Later));
        }
        round += 1;
    }
}

async fn anywhere(attempts: &Attempts<'_>, digest: Digest, size_hint: u64) -> Result<Fetched, Missed> {
    let engine = attempts.engine;
    let mut failure = match fetch(attempts, digest, size_hint).await {
        Ok(found) => return Ok(found),
        Err(error) => error,
    };
    let is_absent = failure.kind() == ErrorKind::NotFound;
    if is_absent || failure.kind() == ErrorKind::Integrity {
        // Wherever else the object is: its own store does not have it, and the next store must write it.
        engine.known.forget(attempts.location);
    }
    if !may_be_elsewhere(&failure) {
        return Err(Missed { error: failure, is_absent });
    }
    for place in &engine.options.read_fallbacks {
        let location = place.location(attempts.location);
        if !is_allowed(engine, attempts.location, &location) {
            continue;
        }
        let there = attempts.elsewhere(&location, place.reached_by(engine.backend.as_ref()));
        match fetch(&there, digest, size_hint).await {
            Ok(found) => return Ok(found),
            Err(error) if weight(&error) > weight(&failure) => failure = error,
            Err(_) => {}
        }
    }
    Err(Missed { error: failure, is_absent })
}

fn may_be_elsewhere(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound
            | ErrorKind::Integrity
            | ErrorKind::Unavailable
            | ErrorKind::Throttled
            | ErrorKind::Timeout
    )
}

/// Orders the failures of several places. A place that could not answer may have the object: then it is not lost, and a
/// later retrieve may succeed.
fn weight(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::NotFound => 0,
        ErrorKind::Integrity => 1,
        _ => 2,
    }
}

/// Says whether a claim that names `asked` may be answered from `there`: a further container holds what the driver's own
/// container holds, so that a claim reads there what it could read in that one, or what it could name itself.
fn is_allowed(engine: &Engine, asked: &Location, there: &Location) -> bool {
    let covers = |location: &Location| engine.policy.covers(location, engine.layout.as_ref()).is_ok();
    let own = engine.options.container.as_fixed().map(|own| Location::new(own, &there.key));
    there.container == asked.container || covers(there) || own.is_none_or(|own| covers(&own))
}
