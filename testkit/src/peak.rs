//! Measures peak memory: what storing and retrieving add to a process that holds the payloads anyway.
//!
//! A test binary with `harness = false` hands a [`Subject`] to [`main`], which starts the binary again for
//! each measurement, because the peak of a process (`VmHWM`) never goes down: one child builds the
//! payloads, one builds and stores them, one retrieves them. All limits are the defaults. Linux only.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::future::Future;
use std::io::{self, Write as _};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use extstore::{ENCODING, ExternalStorage, Payload};
use serde::{Deserialize, Serialize};

use crate::soak::Subject;

const ROLE: &str = "EXTSTORE_PEAK_CHILD";
const REFERENCES: &str = "EXTSTORE_PEAK_REFERENCES";
const PAYLOADS: usize = 100;
const PAYLOAD: usize = 8 << 20;
/// Bounds the memory that storing may add to the process that builds the payloads.
const ADDED_LIMIT_MIB: f64 = 100.0;
/// Bounds the memory that retrieving may take, as a multiple of what it returns.
const RATIO_LIMIT: f64 = 1.1;

/// Holds the measurements. Memory is in MiB, times are medians in milliseconds.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct PeakReport {
    /// The peak of a process that builds 100 payloads of 8 MiB.
    pub build: f64,
    /// The peak of a process that builds and stores them.
    pub store: f64,
    /// The difference between the two.
    pub store_adds: f64,
    /// The peak of a process that retrieves them.
    pub retrieve: f64,
    /// The peak of the process that retrieves, divided by the bytes that it retrieved.
    pub retrieve_ratio: f64,
    /// The time that storing one payload of so many bytes takes.
    pub store_millis: BTreeMap<String, f64>,
}

/// Holds the answer of a child, which its last line gives.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Answer {
    peak_kib: u64,
    bytes: u64,
    millis: BTreeMap<String, f64>,
}

/// Measures as the whole of a test binary. `EXTSTORE_REPORT` names a file for the report as JSON.
///
/// The exit status is 0 only if storing adds at most 100 MiB and retrieving stays under 1.1 times the
/// result; 1 otherwise; 2 where nothing could be measured.
pub fn main<S: Subject, E: Display>(subject: impl Future<Output = Result<S, E>>) -> ExitCode {
    let outcome = runtime().and_then(|runtime| {
        runtime.block_on(async {
            let subject = subject.await.map_err(|error| io::Error::other(error.to_string()))?;
            match std::env::var(ROLE) {
                Ok(role) => child(&subject, &role).await,
                Err(_) => parent(&subject),
            }
        })
    });
    outcome.unwrap_or_else(|error| {
        say(&format!("peak memory was not measured: {error}"));
        ExitCode::from(2)
    })
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

fn say(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

fn parent(subject: &impl Subject) -> io::Result<ExitCode> {
    let measure = |role| measure(subject, role);
    let (build, store, retrieve) = (measure("build")?, measure("store")?, measure("retrieve")?);
    let mib = |kib: u64| kib as f64 / 1024.0;
    let report = PeakReport {
        build: mib(build.peak_kib),
        store: mib(store.peak_kib),
        store_adds: mib(store.peak_kib) - mib(build.peak_kib),
        retrieve: mib(retrieve.peak_kib),
        retrieve_ratio: retrieve.peak_kib as f64 * 1024.0 / retrieve.bytes as f64,
        store_millis: measure("time")?.millis,
    };
    let json = serde_json::to_string_pretty(&report)?;
    say(&json);
    if let Some(file) = std::env::var_os("EXTSTORE_REPORT") {
        std::fs::write(file, json)?;
    }
    let is_good = report.store_adds <= ADDED_LIMIT_MIB && report.retrieve_ratio < RATIO_LIMIT;
    if !is_good {
        say(&format!(
            "FAIL storing may add {ADDED_LIMIT_MIB} MiB, retrieving may take {RATIO_LIMIT} of the result"
        ));
    }
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn measure(subject: &impl Subject, role: &str) -> io::Result<Answer> {
    let references = std::env::temp_dir().join(format!("extstore-references-{}", std::process::id()));
    let output = Command::new(std::env::current_exe()?)
        .env(ROLE, role)
        .env(REFERENCES, &references)
        .envs(subject.environment())
        .stderr(Stdio::inherit())
        .output()?;
    if role == "retrieve" {
        std::fs::remove_file(references)?;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().filter(|_| output.status.success());
    let last = last.ok_or_else(|| io::Error::other(format!("the child {role:?} failed: {text}")))?;
    Ok(serde_json::from_str(last)?)
}

async fn child(subject: &impl Subject, role: &str) -> io::Result<ExitCode> {
    let mut answer = Answer::default();
    match role {
        "build" => answer.bytes = build().iter().map(|payload| payload.encoded_len() as u64).sum(),
        "store" => store(subject).await?,
        "retrieve" => answer.bytes = retrieve(subject).await?,
        _ => answer.millis = time(subject).await?,
    }
    answer.peak_kib = peak_kib()?;
    say(&serde_json::to_string(&answer)?);
    Ok(ExitCode::SUCCESS)
}

fn build() -> Vec<Payload> {
    let mut rng = fastrand::Rng::with_seed(7);
    (0..PAYLOADS).map(|_| payload(&mut rng, PAYLOAD)).collect()
}

fn payload(rng: &mut fastrand::Rng, len: usize) -> Payload {
    let mut data = vec![0; len];
    rng.fill(&mut data);
    Payload::new([(ENCODING, "binary/plain")], data)
}

async fn storage(subject: &impl Subject) -> io::Result<ExternalStorage> {
    let driver = subject.driver().await.map_err(io::Error::other)?;
    let builder = ExternalStorage::builder().with_driver(driver).with_payload_size_threshold(0);
    builder.build().map_err(io::Error::other)
}

async fn store(subject: &impl Subject) -> io::Result<()> {
    let payloads = build().into_iter().map(|payload| (None, payload)).collect::<Vec<_>>();
    // The caller keeps what it stores, as a worker does that builds a message.
    let kept = payloads.clone();
    let references =
        storage(subject).await?.message("peak").offload(payloads).await.map_err(io::Error::other)?;
    drop(kept);
    let encoded: Vec<Vec<u8>> = references.iter().map(|reference| reference.to_bytes().to_vec()).collect();
    std::fs::write(variable(REFERENCES)?, serde_json::to_vec(&encoded)?)
}

async fn retrieve(subject: &impl Subject) -> io::Result<u64> {
    let encoded: Vec<Vec<u8>> = serde_json::from_slice(&std::fs::read(variable(REFERENCES)?)?)?;
    let references: Result<Vec<Payload>, _> = encoded.into_iter().map(Payload::decode).collect();
    let message = storage(subject).await?.message("peak");
    let payloads = message.restore(references.map_err(io::Error::other)?).await.map_err(io::Error::other)?;
    Ok(payloads.iter().map(|payload| payload.encoded_len() as u64).sum())
}

async fn time(subject: &impl Subject) -> io::Result<BTreeMap<String, f64>> {
    let message = storage(subject).await?.message("time");
    let mut rng = fastrand::Rng::with_seed(8);
    let mut millis = BTreeMap::new();
    for (name, len) in [("1 KiB", 1 << 10), ("1 MiB", 1 << 20), ("8 MiB", 8 << 20)] {
        let mut taken = Vec::new();
        for _ in 0..21 {
            let batch = vec![(None, payload(&mut rng, len))];
            let started = Instant::now();
            message.offload(batch).await.map_err(io::Error::other)?;
            taken.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        taken.sort_by(f64::total_cmp);
        millis.insert(name.to_owned(), taken[taken.len() / 2]);
    }
    Ok(millis)
}

fn variable(name: &str) -> io::Result<std::ffi::OsString> {
    std::env::var_os(name).ok_or_else(|| io::Error::other(format!("{name} is not set")))
}

/// Returns the most memory that this process ever had in use.
fn peak_kib() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| io::Error::other("/proc/self/status holds no VmHWM"))
}
