//! Runs the kill loop: a process that stores is killed again and again, and nothing acknowledged may be lost.
//!
//! A driver's test binary with `harness = false` hands a [`Subject`] to [`main`]. The binary starts itself as a
//! child; the child stores payloads in several lanes and says *begin* before and *ack* after each
//! store. The parent kills it with SIGKILL at a moment drawn from the seed, then reads everything back.
//! A loss of power is not simulated.

mod child;
mod ledger;
mod line;
mod parent;
pub mod payload;
mod report;
mod settings;

use std::fmt::Display;
use std::future::Future;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use bytes::Bytes;
use extstore::{Result, StorageDriver, async_trait};

pub use report::SoakReport;
pub use settings::Settings;

/// Makes drivers of one store for the kill loop, and reads the store behind their back. The store is empty when the
/// loop begins.
#[async_trait]
pub trait Subject: Send + Sync + 'static {
    /// Makes a fresh driver without a memory of stored keys.
    async fn driver(&self) -> Result<Arc<dyn StorageDriver>>;

    /// Returns environment variables from which a child process makes a subject of the same data.
    fn environment(&self) -> Vec<(String, String)>;

    /// Returns the names of all objects that a reader of the store can see.
    async fn objects(&self) -> io::Result<Vec<String>>;

    /// Reads the bytes of an object that [`objects`](Self::objects) named.
    async fn read(&self, object: &str) -> io::Result<Bytes>;

    /// Lets the store remove what crashed writers left, and counts what is still there: temporary
    /// files, unfinished uploads.
    async fn sweep(&self) -> io::Result<u64>;
}

/// Runs the kill loop as the whole of a test binary.
///
/// `EXTSTORE_KILLS` (5 unless set), `EXTSTORE_SEED` (hexadecimal, random unless set) and
/// `EXTSTORE_REPORT` (a file for the report as JSON) are read from the environment.
///
/// The exit status is 0 only if nothing was lost or torn, nothing is left over, and three quarters of the
/// kills fell while a store was in flight; 1 otherwise; 2 where the loop itself could not run.
pub fn main<S: Subject, E: Display>(subject: impl Future<Output = std::result::Result<S, E>>) -> ExitCode {
    match run(subject) {
        Ok(code) => code,
        Err(error) => {
            say(&format!("the kill loop could not run: {error}"));
            ExitCode::from(2)
        }
    }
}

fn run<S: Subject, E: Display>(
    subject: impl Future<Output = std::result::Result<S, E>>,
) -> io::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let subject = subject.await.map_err(|error| io::Error::other(error.to_string()))?;
        if child::is_child() {
            child::run(&subject).await?;
            return Ok(ExitCode::SUCCESS);
        }
        let settings = Settings::from_environment()?;
        let report = parent::run(&subject, &settings).await?;
        finish(&report, &settings)
    })
}

fn finish(report: &SoakReport, settings: &Settings) -> io::Result<ExitCode> {
    let json = serde_json::to_string_pretty(report)?;
    say(&format!("seed {:x}\n{json}", settings.seed));
    if let Some(file) = &settings.report {
        std::fs::write(file, json)?;
    }
    let complaints = report.complaints();
    complaints.iter().for_each(|complaint| say(&format!("FAIL {complaint}")));
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints a line and does not mind that nobody listens.
fn say(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}
