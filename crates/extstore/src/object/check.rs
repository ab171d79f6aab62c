//! Checks a driver at start-up with one small object: writes it, asks for it, renews it and reads it.

use std::time::Duration;

use super::engine::Engine;
use super::retry::Attempts;
use super::verify::{self, Upload};
use super::{Content, Location, fetch};
use crate::driver::canary;
use crate::{Error, ErrorKind, Result, StoreContext};

pub(super) async fn run(engine: &Engine, context: &StoreContext) -> Result<()> {
    let canary = canary();
    let container = engine.choose_container(context, &canary)?;
    let digest = engine.hashing.digest(canary.body()).await;
    let prefix = &engine.policy.key_prefix;
    let key = engine.layout.keys().key(prefix, context.namespace(), context.target(), &digest);
    let location = Location::new(container, key);
    engine.backend.check().await.map_err(|error| engine.describe(error, "check", &location))?;
    let content = Content::new(canary.body().clone(), digest);
    let attempts = Attempts::new(engine, context.operation(), "check", &location);
    let upload = Upload { content: &content, context };
    verify::ensure(engine, &attempts, upload).await?;
    // Where the canary was new, only a second create shows how the store answers where an object exists.
    verify::create(engine, &attempts, upload).await?;
    let seen = verify::stat(engine, &attempts).await?;
    if engine.options.renews() {
        verify::renew_for_lifetime(engine, &attempts, upload, seen).await?;
    } else if let Some(left) = seen.expires_in {
        return Err(engine.describe(
            unstated_expiry(seen.age.unwrap_or_default() + left),
            "check",
            &location,
        ));
    }
    fetch::fetch(&attempts, digest, content.len() as u64).await.map(drop)
}

/// Without an option nobody has said how long payloads must stay readable, and the store deletes them.
fn unstated_expiry(life: Duration) -> Error {
    ErrorKind::Config.error(format!(
        "the store deletes objects {} hours after they were written, and nothing says how long payloads must stay \
         readable; say it with `with_min_lifetime`, or `with_refresh_after`, or remove the expiry rule",
        life.as_secs() / 3600
    ))
}
