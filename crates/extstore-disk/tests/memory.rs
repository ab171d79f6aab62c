//! Measures the memory that storing and retrieving 100 payloads of 8 MiB adds to a process, and the time of a store.
#![allow(dead_code, reason = "the kill loop uses the rest")]

mod subject;

use std::process::ExitCode;

use subject::DiskSubject;

fn main() -> ExitCode {
    extstore_testkit::peak::main(async { DiskSubject::new(subject::disk) })
}
