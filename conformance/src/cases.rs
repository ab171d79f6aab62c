//! The cases, one file per group.

use crate::Case;

mod cancel;
mod durability;
mod errors;
mod fault;
mod round_trip;

/// Every case, in the order in which they run.
#[must_use]
pub fn all() -> Vec<Case> {
    GROUPS.iter().flat_map(|group| group.iter().copied()).collect()
}

static GROUPS: &[&[Case]] =
    &[round_trip::CASES, errors::CASES, cancel::CASES, fault::CASES, durability::CASES];
