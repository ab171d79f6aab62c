//! Reports the versions that this peer is made of.

use serde_json::{Value, json};

/// The SDK has no constant for its version, so the workspace's lock file is asked.
const LOCK: &str = include_str!("../../Cargo.lock");

pub(crate) fn all() -> Value {
    json!({
        "temporalio-sdk (Rust)": locked("temporalio-sdk"),
        "extstore": env!("CARGO_PKG_VERSION"),
    })
}

/// Reads the version that the lock file has after a package's name.
fn locked(name: &str) -> &'static str {
    let line = format!("name = \"{name}\"\nversion = \"");
    let version = LOCK.split_once(&line).and_then(|(_, rest)| rest.split_once('"'));
    version.map_or("unknown", |(version, _)| version)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_lock_file_names_the_sdk() {
        assert!(super::locked("temporalio-sdk").split('.').count() >= 3);
        assert_eq!(super::locked("no-such-package"), "unknown");
    }
}
