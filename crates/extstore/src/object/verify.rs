//! Makes sure that the right object is there and will stay there: what `Exists` is worth.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::driver::Engine;
use super::retrieve;
use super::retry::{Attempts, upload_limit};
use super::{
    Content, Created, KNOWN_KEYS_LIFETIME, ObjectStat, ObjectVersion, Renewed, Request, WARN_UNRENEWED_AFTER,
};
use crate::{ErrorKind, Event, Result};

/// How often an object may change or vanish under our hands before we give up.
const MAX_ROUNDS: usize = 4;

/// Creates the object; where one is there already, proves it, renews it or repairs it.
pub(super) async fn ensure(engine: &Engine, attempts: &Attempts<'_>, content: &Content) -> Result<()> {
    for _ in 0..MAX_ROUNDS {
        if create(engine, attempts, content).await? == Created::Created {
            remember(engine, attempts, Duration::ZERO);
            return Ok(());
        }
        match inspect(engine, attempts, content).await? {
            Finding::Sound { age } => {
                remember(engine, attempts, age);
                return Ok(());
            }
            Finding::Gone => {}
            Finding::Rewrite { version, repaired } => {
                let renewed = renew(engine, attempts, content, version.as_ref()).await?;
                if renewed == Renewed::Renewed {
                    let driver_type = engine.driver_type;
                    attempts.operation.observers().observe(&Event::Renewed { driver_type, repaired });
                    remember(engine, attempts, Duration::ZERO);
                    return Ok(());
                }
            }
        }
    }
    let error =
        ErrorKind::Conflict.error("the object was changed or deleted again and again while it was stored");
    Err(engine.describe(error, attempts.name, attempts.location))
}

/// What is to be thought of an object that was there before us.
enum Finding {
    Sound { age: Duration },
    Rewrite { version: Option<ObjectVersion>, repaired: bool },
    Gone,
}

async fn inspect(engine: &Engine, attempts: &Attempts<'_>, content: &Content) -> Result<Finding> {
    let stat = match stat(engine, attempts).await {
        Ok(stat) => stat,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Finding::Gone),
        // Without the permission to look, only writing makes sure; the content is the same.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return Ok(Finding::Rewrite { version: None, repaired: false });
        }
        Err(error) => return Err(error),
    };
    match is_right(engine, attempts, content, &stat).await {
        Ok(true) => Ok(judge_age(engine, attempts, stat)),
        Ok(false) => Ok(Finding::Rewrite { version: stat.version, repaired: true }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Finding::Gone),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            Ok(Finding::Rewrite { version: stat.version, repaired: false })
        }
        Err(error) => Err(error),
    }
}

/// Length first, then the digest that the store vouches for, else the content itself.
async fn is_right(
    engine: &Engine,
    attempts: &Attempts<'_>,
    content: &Content,
    stat: &ObjectStat,
) -> Result<bool> {
    if stat.len != content.body.len() as u64 {
        return Ok(false);
    }
    match stat.digest {
        Some(digest) => Ok(digest == content.digest),
        None => Ok(retrieve::digest(engine, attempts, stat.len).await? == Some(content.digest)),
    }
}

/// Good news only if the object is young: what is past `refresh_after` is renewed.
fn judge_age(engine: &Engine, attempts: &Attempts<'_>, stat: ObjectStat) -> Finding {
    let Some(refresh_after) = engine.options.refresh_after else {
        let age = stat.age.unwrap_or_default();
        warn_of_age(engine, attempts, age);
        return Finding::Sound { age };
    };
    match stat.age {
        Some(age) if age < refresh_after => Finding::Sound { age },
        // A store that does not tell the age may delete the object in the next minute.
        Some(_) | None => Finding::Rewrite { version: stat.version, repaired: false },
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

/// Remembers the key for ten minutes, and never past the moment at which it must be renewed.
fn remember(engine: &Engine, attempts: &Attempts<'_>, age: Duration) {
    let renewal = engine.options.refresh_after.map(|after| after.saturating_sub(age));
    let lifetime = renewal.map_or(KNOWN_KEYS_LIFETIME, |renewal| renewal.min(KNOWN_KEYS_LIFETIME));
    engine.known.insert(attempts.location, lifetime);
}

async fn create(engine: &Engine, attempts: &Attempts<'_>, content: &Content) -> Result<Created> {
    let bytes = content.body.len() as u64;
    let limit = upload_limit(engine.options.timeouts.idle, bytes);
    let call = |attempt| async move {
        let create = engine.backend.create(&attempt, attempts.location, content);
        attempts.idle(limit, create).await
    };
    attempts.run(Request::Create, bytes, call).await
}

async fn renew(
    engine: &Engine,
    attempts: &Attempts<'_>,
    content: &Content,
    version: Option<&ObjectVersion>,
) -> Result<Renewed> {
    let bytes = content.body.len() as u64;
    let limit = upload_limit(engine.options.timeouts.idle, bytes);
    let call = |attempt| async move {
        let renew = engine.backend.renew(&attempt, attempts.location, content, version);
        attempts.idle(limit, renew).await
    };
    attempts.run(Request::Renew, bytes, call).await
}

pub(super) async fn stat(engine: &Engine, attempts: &Attempts<'_>) -> Result<ObjectStat> {
    let call = |attempt| async move {
        let stat = engine.backend.stat(&attempt, attempts.location);
        attempts.idle(engine.options.timeouts.idle, stat).await
    };
    attempts.run(Request::Stat, 0, call).await
}
