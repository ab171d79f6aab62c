//! Reads recorded histories and resolves their payloads.
#![allow(dead_code)] // No test uses all of it.

pub(crate) mod payloads;
pub(crate) mod recorded;
pub(crate) mod resolved;
