//! Implements External Storage for Temporal: large payloads go to a store that you own, and a small reference travels
//! through the Event History in their place.
#![doc = include_str!("docs.md")]

// The documentation that `object_setters!` writes into other crates names items by this crate's name.
#[cfg(doc)]
extern crate self as extstore;

mod allowance;
mod body;
mod claim;
mod codec;
mod context;
mod digest;
mod driver;
mod error;
mod limiter;
mod memory;
pub mod object;
mod observer;
mod payload;
mod reference;
mod selector;
mod storage;
mod target;

pub use async_trait::async_trait;

pub use allowance::Admission;
pub use body::Body;
pub use claim::Claim;
pub use codec::{ReferenceCodec, ReferenceContext};
pub use context::{Operation, RetrieveContext, SelectContext, StoreContext};
pub use digest::{Digest, HASH_ALGORITHM, Hasher};
pub use driver::StorageDriver;
pub use error::{Error, ErrorKind, Result, Retry, Vendor};
pub use limiter::{Budgets, Limiter, Permit};
pub use memory::{MEMORY_DRIVER_TYPE, MemoryBackend, MemoryDriver};
pub use observer::{Event, EventSource, Observer};
pub use payload::{ENCODING, Payload};
pub use reference::{
    Detected, LEGACY_ENCODING, REFERENCE_ENCODING, REFERENCE_MARKER, REFERENCE_MESSAGE_TYPE, Reference,
    ReferenceForm, refuse_references,
};
pub use selector::{Selector, by_namespace, by_size};
pub use storage::{
    DEFAULT_PAYLOAD_SIZE_THRESHOLD, DEFAULT_RESTORE_CAP, ExternalStorage, ExternalStorageBuilder, Message,
};
pub use target::{ExecutionTarget, NexusTarget, Target};
