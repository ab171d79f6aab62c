//! Tests what the disk driver promises, from outside and by looking at the files.
#![allow(clippy::unwrap_used)]

mod cache;
mod hostile;
mod root;
mod store;
mod sweep;
