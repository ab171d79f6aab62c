//! The start-up check: one small object, written, looked at and read.

use std::sync::atomic::AtomicBool;

use super::engine::Engine;
use super::retry::Attempts;
use super::verify::{self, Upload};
use super::{Content, Location, retrieve};
use crate::{Operation, Payload, Result, SelectContext, StoreContext};

pub(super) async fn run(engine: &Engine, operation: &Operation) -> Result<()> {
    let canary = Payload::new([(crate::ENCODING, "binary/plain")], "extstore check");
    let context = StoreContext::new(SelectContext::new(), operation.clone());
    let container = engine.choose_container(&context, &canary)?;
    let digest = engine.hashing.digest(canary.body()).await;
    let key = engine.layout.keys().key(&engine.policy.key_prefix, None, None, &digest);
    let location = Location::new(container, key);
    let content = Content::new(canary.body().clone(), digest);
    let attempts = Attempts::new(engine, operation, "check", &location);
    verify::ensure(engine, &attempts, Upload { content: &content, context: &context }).await?;
    verify::stat(engine, &attempts).await?;
    retrieve::fetch(engine, &attempts, digest, 0, &AtomicBool::new(false)).await.map(drop)
}
