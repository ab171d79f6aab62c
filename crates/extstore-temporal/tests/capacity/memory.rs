//! Tests how much memory a worker takes for many large payloads at once.
//!
//! The worker runs alone in a child process, this program started again, so that neither the client's memory nor that
//! of other tests counts.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;

use extstore::ExternalStorage;
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_temporal::Mount;
use extstore_testkit::live::say;
use futures_util::future::join_all;
use temporalio_common::data_converters::MultiArgs2;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_sdk::runtime::worker_tuner::{FixedSizeSlotSupplier, TunerHolder, WorkerTuner};
use tokio::task::LocalSet;

use crate::blob::Blob;
use crate::support::fixture::{Fixture, result};
use crate::support::history::History;
use crate::workers::{self, Work};
use crate::workflows::Chain;

const WORKFLOWS: u32 = 64;
const BYTES: usize = 8 << 20;
const LIMIT: u64 = 1 << 30;
/// Memory goes with the tasks that are in the worker's hands, of which the SDK takes 100 of each kind unless told
/// otherwise: with all 64 workflows among them it holds some five copies of each payload, its own and the user's.
const SLOTS: usize = 4;

const DIRECTORY: &str = "EXTSTORE_CAPACITY_DIRECTORY";
const QUEUE: &str = "EXTSTORE_CAPACITY_QUEUE";
const ADDRESS: &str = "EXTSTORE_TEMPORAL_ADDRESS";

/// 64 workflows at once take 8 MiB each, have an activity change them, and return them.
pub(crate) async fn of_64_workflows(fixture: Fixture) -> String {
    let directory = tempfile::tempdir().unwrap();
    let mut worker = spawn(&fixture, directory.path());
    let client = fixture.client(&mount(directory.path())).await;
    let runs = (0..WORKFLOWS).map(async |number| {
        let mut options = fixture.start_options();
        options.workflow_id = format!("{}-{number}", fixture.id());
        let input = MultiArgs2(1, Blob::numbered(1000 * number, BYTES));
        let handle = client.start_workflow(Chain::run, input, options).await.unwrap();
        assert!(result(&handle).await == Blob::numbered(1000 * number + 1, BYTES));
    });
    join_all(runs).await;
    let peak = peak_of(&mut worker);
    let history = History::read(&fixture.plain_client().await, &format!("{}-0", fixture.id())).await;
    assert_eq!(history.count(EventType::ActivityTaskTimedOut), 0);
    assert!(peak <= LIMIT, "the worker took {} MiB at its peak", peak >> 20);
    format!("{} MiB at the worker's peak", peak >> 20)
}

/// Makes the mount of both processes.
fn mount(directory: &Path) -> Mount {
    let driver = DiskDriver::new(DiskOptions::new(directory.join("payloads"))).unwrap();
    Mount::new(ExternalStorage::new(Arc::new(driver)).unwrap())
}

fn spawn(fixture: &Fixture, directory: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .env(DIRECTORY, directory)
        .env(QUEUE, fixture.id())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.as_mut().unwrap());
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    child
}

/// Ends the worker and returns the bytes that it held at most.
fn peak_of(worker: &mut Child) -> u64 {
    drop(worker.stdin.take());
    let mut told = String::new();
    worker.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(worker.wait().unwrap().success());
    told.trim().parse().unwrap_or_else(|_| panic!("the worker said {told:?}"))
}

/// Says whether this process is the worker.
pub(crate) fn is_child() -> bool {
    std::env::var_os(DIRECTORY).is_some()
}

/// Runs the worker until standard input ends, then prints its peak memory.
pub(crate) fn child() -> ExitCode {
    let get = |name: &str| std::env::var(name).unwrap();
    let fixture = Fixture::with_id(get(QUEUE), &get(ADDRESS).parse().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    LocalSet::new().block_on(&runtime, async {
        let client = fixture.client(&mount(Path::new(&get(DIRECTORY)))).await;
        let worker =
            workers::start_changed(&fixture, &client, Work::Everything(Default::default()), |mut options| {
                options.tuner = slots(SLOTS);
                options
            });
        say("ready");
        tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await.unwrap().unwrap();
        worker.stop().await;
    });
    say(&own_peak().to_string());
    ExitCode::SUCCESS
}

/// Reads the kernel's high-water mark of resident memory, in bytes.
fn own_peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kibibytes << 10
}

/// Allows so many tasks of each kind at once.
fn slots(number: usize) -> WorkerTuner {
    let slots = || FixedSizeSlotSupplier::new(number);
    TunerHolder::builder()
        .workflow_task_slot_supplier(slots())
        .activity_task_slot_supplier(slots())
        .local_activity_task_slot_supplier(slots())
        .nexus_task_slot_supplier(slots())
        .build()
        .into()
}
