//! References in workflow input that nobody stored: no request leaves for what they name.

use extstore::{Claim, Digest, Payload, Reference};
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_s3::{S3_DRIVER_TYPE, S3Options};
use extstore_temporal::{Mount, to_sdk};
use futures_util::future::join_all;
use temporalio_client::UntypedWorkflow;
use temporalio_common::data_converters::RawValue;

use crate::journal::TaskFailure;
use crate::line::Line;
use crate::mounts::watched;
use crate::secrets::Secrets;
use crate::stage::{Run, Stage};
use crate::watch::Watch;

/// The prefix that the worker's driver owns.
const PREFIX: &str = "team-a";

/// What a forger writes: driver, bucket, key, and the digest of the claim where it is not the key's.
struct Forged {
    name: &'static str,
    driver: &'static str,
    bucket: Option<String>,
    key: String,
    digest: Option<String>,
    /// What the failure must say.
    says: &'static str,
}

pub(crate) async fn s3(stage: Stage) -> String {
    let line = Line::new(&stage).await;
    let own = line.bucket().to_owned();
    let options = S3Options::new(own.as_str()).with_key_prefix(PREFIX);
    let watch = Watch::default();
    let mount = watched(line.over_with(options), &watch);
    let at =
        |name, bucket: &str, key: String| Forged::new(name, S3_DRIVER_TYPE, Some(bucket.to_owned()), key);
    let mismatch = Forged { digest: Some("f".repeat(64)), ..at("digest", &own, key(PREFIX)) };
    let unknown = Forged { says: "Config", driver: "nobody", ..at("driver", &own, key(PREFIX)) };
    let cases = [
        at("bucket", "somebody-elses", key(PREFIX)),
        at("prefix", &own, key("team-b")),
        at("no-prefix", &own, key("").trim_start_matches('/').to_owned()),
        at("dots", &own, format!("{PREFIX}/../{}", key("team-b"))),
        mismatch,
        unknown,
    ];
    let told = refused(&stage, &mount, &cases, &watch, &Secrets::of_s3(&line)).await;
    assert_eq!(line.requests(), 0, "a request left");
    told
}

pub(crate) async fn disk(stage: Stage) -> String {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("secret"), "not a payload").unwrap();
    let options = DiskOptions::new(root.path().join("payloads")).with_key_prefix(PREFIX);
    let watch = Watch::default();
    let mount = watched(DiskDriver::new(options).unwrap(), &watch);
    let at = |name, key: String| Forged::new(name, "local-disk", None, key);
    let cases = [
        at("up", "../secret".to_owned()),
        at("up-and-down", format!("{PREFIX}/../../secret")),
        at("absolute", root.path().join("secret").display().to_string()),
        at("prefix", key("team-b")),
        Forged { digest: Some("f".repeat(64)), ..at("digest", key(PREFIX)) },
    ];
    refused(&stage, &mount, &cases, &watch, &Secrets::of_disk(root.path())).await
}

/// The namespace in a key is no boundary, because a workflow may hand a reference to another namespace: only who
/// knows the digest of an object can name it. A prefix for each tenant is a boundary.
pub(crate) async fn other_namespace(stage: Stage) -> String {
    let line = Line::new(&stage).await;
    let watch = Watch::default();
    let mount = watched(line.over(), &watch);
    let key = key("").trim_start_matches('/').replace("ns/default", "ns/somebody-elses");
    let case = Forged::new("namespace", S3_DRIVER_TYPE, Some(line.bucket().to_owned()), key);
    let worker = stage.worker(&mount).await;
    let run = case.start(&stage).await;
    let failure = case.failure(&run, &Secrets::of_s3(&line)).await;
    failure.check_task(&["NotFound"]);
    assert!(line.requests() > 0);
    worker.stop().await;
    format!("not refused without a prefix: {} request(s) for an object that is not there", line.requests())
}

/// All cases on one worker: each task fails once, each with a text that helps, and no driver makes a request.
async fn refused(stage: &Stage, mount: &Mount, cases: &[Forged], watch: &Watch, secrets: &Secrets) -> String {
    let worker = stage.worker(mount).await;
    let told = join_all(cases.iter().map(async |case| {
        let run = case.start(stage).await;
        case.failure(&run, secrets).await.check_task(&[case.says]);
    }));
    let count = told.await.len();
    assert_eq!(watch.requests(), 0, "a driver made a request");
    worker.stop().await;
    format!("{count} forgeries, {count} failed tasks, no request")
}

impl Forged {
    fn new(name: &'static str, driver: &'static str, bucket: Option<String>, key: String) -> Self {
        Self {
            name,
            driver,
            bucket,
            key,
            digest: None,
            says: "InvalidClaim: the reference is malformed or points outside",
        }
    }

    /// Starts a workflow as a client does that knows nothing of External Storage.
    async fn start(&self, stage: &Stage) -> Run {
        let id = format!("{}-{}", stage.id(), self.name);
        let client = stage.plain().await;
        let input = RawValue::new(vec![to_sdk(&self.reference())]);
        let workflow = UntypedWorkflow::new("Play");
        client.start_workflow(workflow, input, stage.options(&id)).await.unwrap();
        Run::new(client.clone(), client, &id)
    }

    /// Waits for the failed task, and ends the workflow.
    async fn failure(&self, run: &Run, secrets: &Secrets) -> TaskFailure {
        let journal = run.until(self.name, |journal| !journal.task_failures().is_empty()).await;
        journal.check(secrets);
        assert!(journal.is_running(), "{}", self.name);
        run.terminate().await;
        journal.task_failures().swap_remove(0)
    }

    fn reference(&self) -> Payload {
        let digest = self.digest.clone().unwrap_or_else(any_digest);
        let claim =
            Claim::new().with("hash_algorithm", "sha256").with("hash_value", digest).with("key", &self.key);
        let claim = match &self.bucket {
            Some(bucket) => claim.with("bucket", bucket),
            None => claim,
        };
        Reference::new(self.driver, claim).to_payload(20_000)
    }
}

/// The key of an object that a workflow of the namespace could have stored under the prefix.
fn key(prefix: &str) -> String {
    format!("{prefix}/v0/ns/default/wt/Play/wi/w/ri/null/d/sha256/{}", any_digest())
}

fn any_digest() -> String {
    Digest::of(Payload::new([("encoding", "json/plain")], "somebody's").body()).to_hex()
}
