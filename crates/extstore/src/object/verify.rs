//! Makes sure that the right object is there and stays there: creates it, or proves, renews or repairs the
//! one that is there already.

use std::time::Duration;

use super::engine::Engine;
use super::fetch;
use super::judge::{Finding, Rewrite, judge, judge_written};
use super::retry::Attempts;
use super::{Content, Create, Created, KNOWN_KEYS_LIFETIME, ObjectStat, Renew, Renewed, Request, Stat};
use crate::{ErrorKind, Event, Result, StoreContext};

/// The object may change or vanish under our hands this often; then it is written unconditionally.
const MAX_ROUNDS: u32 = 3;

/// Holds the content of one object, and for whom it is stored.
#[derive(Clone, Copy)]
pub(super) struct Upload<'a> {
    pub(super) content: &'a Content,
    pub(super) context: &'a StoreContext,
}

/// Creates the object; where one is there already, proves it, renews it or repairs it.
///
/// It returns how long the object needs no further look; `None` where nothing limits it.
pub(super) async fn ensure(
    engine: &Engine,
    attempts: &Attempts<'_>,
    upload: Upload<'_>,
) -> Result<Option<Duration>> {
    for round in 1..=MAX_ROUNDS {
        let finding = match create(engine, attempts, upload).await? {
            Created::Created(said) => judge_written(engine, attempts, None, said)?,
            Created::Exists(seen) => inspect(engine, attempts, upload.content, seen).await?,
        };
        let finding = match finding {
            Finding::Rewrite(cause) => rewrite(engine, attempts, upload, cause).await?,
            finding => finding,
        };
        if let Finding::Sound { lasts } = finding {
            return Ok(remember(engine, attempts, lasts));
        }
        attempts.pause(round).await?;
    }
    overwrite(engine, attempts, upload).await
}

/// Writes without any condition. It is right whatever happened before, because a key names its content.
async fn overwrite(engine: &Engine, attempts: &Attempts<'_>, upload: Upload<'_>) -> Result<Option<Duration>> {
    match rewrite(engine, attempts, upload, Rewrite::blind()).await? {
        Finding::Sound { lasts } => Ok(remember(engine, attempts, lasts)),
        Finding::Gone | Finding::Rewrite(_) => {
            let text = "the backend answered an unconditional write as if it had a condition";
            Err(engine.describe(ErrorKind::Internal.error(text), attempts.name, attempts.location))
        }
    }
}

/// Writes an object again: all of it, where a renewal of its lifetime did not help.
async fn rewrite(
    engine: &Engine,
    attempts: &Attempts<'_>,
    upload: Upload<'_>,
    mut cause: Rewrite,
) -> Result<Finding> {
    loop {
        let Renewed::Renewed(said) = renew(engine, attempts, upload, &cause).await? else {
            return Ok(Finding::Gone);
        };
        attempts.operation.observe(&Event::renewed(engine.source(), cause.repairs));
        let said = with_end(engine, attempts, &cause, said).await?;
        match judge_written(engine, attempts, Some(&cause), said)? {
            Finding::Rewrite(next) => cause = next,
            finding => return Ok(finding),
        }
    }
}

/// Asks for the end of an object that was just written again, where the store named one before and is silent now: it may
/// have stayed.
async fn with_end(
    engine: &Engine,
    attempts: &Attempts<'_>,
    cause: &Rewrite,
    said: ObjectStat,
) -> Result<ObjectStat> {
    if said.expires_in.is_some() || !cause.knows_end() {
        return Ok(said);
    }
    match stat(engine, attempts).await {
        // A replica that lags tells of the object before.
        Ok(seen) if said.version.is_some() && said.version != seen.version => Ok(said),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(said),
        seen => seen,
    }
}

/// Looks at an object that was there before the upload; `seen` is what the store said of it with its answer.
async fn inspect(
    engine: &Engine,
    attempts: &Attempts<'_>,
    content: &Content,
    seen: Option<ObjectStat>,
) -> Result<Finding> {
    let seen = match seen {
        Some(seen) => Ok(seen),
        None => stat(engine, attempts).await,
    };
    let seen = match seen {
        Ok(seen) => seen,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Finding::Gone),
        // Without the permission to look, only writing makes sure; the content is the same.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return Ok(Finding::Rewrite(Rewrite::blind()));
        }
        Err(error) => return Err(error),
    };
    let rewrite = |seen, repairs| Finding::Rewrite(Rewrite::content(seen, repairs));
    if !seen.readable {
        return Ok(rewrite(seen, true));
    }
    match is_right(attempts, content, &seen).await {
        Ok(true) => Ok(judge(engine, attempts, seen)),
        Ok(false) => Ok(rewrite(seen, true)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Finding::Gone),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(rewrite(seen, false)),
        Err(error) => Err(error),
    }
}

/// Compares the length first, then the digest that the store vouches for, else the content itself.
async fn is_right(attempts: &Attempts<'_>, content: &Content, seen: &ObjectStat) -> Result<bool> {
    let len = content.len() as u64;
    if seen.len.is_some_and(|seen| seen != len) {
        return Ok(false);
    }
    match seen.digest {
        Some(digest) => Ok(digest == content.digest()),
        None => Ok(fetch::digest(attempts, len).await? == Some(content.digest())),
    }
}

/// Remembers the key for ten minutes, and never past the moment at which the object must be looked at again.
fn remember(engine: &Engine, attempts: &Attempts<'_>, lasts: Option<Duration>) -> Option<Duration> {
    let lifetime = lasts.map_or(KNOWN_KEYS_LIFETIME, |lasts| lasts.min(KNOWN_KEYS_LIFETIME));
    engine.known.insert(attempts.location, lifetime);
    lasts
}

pub(super) async fn create(engine: &Engine, attempts: &Attempts<'_>, upload: Upload<'_>) -> Result<Created> {
    let bytes = upload.content.len() as u64;
    let limit = attempts.limit(Request::Create, bytes);
    let call = |attempt| async move {
        let create = Create::new(&attempt, attempts.location, upload.content).with_context(upload.context);
        attempts.idle(limit, engine.backend.create(create)).await
    };
    attempts.run(Request::Create, bytes, call).await
}

async fn renew(
    engine: &Engine,
    attempts: &Attempts<'_>,
    upload: Upload<'_>,
    rewrite: &Rewrite,
) -> Result<Renewed> {
    let bytes = upload.content.len() as u64;
    let limit = attempts.limit(Request::Renew, bytes);
    let call = |attempt| async move {
        let renew = Renew::new(&attempt, attempts.location, upload.content, rewrite.reason)
            .with_seen(rewrite.seen.as_ref())
            .with_version(rewrite.seen.as_ref().and_then(|seen| seen.version.as_ref()))
            .with_context(upload.context);
        attempts.idle(limit, engine.backend.renew(renew)).await
    };
    attempts.run(Request::Renew, bytes, call).await
}

/// Renews an object whose content is right, to see whether the store lets us and keeps it long enough.
pub(super) async fn renew_for_lifetime(
    engine: &Engine,
    attempts: &Attempts<'_>,
    upload: Upload<'_>,
    seen: ObjectStat,
) -> Result<()> {
    // Where it changed or vanished, another process checks the same store at this moment.
    rewrite(engine, attempts, upload, Rewrite::lifetime(seen)).await.map(drop)
}

/// Asks the store about the object.
pub(super) async fn stat(engine: &Engine, attempts: &Attempts<'_>) -> Result<ObjectStat> {
    let limit = attempts.limit(Request::Stat, 0);
    let call = |attempt| async move {
        let stat = engine.backend.stat(Stat::new(&attempt, attempts.location));
        attempts.idle(limit, stat).await
    };
    attempts.run(Request::Stat, 0, call).await
}
