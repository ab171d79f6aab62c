//! One conformance suite for External Storage drivers: ours and yours run the same cases.
//!
//! A driver author implements [`Harness`] and calls [`main`] from a test binary with `harness = false`;
//! `docs/writing-a-driver.md` goes from an empty crate to a passing suite.

pub mod case;
pub mod cases;
pub mod child;
pub mod fault;
pub mod fixture;
mod harness;
pub mod http_store;
pub mod mutants;
mod profile;
mod report;
pub mod rules;
mod runner;
mod secrets;

pub use case::{Case, CaseResult, Cx, Level, Probe, Stop};
pub use extstore::async_trait;
pub use harness::{Clock, Foreign, Harness, RawStore, Scope, Wire};
pub use profile::{ClaimField, Durability, KeyLayout, Profile, Role};
pub use report::{CaseReport, MutantResult, Outcome, Report, Run, Summary};
pub use runner::{Options, main, run};
pub use secrets::Secrets;
