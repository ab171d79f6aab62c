//! Runs one binary's share of the vectors.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::directory::{self, Item};
use crate::execute::execute;
use crate::falsify;
use crate::report::{Entry, Report};
use crate::subject::Subject;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/vectors");

/// Holds what the environment asks for.
struct Request {
    directory: PathBuf,
    report: Option<PathBuf>,
    run: bool,
    falsify: bool,
}

impl Request {
    fn from_env() -> Self {
        let (directory, report) = (env::var_os("EXTSTORE_VECTORS"), env::var_os("EXTSTORE_REPORT"));
        let only_falsify = env::var_os("EXTSTORE_FALSIFY").is_some_and(|value| value == "1");
        let plain = directory.is_none() && report.is_none();
        Self {
            directory: directory.map_or_else(|| COMMITTED.into(), PathBuf::from),
            report: report.map(PathBuf::from),
            run: !only_falsify,
            falsify: only_falsify || plain,
        }
    }
}

/// Runs the vectors whose first driver is of the subject's type, or without a subject those that name no
/// driver. The exit status is 1 where one failed or was not run. The module's documentation has the variables.
#[must_use]
pub fn main(subject: Option<Subject>) -> ExitCode {
    let subject = subject.unwrap_or(Subject::NOBODY);
    match try_main(&subject, &Request::from_env()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            // Nothing can be done where standard error is closed.
            let _ = writeln!(io::stderr(), "vectors: {message}");
            ExitCode::FAILURE
        }
    }
}

fn try_main(subject: &Subject, request: &Request) -> Result<bool, String> {
    let text = |error: io::Error| error.to_string();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(text)?;
    let mut items = directory::load(&request.directory)?;
    items.retain(|item| item.owner.as_deref().unwrap_or_default() == subject.driver_type);
    let mut passed = true;
    if request.run {
        let report = runtime.block_on(run(subject, &items));
        report.print(&mut io::stdout().lock()).map_err(text)?;
        if let Some(path) = &request.report {
            let json = serde_json::to_vec(&report).map_err(|error| error.to_string())?;
            fs::write(path, json).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        passed &= report.passed();
    }
    if request.falsify {
        let falsified = runtime.block_on(falsify::run(subject, &items));
        falsified.print(&mut io::stdout().lock()).map_err(text)?;
        passed &= falsified.passed();
    }
    Ok(passed)
}

async fn run(subject: &Subject, items: &[Item]) -> Report {
    let mut report = Report::default();
    for Item { file, name, work, .. } in items {
        let (outcome, reason) = execute(subject, work).await;
        report.vectors.push(Entry { file: file.clone(), name: name.clone(), outcome, reason });
    }
    report
}
