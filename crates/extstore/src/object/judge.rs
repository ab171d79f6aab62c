//! Judges how long an object stays, from what the store says of it and what the options demand.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::engine::Engine;
use super::retry::Attempts;
use super::{ObjectStat, RenewReason, WARN_UNRENEWED_AFTER};
use crate::{ErrorKind, Result};

/// The result of looking at an object that was there before the upload.
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
}

impl Rewrite {
    /// For an object that nobody looked at, or nobody may look at: only writing makes sure.
    pub(super) fn blind() -> Self {
        Self { seen: None, reason: RenewReason::Content, repairs: false }
    }

    pub(super) fn content(seen: ObjectStat, repairs: bool) -> Self {
        Self { seen: Some(seen), reason: RenewReason::Content, repairs }
    }

    pub(super) fn lifetime(seen: ObjectStat) -> Self {
        Self { seen: Some(seen), reason: RenewReason::Lifetime, repairs: false }
    }
}

/// Judges an object whose content is right: it is sound only if it stays long enough.
pub(super) fn judge(engine: &Engine, attempts: &Attempts<'_>, seen: ObjectStat) -> Finding {
    let by_age = until_refresh(engine, &seen);
    let by_expiry = until_expiry(engine, &seen);
    if by_age.is_none() && by_expiry.is_none() {
        warn_of_age(engine, attempts, seen.age.unwrap_or_default());
    }
    match shorter(by_age, by_expiry) {
        Some(Duration::ZERO) => Finding::Rewrite(Rewrite::lifetime(seen)),
        lasts => Finding::Sound { lasts },
    }
}

/// Returns how long an object that this process has just written needs no further look.
///
/// # Errors
///
/// `Config` where the store deletes objects sooner after they were written than the options demand.
pub(super) fn lasts_after_write(engine: &Engine, said: &ObjectStat) -> Result<Option<Duration>> {
    let fresh = said.clone().with_age(Some(Duration::ZERO));
    let by_expiry = until_expiry(engine, &fresh);
    if let (Some(Duration::ZERO), Some(left)) = (by_expiry, fresh.expires_in) {
        return Err(ErrorKind::Config.error(format!(
            "the store deletes an object {left:?} after it was written, which is sooner than `with_min_lifetime` \
             demands; change the container's expiry rule or the option"
        )));
    }
    Ok(shorter(until_refresh(engine, &fresh), by_expiry))
}

/// The time until the age at which the options want a renewal; zero where it has passed or the age is not known.
fn until_refresh(engine: &Engine, seen: &ObjectStat) -> Option<Duration> {
    let refresh_after = engine.options.refresh_after?;
    // A store that does not tell the age may delete the object in the next minute.
    Some(seen.age.map_or(Duration::ZERO, |age| refresh_after.saturating_sub(age)))
}

/// The time until an object that its store will delete must be renewed; `None` where the store names no end.
///
/// The options say how much of its life must be left; otherwise half of it, as far as it is known.
fn until_expiry(engine: &Engine, seen: &ObjectStat) -> Option<Duration> {
    let left = seen.expires_in?;
    let half = || seen.age.map_or(left, |age| left.saturating_add(age) / 2);
    Some(left.saturating_sub(engine.options.min_lifetime.unwrap_or_else(half)))
}

/// The shorter of two times, of which either may be unlimited.
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
