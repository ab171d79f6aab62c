//! Implements the Google Cloud Storage driver of External Storage for Temporal over a backend of yours; a client of
//! its own follows in a later version.
#![doc = include_str!("docs.md")]

mod driver;
mod layout;
mod options;

pub use driver::{GCS_DRIVER_TYPE, GcsDriver};
pub use options::GcsOptions;
