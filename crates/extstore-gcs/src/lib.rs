//! Google Cloud Storage as an External Storage driver for Temporal.
#![doc = include_str!("docs.md")]

mod driver;
mod layout;
mod options;

pub use driver::{GCS_DRIVER_TYPE, GcsDriver};
pub use options::GcsOptions;
