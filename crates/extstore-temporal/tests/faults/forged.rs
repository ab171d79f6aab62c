//! Tests forged references in workflow input: no request is sent for the objects that they name.

use extstore::{Claim, Digest, Payload, Reference};
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_s3::{S3_DRIVER_TYPE, S3Options};
use extstore_temporal::{Mount, to_sdk};
use futures_util::future::join_all;
use temporalio_client::UntypedWorkflow;
use temporalio_common::data_converters::RawValue;

use crate::cut_link::CutLink;
use crate::fixture::Fixture;
use crate::mounts::mount_with;
use crate::observed::Observed;
use crate::run::Run;
use crate::secrets::Secrets;
use crate::support::history::failed::FailedTask;

/// Names the prefix that the worker's driver owns.
const PREFIX: &str = "team-a";

/// Describes a forged reference: driver, bucket, key, and the digest of the claim where it is not the key's.
struct Forged {
    name: &'static str,
    driver: &'static str,
    bucket: Option<String>,
    key: String,
    digest: Option<String>,
    /// A part of the failure's text.
    says: &'static str,
}

pub(crate) async fn s3(fixture: Fixture) -> String {
    let link = CutLink::new(&fixture).await;
    let own = link.bucket().to_owned();
    let options = S3Options::new(own.as_str()).with_key_prefix(PREFIX);
    let observed = Observed::default();
    let mount = mount_with(link.driver_with(options), &observed);
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
    let told = refused(&fixture, &mount, &cases, &observed, &Secrets::of_s3(&link)).await;
    assert_eq!(link.requests(), 0, "a request left");
    told
}

pub(crate) async fn disk(fixture: Fixture) -> String {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("secret"), "not a payload").unwrap();
    let options = DiskOptions::new(root.path().join("payloads")).with_key_prefix(PREFIX);
    let observed = Observed::default();
    let mount = mount_with(DiskDriver::new(options).unwrap(), &observed);
    let at = |name, key: String| Forged::new(name, "local-disk", None, key);
    let cases = [
        at("up", "../secret".to_owned()),
        at("up-and-down", format!("{PREFIX}/../../secret")),
        at("absolute", root.path().join("secret").display().to_string()),
        at("prefix", key("team-b")),
        Forged { digest: Some("f".repeat(64)), ..at("digest", key(PREFIX)) },
    ];
    refused(&fixture, &mount, &cases, &observed, &Secrets::of_disk(root.path())).await
}

/// The namespace in a key is no boundary, because a workflow may hand a reference to another namespace: only who
/// knows the digest of an object can name it. A prefix for each tenant is a boundary.
pub(crate) async fn other_namespace(fixture: Fixture) -> String {
    let link = CutLink::new(&fixture).await;
    let observed = Observed::default();
    let mount = mount_with(link.driver(), &observed);
    let key = key("").trim_start_matches('/').replace("ns/default", "ns/somebody-elses");
    let case = Forged::new("namespace", S3_DRIVER_TYPE, Some(link.bucket().to_owned()), key);
    let worker = fixture.worker(&mount).await;
    let run = case.start(&fixture).await;
    let failure = case.failure(&run, &Secrets::of_s3(&link)).await;
    failure.assert_storage(&["NotFound"]);
    assert!(link.requests() > 0);
    worker.stop().await;
    format!("not refused without a prefix: {} request(s) for an object that is not there", link.requests())
}

/// Runs all cases on one worker: each task fails once, each with a text that helps, and no driver makes a request.
async fn refused(
    fixture: &Fixture,
    mount: &Mount,
    cases: &[Forged],
    observed: &Observed,
    secrets: &Secrets,
) -> String {
    let worker = fixture.worker(mount).await;
    let told = join_all(cases.iter().map(async |case| {
        let run = case.start(fixture).await;
        case.failure(&run, secrets).await.assert_storage(&[case.says]);
    }));
    let count = told.await.len();
    assert_eq!(observed.requests(), 0, "a driver made a request");
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
    async fn start(&self, fixture: &Fixture) -> Run {
        let id = format!("{}-{}", fixture.id(), self.name);
        let client = fixture.plain_client().await;
        let input = RawValue::new(vec![to_sdk(&self.reference())]);
        let workflow = UntypedWorkflow::new("ScriptedWorkflow");
        client.start_workflow(workflow, input, fixture.start_options_of(&id)).await.unwrap();
        Run::new(client.clone(), client, &id)
    }

    /// Waits for the failed task, and ends the workflow.
    async fn failure(&self, run: &Run, secrets: &Secrets) -> FailedTask {
        let history = run.until(self.name, |history| !history.failed_tasks().is_empty()).await;
        secrets.check_history(&history);
        assert!(history.is_running(), "{}", self.name);
        run.terminate().await;
        history.failed_tasks().swap_remove(0)
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

/// Writes the key of an object that a workflow of the namespace could have stored under the prefix.
fn key(prefix: &str) -> String {
    format!("{prefix}/v0/ns/default/wt/ScriptedWorkflow/wi/w/ri/null/d/sha256/{}", any_digest())
}

fn any_digest() -> String {
    Digest::of(Payload::new([("encoding", "json/plain")], "somebody's").body()).to_hex()
}
