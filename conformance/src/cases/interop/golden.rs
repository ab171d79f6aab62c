//! Reads what the official Python SDK stored: `vectors/store.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use extstore::{Claim, ExecutionTarget, Target};
use serde::Deserialize;

use crate::KeyLayout;

/// Holds one payload that the official SDK stored.
pub(super) struct Golden {
    pub(super) name: String,
    pub(super) driver_type: String,
    pub(super) driver_name: String,
    pub(super) target: Option<Target>,
    pub(super) key: String,
    pub(super) claim: Claim,
    pub(super) object: Bytes,
    pub(super) reference: Bytes,
}

/// Holds every stored vector whose object is in the file; the file leaves the large ones out.
pub(super) static ALL: LazyLock<Vec<Golden>> = LazyLock::new(|| {
    // The file is part of this crate, and a test reads it.
    let file: File = serde_json::from_str(include_str!("../../../vectors/store.json")).expect("well-formed");
    file.vectors.into_iter().filter_map(Vector::golden).collect()
});

/// Returns the vectors of the official driver whose layout this is, with its usual key prefix.
pub(super) fn stored_by(layout: KeyLayout) -> Vec<&'static Golden> {
    let (driver_type, prefix) = match layout {
        KeyLayout::S3 => ("aws.s3driver", "v0/"),
        KeyLayout::Gcs => ("gcp.gcsdriver", "v0/"),
        KeyLayout::Redis => ("redis", "temporalio:payloads:v0:"),
    };
    let ours = |golden: &&Golden| golden.driver_type == driver_type && golden.key.starts_with(prefix);
    ALL.iter().filter(ours).collect()
}

impl Golden {
    /// Returns the key without what stands before the shared layout.
    pub(super) fn layout_key(&self) -> &str {
        &self.key[self.key.find("v0").unwrap_or(0)..]
    }

    pub(super) fn has_dot_segments(&self) -> bool {
        self.key.split('/').any(|segment| matches!(segment, "." | ".."))
    }

    /// Returns the key as `docs/wire-format.md` says that we write it: D1, dot segments are escaped.
    pub(super) fn escaped_key(&self) -> String {
        let escape = |segment| match segment {
            "." => "%2E",
            ".." => "%2E%2E",
            other => other,
        };
        self.layout_key().split('/').map(escape).collect::<Vec<_>>().join("/")
    }
}

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    driver: Driver,
    target: Option<Execution>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Driver {
    r#type: String,
}

#[derive(Deserialize)]
struct Execution {
    kind: String,
    namespace: Option<String>,
    r#type: Option<String>,
    id: Option<String>,
    run_id: Option<String>,
}

#[derive(Deserialize)]
struct Expected {
    key: Option<String>,
    claim_data: Option<BTreeMap<String, String>>,
    driver_name: Option<String>,
    serialized: Option<String>,
    reference: Option<Written>,
}

#[derive(Deserialize)]
struct Written {
    payload_proto: String,
}

impl Vector {
    fn golden(self) -> Option<Golden> {
        let expected = self.expected;
        Some(Golden {
            key: expected.key?,
            claim: expected.claim_data?.into_iter().collect(),
            object: decode(&expected.serialized?)?,
            reference: decode(&expected.reference?.payload_proto)?,
            driver_name: expected.driver_name?,
            driver_type: self.driver.r#type,
            target: self.target.map(Execution::target),
            name: self.name,
        })
    }
}

impl Execution {
    fn target(self) -> Target {
        let execution = ExecutionTarget::new(self.namespace.unwrap_or_default())
            .with_type(self.r#type.unwrap_or_default())
            .with_id(self.id.unwrap_or_default())
            .with_run_id(self.run_id.unwrap_or_default());
        if self.kind == "activity" { Target::Activity(execution) } else { Target::Workflow(execution) }
    }
}

fn decode(base64: &str) -> Option<Bytes> {
    STANDARD.decode(base64).ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_every_layout_are_read() {
        assert!(stored_by(KeyLayout::S3).len() >= 20);
        assert!(stored_by(KeyLayout::Gcs).len() >= 15);
        assert!(stored_by(KeyLayout::Redis).len() >= 8);
        assert!(ALL.iter().any(Golden::has_dot_segments));
    }
}
