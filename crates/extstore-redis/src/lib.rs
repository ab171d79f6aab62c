//! Redis and Valkey as an External Storage driver for Temporal.
#![doc = include_str!("docs.md")]

mod driver;
mod layout;
mod options;

pub use driver::{REDIS_DRIVER_TYPE, RedisDriver};
pub use options::{DEFAULT_KEY_PREFIX, RedisOptions};
