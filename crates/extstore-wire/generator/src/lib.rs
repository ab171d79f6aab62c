//! Writes `extstore-wire`'s plan: which fields of Temporal's messages lead to payloads.
//!
//! `cargo run -p extstore-wire-plan` writes `crates/extstore-wire/src/plan/generated/`, and `--check` compares it
//! with what would be written. The `.proto` files come with the published package `temporalio-protos`, whose
//! version `Cargo.toml` pins; a pure-Rust compiler reads them, so no `protoc` is needed.
//!
//! Two things must be decided by a person before a newer API can be generated, and `rules` is where:
//! the policy of every field that is a single payload, and which fields are not user data at all.

mod model;
mod name;
mod protos;
mod render;
mod rules;
pub mod visitor;

pub use prost_reflect;
pub use protos::{Source, compile};

/// Makes the plan's files: path under the output directory, and content.
///
/// # Errors
///
/// A sentence that names the field nobody has decided.
pub fn generate(source: &Source) -> Result<Vec<(String, String)>, String> {
    model::Plan::new(source).map(|plan| render::files(&plan))
}
