//! Describes the machine that the figures belong to.

use std::fs;

use serde::Serialize;

use super::program::first_line;

/// Holds what a reader needs to know of a machine to judge figures.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    pub(super) processor: String,
    pub(super) cores: usize,
    /// Says whether the processor has instructions for SHA-256: without them hashing takes four times as long.
    pub(super) sha: bool,
    pub(super) kernel: String,
    pub(super) rustc: String,
    /// The niceness of the run; below zero it was preferred to others.
    pub(super) niceness: i32,
}

impl Machine {
    pub(super) fn here() -> Self {
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let field = |name: &str| {
            let line = processors.lines().find(|line| line.starts_with(name));
            line.and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
        };
        Self {
            processor: field("model name").to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            sha: field("flags").split(' ').any(|flag| flag == "sha_ni"),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
            rustc: first_line("rustc", &["--version"]).unwrap_or_default(),
            niceness: niceness().unwrap_or(0),
        }
    }
}

/// Reads the niceness, the 19th field of the process's status; the name before it in parentheses may hold spaces.
fn niceness() -> Option<i32> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(16)?.parse().ok()
}
