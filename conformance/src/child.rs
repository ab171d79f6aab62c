//! Starts the suite's own binary again, so that a driver can be killed.
//!
//! A driver author writes no process code. [`main`](crate::main) asks [`is_child`] first and then plays
//! the role that the environment names, with a harness made exactly as in the parent process and the
//! variables of [`Harness::child_environment`](crate::Harness::child_environment).

mod play;
mod process;

pub use play::{is_child, run_child};
pub(crate) use process::{Child, retrieve_in_new_process};

use std::collections::BTreeMap;

use extstore::{Claim, Payload, Target};
use serde::{Deserialize, Serialize};

use crate::fixture;

const ROLE_VARIABLE: &str = "EXTSTORE_CHILD_ROLE";
const SCOPE_VARIABLE: &str = "EXTSTORE_CHILD_SCOPE";

/// The work of a child process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Stores the payloads 0, 1, 2, … one after another.
    Store {
        /// Seeds the payloads.
        seed: u64,
        /// The number of payloads.
        count: usize,
        /// Their data, in bytes.
        size: usize,
    },
    /// Retrieves the claims that it reads.
    Retrieve,
}

/// Says what a child process prints on one line, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Line {
    /// It is about to store this payload.
    Begin(usize),
    /// `store` returned `Ok` with this claim.
    Stored(usize, BTreeMap<String, String>),
    /// `retrieve` returned a payload with encoded bytes of this SHA-256.
    Retrieved(usize, String),
    /// A call failed; the text is the error's `Display`.
    Failed(usize, String),
}

/// Makes the payload of this number, the same in parent and child.
#[must_use]
pub(crate) fn payload(seed: u64, number: usize, size: usize) -> Payload {
    // An odd factor: neighbouring numbers get unrelated generators.
    let mixed = seed ^ (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    fixture::payload(&mut fastrand::Rng::with_seed(mixed), size)
}

/// Returns the target of all payloads that children store.
#[must_use]
pub(crate) fn target() -> Target {
    Target::workflow("conformance", "Suite", "child")
}

fn fields(claim: &Claim) -> BTreeMap<String, String> {
    claim.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_and_child_agree_on_payloads_and_no_two_are_equal() {
        assert_eq!(payload(1, 2, 100), payload(1, 2, 100));
        assert_ne!(payload(1, 2, 100), payload(1, 3, 100));
        assert_ne!(payload(1, 2, 100), payload(2, 2, 100));
    }

    #[test]
    fn roles_and_lines_are_json() {
        let role = Role::Store { seed: u64::MAX, count: 1, size: 2 };
        let text = serde_json::to_string(&role).unwrap();
        assert_eq!(serde_json::from_str::<Role>(&text).unwrap(), role);
        let line = Line::Stored(3, BTreeMap::from([("key".into(), "k".into())]));
        let text = serde_json::to_string(&line).unwrap();
        assert_eq!(text, r#"{"stored":[3,{"key":"k"}]}"#);
        assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), line);
    }
}
