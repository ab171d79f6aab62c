//! Judges how long an object stays, from what the store says of it and what the options demand.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::engine::Engine;
use super::retry::Attempts;
use super::{DEFAULT_MIN_LIFETIME, ObjectStat, RenewReason, WARN_UNRENEWED_AFTER};
use crate::{Error, ErrorKind, Result};

/// Says what the engine found when it looked at an object that was there before the upload.
pub(super) enum Finding {
    /// It is right, and stays: it needs no further look for `lasts`; `None` where nothing limits it.
    Sound { lasts: Option<Duration> },
    /// It does not serve as it stands.
    Rewrite(Rewrite),
    /// It is not there any more, or not yet.
    Gone,
}

/// Says how an object that does not serve is to be written again.
pub(super) struct Rewrite {
    pub(super) seen: Option<ObjectStat>,
    pub(super) reason: RenewReason,
    /// Says whether the object was found to be wrong or unreadable.
    pub(super) repairs: bool,
    /// The time until the object's end, where that is why it is written again: the end must move.
    ends_in: Option<Duration>,
}

impl Rewrite {
    /// Makes the rewrite of an object that nobody looked at, or nobody may look at: only writing makes sure.
    pub(super) fn blind() -> Self {
        Self { seen: None, reason: RenewReason::Content, repairs: false, ends_in: None }
    }

    pub(super) fn content(seen: ObjectStat, repairs: bool) -> Self {
        Self { seen: Some(seen), repairs, ..Self::blind() }
    }

    pub(super) fn lifetime(seen: ObjectStat) -> Self {
        Self { reason: RenewReason::Lifetime, ..Self::content(seen, false) }
    }

    /// Says whether the store named the object's end when it was looked at.
    pub(super) fn knows_end(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.expires_in.is_some())
    }
}

/// Judges an object whose content is right: it is sound only if it stays long enough.
pub(super) fn judge(engine: &Engine, attempts: &Attempts<'_>, seen: ObjectStat) -> Finding {
    let by_age = until_refresh(engine, &seen);
    let by_expiry = until_expiry(engine, attempts, &seen);
    if by_age.is_none() && by_expiry.is_none() {
        warn_of_age(engine, attempts, seen.age.unwrap_or_default());
    }
    match shorter(by_age, by_expiry) {
        Some(Duration::ZERO) => {
            let ends_in = seen.expires_in.filter(|_| by_expiry == Some(Duration::ZERO));
            Finding::Rewrite(Rewrite { ends_in, ..Rewrite::lifetime(seen) })
        }
        lasts => Finding::Sound { lasts },
    }
}

/// Says why an object that was just written does not stay long enough.
enum Shortfall {
    /// The store deletes it after this time, which is less than the least.
    Short(Duration),
    /// It has this age already.
    Old(Duration),
    /// Its end did not move, and is this far away.
    Fixed(Duration),
}

/// Judges an object that this process has just written, by what the store said of it. `cause` is why it was written
/// again; a new object has none.
///
/// Where a renewal of the lifetime did not help, everything is to be written. Where that did not help either, an object
/// with the least life left is sound.
///
/// # Errors
///
/// `Config` where the store deletes objects sooner after they were written than the options demand.
pub(super) fn judge_written(
    engine: &Engine,
    attempts: &Attempts<'_>,
    cause: Option<&Rewrite>,
    said: ObjectStat,
) -> Result<Finding> {
    // A store that does not tell the age has promised that it starts again.
    let age = said.age.unwrap_or_default();
    let fresh = said.clone().with_age(Some(age));
    if let Some(left) = fresh.expires_in {
        engine.longest_life.note(left.saturating_add(age));
    }
    let by_age = until_refresh(engine, &fresh);
    let by_expiry = until_expiry(engine, attempts, &fresh);
    let Some(shortfall) = shortfall(engine, cause, &fresh, by_age, by_expiry) else {
        return Ok(Finding::Sound { lasts: shorter(by_age, by_expiry) });
    };
    if let Some(cause) = cause.filter(|cause| cause.reason == RenewReason::Lifetime) {
        return Ok(Finding::Rewrite(Rewrite { ends_in: cause.ends_in, ..Rewrite::content(said, false) }));
    }
    match shortfall {
        Shortfall::Fixed(left) => {
            let lasts = left.saturating_sub(least_lifetime(engine));
            engine.fixed_ends.insert(attempts.location, lasts);
            warn_of_fixed_end(engine, attempts);
            Ok(Finding::Sound { lasts: shorter(by_age, Some(lasts)) })
        }
        Shortfall::Short(left) => Err(too_short(engine, left)),
        Shortfall::Old(age) => Err(too_old(age)),
    }
    .map_err(|error| engine.describe(error, attempts.name, attempts.location))
}

/// An end that moved by less did not move: some stores name ends in whole seconds.
const STANDSTILL: Duration = Duration::from_secs(2);

fn shortfall(
    engine: &Engine,
    cause: Option<&Rewrite>,
    fresh: &ObjectStat,
    by_age: Option<Duration>,
    by_expiry: Option<Duration>,
) -> Option<Shortfall> {
    if let Some(left) = fresh.expires_in.filter(|left| *left <= least_lifetime(engine)) {
        return Some(Shortfall::Short(left));
    }
    if by_age == Some(Duration::ZERO) {
        return fresh.age.map(Shortfall::Old);
    }
    let (before, left) = (cause?.ends_in?, fresh.expires_in?);
    let stands_still = left <= before.saturating_add(STANDSTILL) || by_expiry == Some(Duration::ZERO);
    stands_still.then_some(Shortfall::Fixed(left))
}

fn too_short(engine: &Engine, left: Duration) -> Error {
    ErrorKind::Config.error(format!(
        "the store deletes an object {left:?} after it was written, and it must stay for {:?}; change the container's \
         expiry rule, or say with `with_min_lifetime` how long payloads must stay readable",
        least_lifetime(engine)
    ))
}

fn too_old(age: Duration) -> Error {
    ErrorKind::Config.error(format!(
        "the store says that an object which was just written is {age:?} old, older than `with_refresh_after` allows: an \
         expiry rule may delete it; check the store's clock, and that writing an object again restarts its age"
    ))
}

/// The life that must be left of an object that was just written.
fn least_lifetime(engine: &Engine) -> Duration {
    engine.options.min_lifetime.unwrap_or(DEFAULT_MIN_LIFETIME)
}

/// Returns the time until the age at which the options want a renewal; zero where it has passed or the age is not
/// known.
fn until_refresh(engine: &Engine, seen: &ObjectStat) -> Option<Duration> {
    let refresh_after = engine.options.refresh_after?;
    // A store that does not tell the age may delete the object in the next minute.
    Some(seen.age.map_or(Duration::ZERO, |age| refresh_after.saturating_sub(age)))
}

/// Returns the time until an object that its store will delete must be renewed; `None` where the store names no end.
///
/// The options say how much of its life must be left; otherwise half of it, and the least in any case.
fn until_expiry(engine: &Engine, attempts: &Attempts<'_>, seen: &ObjectStat) -> Option<Duration> {
    let left = seen.expires_in?;
    let least = least_lifetime(engine);
    let is_fixed = || engine.fixed_ends.left(attempts.location).is_some();
    if engine.options.min_lifetime.is_some() || is_fixed() {
        return Some(left.saturating_sub(least));
    }
    let life = match seen.age {
        Some(age) => Some(left.saturating_add(age)),
        None => engine.longest_life.get(),
    };
    // Nobody knows yet how much of its life is left.
    let Some(life) = life else { return Some(Duration::ZERO) };
    Some(left.saturating_sub(least.max(life / 2)))
}

/// Returns the shorter of two times, of which either may be unlimited.
pub(super) fn shorter(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn warn_of_age(engine: &Engine, attempts: &Attempts<'_>, age: Duration) {
    if age > WARN_UNRENEWED_AFTER && !engine.warned_of_age.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            driver = engine.name,
            location = engine.layout.describe(attempts.location),
            days = age.as_secs() / 86_400,
            "a payload was stored again and its object is old; if an expiry rule is in force, set `with_refresh_after`"
        );
    }
}

fn warn_of_fixed_end(engine: &Engine, attempts: &Attempts<'_>) {
    if !engine.warned_of_end.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            driver = engine.name,
            location = engine.layout.describe(attempts.location),
            "the store will delete an object at a time that writing it again did not move; if payloads must stay readable \
             longer, change the expiry rule, and set `with_min_lifetime`"
        );
    }
}
