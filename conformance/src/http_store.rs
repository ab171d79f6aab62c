//! A small object store over HTTP/1.1, and a driver for it: the reference of the wire port.
//!
//! The suite carries it so that faults on the wire and deliberately wrong drivers need no server.
//! `HttpStore` serves `Objects` on 127.0.0.1; `HttpBackend` is its client under the object engine;
//! [`HttpHarness`] runs the whole suite on the two and has every port.
//!
//! | request | answer |
//! |---|---|
//! | `PUT /{bucket}` | 201 |
//! | `PUT /{bucket}/{key}` with `If-None-Match: *` or `If-Match: {version}` and `x-content-sha256` | 201; 412 where the condition fails; 404; 400 where the digest differs |
//! | `GET`, `HEAD /{bucket}/{key}` | 200 with `ETag`, `x-age-millis`; 404 |
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
