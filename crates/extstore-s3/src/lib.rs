//! Amazon S3 and compatible stores as an External Storage driver for Temporal.
#![doc = include_str!("docs.md")]

mod driver;
mod layout;
mod location;
mod options;

pub use driver::{S3_DRIVER_TYPE, S3Driver};
pub use location::Bucket;
pub use options::S3Options;
