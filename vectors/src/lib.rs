//! Runs golden vectors: compares what official drivers wrote and refused with what ours do.
//!
//! Any directory of the schema in `conformance/vectors/README.md` runs through the real layouts, claims,
//! references and engine over a store in memory. Each driver's crate has a test binary that runs the vectors
//! of its type, one binary more runs those that name no driver, and `cargo xtask vectors` merges their
//! reports. The rules of comparison and the four deviations are in `docs/wire-format.md`.
//!
//! | variable | meaning |
//! |---|---|
//! | `EXTSTORE_VECTORS` | the directory; the committed one otherwise |
//! | `EXTSTORE_REPORT` | where the report goes: `{"vectors":[{"file","name","outcome","reason"}]}` |
//! | `EXTSTORE_FALSIFY` | `1`: falsify every expectation instead, one at a time, and demand that each vector fails |
//!
//! Without any of them, as in a plain `cargo test`, the vectors run and are falsified as well.

mod backend;
mod batch;
mod codec;
mod compare;
mod config;
mod deviations;
mod directory;
mod execute;
mod facts;
mod falsify;
mod history;
mod official;
mod place;
mod proto_json;
mod read;
mod reader;
mod report;
mod rig;
mod runner;
mod schema;
mod scripted;
mod store;
mod subject;
mod verdict;

pub use report::{Entry, Outcome, Report};
pub use runner::main;
pub use subject::{DriverOptions, Make, Subject};
