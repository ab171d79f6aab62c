//! Implements the Redis and Valkey driver of External Storage for Temporal over a backend of yours; a client of its
//! own follows in a later version.
#![doc = include_str!("docs.md")]

mod driver;
mod layout;
mod options;

pub use driver::{REDIS_DRIVER_TYPE, RedisDriver};
pub use options::{DEFAULT_KEY_PREFIX, RedisOptions};
