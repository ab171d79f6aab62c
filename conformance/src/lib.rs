//! Runs one suite against every External Storage driver: ours and yours run the same cases.
//!
//! A driver author implements [`Harness`] and calls [`main`] from a test binary with `harness = false`;
//! `docs/writing-a-driver.md` goes from an empty crate to a passing suite. [`fault`] is for tests of your own.

mod case;
mod cases;
mod child;
pub mod fault;
mod fixture;
mod harness;
mod http_store;
mod mutants;
mod ports;
mod profile;
mod report;
#[cfg(test)]
mod rules;
mod runner;
mod scope;
mod secrets;

pub use child::{is_child, run_child};
pub use extstore::async_trait;
pub use harness::{Harness, TwoDrivers};
pub use ports::{Clock, Foreign, RawStore, Status, Wire};
pub use profile::{ClaimField, Durability, KeyLayout, Profile, Role};
pub use report::{CaseReport, MutantResult, Outcome, Report, Run, Summary};
pub use runner::{Options, main, run};
pub use scope::Scope;
pub use secrets::Secrets;

/// Holds the `main` functions of this crate's own test binaries. They are no part of its API.
#[doc(hidden)]
pub mod own {
    pub use crate::http_store::main as http_store;
    pub use crate::mutants::main as mutants;
}
