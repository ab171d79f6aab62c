//! Holds the parts of the Rust peer of the interop run that a replay needs too: workflows, activities, content and
//! codec.
//!
//! `main.rs` is the peer, `tests/replay` replays what the peers of all languages wrote. See `README.md` beside the
//! manifest for the command line and the commands.

pub mod activities;
pub mod codec;
pub mod content;
pub mod listen;
pub mod workflows;
