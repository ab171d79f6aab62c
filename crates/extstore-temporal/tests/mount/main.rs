//! The mount beside servers of the tests' own: connections, what passes over them, codecs.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod calls;
mod certificates;
mod codecs;
mod compression;
mod flip;
mod lifetimes;
mod payloads;
mod proxy;
mod refusals;
mod stub;
mod tls;
