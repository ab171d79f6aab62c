//! Writes the figures in words, and as JSON.

use serde_json::{Value, json};

use super::Row;

/// prost's time over ours must be at least this.
const TARGET: f64 = 15.0;

pub(crate) fn print(rows: &[Row], allocations_per_payload: f64) -> (bool, Value) {
    for row in rows {
        println!("{}: {} bytes, {} payloads", row.name, row.bytes, row.payloads);
        println!("  prost, decode and encode   {:>8.1} µs", micros(row.prost));
        line(row, "walk", row.walk, Some(row.walk_allocations));
        line(row, "select above 256 KiB", row.select, Some(row.select_allocations));
        line(row, "scan, all payloads held", row.all, None);
        line(row, "scan and replace one", row.rewrite, None);
    }
    println!("allocations for each payload that is not selected: {allocations_per_payload}");
    let worst = rows.iter().map(|row| ratio(row, row.walk.max(row.select))).fold(f64::MAX, f64::min);
    let passed = worst >= TARGET && allocations_per_payload == 0.0;
    println!("worst ratio {worst:.1}, target {TARGET}: {}", if passed { "met" } else { "missed" });
    let json = json!({
        "target": TARGET,
        "worst_ratio": worst,
        "allocations_per_payload": allocations_per_payload,
        "passed": passed,
        "rows": rows.iter().map(row_json).collect::<Vec<_>>(),
    });
    (passed, json)
}

/// Writes the JSON where `--json FILE` says.
pub(crate) fn write(json: &Value) -> Result<(), String> {
    let mut args = std::env::args().skip(1);
    match (args.next().as_deref(), args.next()) {
        (None, _) => Ok(()),
        (Some("--json"), Some(file)) => {
            std::fs::write(&file, format!("{json:#}\n")).map_err(|error| format!("{file}: {error}"))
        }
        _ => Err("only --json FILE is understood".to_owned()),
    }
}

fn line(row: &Row, name: &str, time: u64, allocations: Option<usize>) {
    let allocations = allocations.map(|count| format!(", {count} allocations")).unwrap_or_default();
    println!("  {name:<26} {:>8.1} µs  1/{:.0}{allocations}", micros(time), ratio(row, time));
}

fn row_json(row: &Row) -> Value {
    json!({
        "name": row.name,
        "bytes": row.bytes,
        "payloads": row.payloads,
        "prost_ns": row.prost,
        "walk_ns": row.walk,
        "select_ns": row.select,
        "scan_ns": row.all,
        "replace_one_ns": row.rewrite,
        "walk_allocations": row.walk_allocations,
        "select_allocations": row.select_allocations,
    })
}

fn ratio(row: &Row, time: u64) -> f64 {
    row.prost as f64 / time.max(1) as f64
}

fn micros(nanos: u64) -> f64 {
    nanos as f64 / 1000.0
}
