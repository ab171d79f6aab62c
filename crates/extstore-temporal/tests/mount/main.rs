//! Tests the mount against servers in the same process: connections, calls over them, codecs.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod calls;
mod certificates;
mod codecs;
mod compression;
#[path = "../support/flip.rs"]
mod flip;
mod lifetimes;
mod metrics;
mod payloads;
mod proxy;
mod refusals;
mod rows;
mod stub;
mod tls;
