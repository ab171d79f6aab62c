//! Says which figures the driver is meant to reach, and whether it did.
//!
//! Times were set on one machine, so each has a ratio to a client of the same run beside it that holds anywhere.

use std::fmt::Write as _;

use serde::Serialize;

use super::figure::Results;
use super::matrix::FAR_MS;

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// Holds one aim, and the value that was measured.
#[derive(Debug, Serialize)]
pub(super) struct Target {
    pub(super) row: String,
    pub(super) what: String,
    /// The aim as text: `≤ 0.45 ms`, `≥ 7 ×`.
    pub(super) aim: String,
    /// The measured value; `None` where it was not measured.
    pub(super) value: Option<f64>,
    pub(super) reached: Option<bool>,
}

/// Names a cell by size, batch and delay.
type Place = (usize, usize, u32);

const BATCHES: [(&str, Place, f64, f64, f64); 8] = [
    // Phase, place, processor time in ms, times less than Python, times more than the plain client (0: no aim).
    ("fresh", (256 * KIB, 10, 0), 0.45, 7.0, 1.2),
    ("fresh", (MIB, 10, 0), 1.4, 4.0, 1.15),
    ("fresh", (8 * MIB, 10, 0), 12.0, 3.5, 0.0),
    ("retrieve", (256 * KIB, 10, 0), 0.45, 3.0, 1.2),
    ("retrieve", (MIB, 10, 0), 1.3, 1.75, 1.2),
    ("retrieve", (8 * MIB, 1, 0), 10.5, 1.05, 0.0),
    ("repeated", (MIB, 10, 0), 0.75, 3.0, 0.0),
    ("cached", (MIB, 10, 0), 0.02, 0.0, 0.0),
];

/// Lists phase, place, milliseconds of the median call, times less than Python.
const FAR: [(Place, f64, f64); 3] =
    [((MIB, 1, FAR_MS), 25.0, 1.9), ((256 * KIB, 10, FAR_MS), 26.0, 2.8), ((8 * MIB, 1, FAR_MS), 40.0, 3.5)];

pub(super) fn judge(results: &Results) -> Vec<Target> {
    let mut targets = Vec::new();
    for (phase, place, millis, python, raw) in BATCHES {
        let row = row(phase, place);
        let cpu = |client| results.figure(client, phase, place).map(|figure| figure.cpu_ms);
        let ours = cpu("extstore");
        targets.push(at_most(&row, "processor time per payload", ours, millis, "ms"));
        if python > 0.0 {
            targets.push(at_least(&row, "Python's processor time", ratio(cpu("python"), ours), python, "×"));
        }
        if raw > 0.0 {
            targets.push(at_most(&row, "of the plain client's", ratio(ours, cpu("raw")), raw, "×"));
        }
    }
    targets.extend(requests(results));
    for (place, millis, python) in FAR {
        let row = row("fresh", place);
        let p50 = |client| results.figure(client, "fresh", place).map(|figure| figure.p50_ms);
        targets.push(at_most(&row, "median call", p50("extstore"), millis, "ms"));
        targets.push(at_least(
            &row,
            "Python's median call",
            ratio(p50("python"), p50("extstore")),
            python,
            "×",
        ));
    }
    for phase in ["fresh", "retrieve"] {
        let place = (MIB, 10, 0);
        let rate = |client| results.figure(client, phase, place).map(|figure| figure.mb_s);
        let share = ratio(rate("extstore"), rate("raw"));
        targets.push(at_least(&row(phase, place), "of the plain client's rate", share, 0.85, "×"));
    }
    targets.extend(shapes(results));
    targets
}

/// Requests per payload, counted at the server.
fn requests(results: &Results) -> impl Iterator<Item = Target> {
    let cells = [("fresh", 1.0), ("repeated", 0.0), ("retrieve", 1.0), ("cached", 0.0)];
    let places = [(MIB, 1, 0), (MIB, 10, 0), (8 * MIB, 1, 0), (MIB, 1, FAR_MS), (8 * MIB, 1, FAR_MS)];
    cells.into_iter().flat_map(move |(phase, aim)| {
        places.into_iter().map(move |place| {
            let count = results.figure("extstore", phase, place).map(|figure| figure.requests);
            at_most(&row(phase, place), "requests per payload", count, aim, "")
        })
    })
}

fn shapes(results: &Results) -> [Target; 5] {
    let shape = |name: &str| results.shapes.get(name).copied();
    let mib = |kib: f64| kib / 1024.0;
    let extra = shape("memory-store.peak_kib").zip(shape("memory-none.peak_kib"));
    let share = shape("memory-retrieve.peak_kib").map(|peak| mib(peak) / 800.0);
    let spread = ratio(shape("mixed.p99_ms"), shape("mixed.p50_ms"));
    let (stored, retrieved) = (shape("copies.store_requests"), shape("copies.retrieve_requests"));
    [
        at_most("100 copies in a batch", "requests of the store", stored, 1.0, ""),
        at_most("100 copies in a batch", "requests of the retrieve", retrieved, 1.0, ""),
        at_most("256 KiB × 10 beside 8 MiB stores", "p99 / p50", spread, 5.0, "×"),
        at_most(
            "store 100 × 8 MiB",
            "peak memory added",
            extra.map(|(with, none)| mib(with - none)),
            100.0,
            "MiB",
        ),
        at_most("retrieve 100 × 8 MiB", "peak memory / result", share, 1.1, "×"),
    ]
}

fn row(phase: &str, (size, batch, delay_ms): Place) -> String {
    let size = super::matrix::size(size);
    let delay = if delay_ms > 0 { format!(", {delay_ms} ms away") } else { String::new() };
    format!("{phase} {size} × {batch}{delay}")
}

fn ratio(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    a.zip(b).map(|(a, b)| a / b)
}

fn at_most(row: &str, what: &str, value: Option<f64>, aim: f64, unit: &str) -> Target {
    target(row, what, format!("≤ {aim} {unit}"), value, value.map(|value| value <= aim))
}

fn at_least(row: &str, what: &str, value: Option<f64>, aim: f64, unit: &str) -> Target {
    target(row, what, format!("≥ {aim} {unit}"), value, value.map(|value| value >= aim))
}

fn target(row: &str, what: &str, aim: String, value: Option<f64>, reached: Option<bool>) -> Target {
    Target { row: row.to_owned(), what: what.to_owned(), aim: aim.trim().to_owned(), value, reached }
}

/// Writes the aims as a table in Markdown.
pub(super) fn table(targets: &[Target]) -> String {
    let mut out = "| row | what | aim | measured | |\n|---|---|---|---|---|\n".to_owned();
    for target in targets {
        let value = target.value.map_or("–".to_owned(), super::table::number);
        let verdict = match target.reached {
            Some(true) => "reached",
            Some(false) => "**missed**",
            None => "not measured",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| {} | {} | {} | {value} | {verdict} |", target.row, target.what, target.aim);
    }
    out
}
