//! Serves a small object store over HTTP/1.1, and has a driver for it: the reference of the ports.
//!
//! The suite carries it so that faults on the wire and deliberately wrong drivers need no server.
//! `HttpStore` serves `Objects` on 127.0.0.1; `HttpBackend` is its client under the object engine;
//! [`HttpHarness`] runs the whole suite on the two and has every port.
//!
//! | request | answer |
//! |---|---|
//! | `PUT /{bucket}` | 201 |
//! | `PUT /{bucket}/{key}` with `If-None-Match: *` or `If-Match: {version}` and `x-content-sha256` | 201; 412 where the condition fails; 404; 400 where the digest differs; 403 where the bucket's objects may not be written over |
//! | `GET`, `HEAD /{bucket}/{key}` | 200 with `ETag`, `x-age-millis`, and where it applies `x-expires-in-millis`, `x-state: Archived`, `x-without-length`; 404; 403 for a `GET` of an archived object |
//! | `DELETE /{bucket}/{key}` | 204 |
//!
//! A key is percent-encoded as one path; a 404 says in `x-error-code` whether bucket or key is missing.

mod backend;
mod direct;
mod driver;
mod harness;
mod objects;
mod ports;
mod recipe;
mod server;
mod status;

use std::process::ExitCode;

pub(crate) use driver::HttpLayout;
pub(crate) use harness::HttpHarness;
#[cfg(test)]
pub(crate) use objects::Objects;
pub(crate) use recipe::{Recipe, Site};
#[cfg(test)]
pub(crate) use server::HttpStore;

/// Runs the suite on the HTTP store as the whole of a test binary.
pub fn main() -> ExitCode {
    crate::main(HttpHarness::over_http(Recipe::sound(true)))
}
