//! Amazon S3 and compatible stores as an External Storage driver for Temporal.
#![doc = include_str!("docs.md")]

mod backend;
mod client;
mod conditions;
mod driver;
#[cfg(feature = "from-env")]
mod env;
mod error;
mod layout;
mod location;
mod options;
mod request;

pub use aws_sdk_s3;
#[cfg(any(feature = "tls-ring", feature = "tls-aws-lc"))]
pub use aws_smithy_http_client;

pub use driver::{S3_DRIVER_TYPE, S3Driver};
pub use location::Bucket;
pub use options::S3Options;
