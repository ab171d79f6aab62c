//! Rewriting nothing is the identity, references can be taken back, and changes give what a slow rewriter gives.
#![no_main]

#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../crates/extstore-wire/tests/support"]
mod support {
    pub(crate) mod check;
    pub(crate) mod hand;
    pub(crate) mod model;
    pub(crate) mod roots;
}

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

/// Counts the bytes that decide what is changed.
const CHOICES: usize = 24;

fuzz_target!(|input: &[u8]| {
    let Some((choices, input)) = input.split_first_chunk::<CHOICES>() else { return };
    let Some((message, bytes)) = support::roots::split(input) else { return };
    let mut choices = choices.iter().copied();
    let mut choose = || choices.next().unwrap_or(0);
    // A message that cannot be scanned is the other target's matter.
    let _ = support::check::holds(message, &Bytes::copy_from_slice(bytes), &mut choose);
});
