//! Holds what the live tests of this crate share: fixtures, workers, histories.
#![allow(dead_code)] // No test binary uses all of it.

pub(crate) mod eventually;
pub(crate) mod fixture;
pub(crate) mod flip;
pub(crate) mod history;
pub(crate) mod worker;
