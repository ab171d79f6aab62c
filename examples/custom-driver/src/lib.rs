//! Stores payloads in one SQLite file: a complete External Storage driver.
//!
//! `docs/writing-a-driver.md` walks through this crate.

mod backend;
mod driver;
mod error;
mod layout;

pub use driver::{DRIVER_TYPE, SqliteDriver, SqliteOptions};
