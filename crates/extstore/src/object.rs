//! One engine for every store that is bytes under a key.
//!
//! S3, GCS, Azure, Redis, Bigtable and disk differ in how a request is made, how a key is spelt and
//! what a claim's fields are called. That is an [`ObjectBackend`] and a [`Layout`]. Everything that
//! must be right once is here: retries, time-outs, limits, hashing, verification, deduplication that
//! outlives expiry rules, and the checks of claims that come from outside.
//!
//! A driver crate is a newtype over [`ObjectDriver`] with its options, its backend, its layout and
//! its error mapping.

mod backend;
mod cache;
mod check;
mod claims;
mod container;
mod driver;
mod flight;
mod hash;
mod keys;
mod known;
mod layout;
mod lifetime;
mod options;
mod policy;
mod retrieve;
mod retry;
mod store;
mod verify;

pub use backend::{
    Attempt, Chunks, Content, Created, Location, ObjectBackend, ObjectStat, ObjectVersion, OpenObject,
    Renewed, Request,
};
pub use cache::Cache;
pub use claims::ClaimFields;
pub use container::Container;
pub use driver::ObjectDriver;
pub use keys::{KeyFormat, escape_percent};
pub use layout::Layout;
pub use options::{
    DEFAULT_MAX_PAYLOAD_SIZE, DEFAULT_READ_CAP, KNOWN_KEYS_LIFETIME, ObjectOptions, RetryPolicy, Timeouts,
    WARN_UNRENEWED_AFTER,
};
pub use policy::Readable;

#[cfg(test)]
mod tests;
