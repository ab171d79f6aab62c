//! Mounts External Storage in workers and clients of the Temporal Rust SDK.
#![doc = include_str!("docs.md")]

mod balance;
mod builder;
mod codec;
mod converter;
mod dial;
mod endpoint;
mod headers;
mod message;
mod metrics;
mod mount;
mod payload;
mod reference_codec;
mod service;
mod state;
mod status;
mod storage_error;
mod transport;

pub use builder::MountBuilder;
pub use codec::StorageCodec;
pub use extstore_gateway::Policy;
pub use mount::Mount;
pub use payload::{from_sdk, to_sdk};
pub use reference_codec::reference_codec;
pub use storage_error::StorageError;
