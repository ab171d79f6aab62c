//! Stores and retrieves payloads as objects: one engine serves every store that keeps bytes under a key.
//!
//! S3, GCS, Azure, Redis, Bigtable and disk differ in how a request is made, how a key is spelt and
//! what a claim's fields are called. That is an [`ObjectBackend`] and a [`Layout`]. Everything that
//! must be right once is here: retries, time-outs, limits, hashing, verification, deduplication that
//! outlives expiry rules, and the checks of claims that come from outside.
//!
//! A driver crate is a newtype over [`ObjectDriver`] with its options, its backend, its layout and
//! its error mapping.

mod answers;
mod attempt;
mod backed;
mod backend;
mod cache;
mod calls;
mod check;
mod claims;
mod clock;
mod container;
mod content;
mod driver;
mod engine;
mod fallback;
mod fetch;
mod fetched;
mod find;
mod flight;
mod hash;
mod identity;
mod judge;
mod keys;
mod known;
mod layout;
mod lifetime;
mod location;
mod options;
mod policy;
mod refresh;
mod response;
mod retrieve;
mod retry;
mod setters;
mod store;
mod verify;

pub use answers::{Chunks, Created, ObjectStat, ObjectVersion, OpenObject, Renewed};
pub use attempt::Attempt;
pub use backed::ObjectBacked;
pub use backend::{ObjectBackend, Request};
pub use cache::Cache;
pub use calls::{Create, Open, Renew, RenewReason, Stat};
pub use claims::ClaimFields;
pub use container::Container;
pub use content::Content;
pub use driver::ObjectDriver;
pub use fallback::ReadFallback;
pub use identity::StoreIdentity;
pub use keys::{KeyFormat, escape_percent};
pub use layout::Layout;
pub use location::Location;
pub use options::{
    DEFAULT_MAX_PAYLOAD_SIZE, DEFAULT_MIN_LIFETIME, DEFAULT_READ_CAP, KNOWN_KEYS_LIFETIME, ObjectOptions,
    RetryPolicy, Timeouts, WARN_UNRENEWED_AFTER,
};
pub use policy::Readable;
pub use refresh::CredentialRefresh;

#[cfg(test)]
mod tests;
