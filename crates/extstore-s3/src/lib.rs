//! Stores payloads of Temporal in Amazon S3 and compatible stores, as a driver of External Storage.
#![doc = include_str!("docs.md")]

mod backend;
mod client;
mod credentials;
mod driver;
#[cfg(feature = "from-env")]
mod env;
mod error;
mod headers;
mod http;
mod http_date;
mod layout;
mod lifetime;
mod location;
mod options;
mod put_hook;
mod requests;
mod segments;
mod server_clock;
mod signing;
mod stat;
mod store;

pub use aws_sdk_s3;
#[cfg(any(feature = "tls-ring", feature = "tls-aws-lc"))]
pub use aws_smithy_http_client;

pub use driver::{S3_DRIVER_TYPE, S3Driver};
pub use location::Bucket;
pub use options::S3Options;
pub use put_hook::Upload;
