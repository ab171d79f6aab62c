//! Writes the figures as tables in Markdown, which are readable in a terminal too.

use std::fmt::Write as _;

use super::figure::{Figure, Results};
use super::matrix::{FAR_MS, size};

const PHASES: [&str; 6] = ["fresh", "repeated", "existing", "retrieve", "cached", "one-put"];
const S3: &[&str] = &["extstore", "python", "typescript", "raw"];
const DISK: &[&str] = &["disk", "plain files"];

/// Writes all tables, one after the other.
pub(super) fn all(results: &Results) -> String {
    // From memory no rate is worth printing.
    let moved = |figure: &Figure| if figure.phase == "cached" { f64::NAN } else { figure.mb_s };
    let tables = [
        ("S3: processor time of the client per payload, ms", one(results, S3, 0, |f| f.cpu_ms)),
        ("S3: rate, MB/s", one(results, S3, 0, moved)),
        ("S3: requests per payload, counted at the server", one(results, S3, 0, |f| f.requests)),
        ("S3: peak memory of the process, MiB", one(results, S3, 0, |f| f.peak_mib)),
        ("S3: median call at 20 ms, ms", one(results, S3, FAR_MS, |f| f.p50_ms)),
        ("Disk: processor time per payload, ms", one(results, DISK, 0, |f| f.cpu_ms)),
        ("Disk: median call, ms", one(results, DISK, 0, |f| f.p50_ms)),
    ];
    tables.map(|(title, table)| format!("### {title}\n\n{table}")).join("\n")
}

/// Writes one value of all cells at one delay, a column per client; a value that is not a number is not printed.
fn one(results: &Results, clients: &[&str], delay_ms: u32, value: fn(&Figure) -> f64) -> String {
    let present = |name: &&&str| results.figures.iter().any(|figure| figure.client == **name);
    let clients: Vec<&str> = clients.iter().filter(present).copied().collect();
    let mut out = format!("| phase | size × batch | {} |\n", clients.join(" | "));
    out += &format!("|---|---|{}\n", "---|".repeat(clients.len()));
    for phase in PHASES {
        for place in places(results, &clients, phase, delay_ms) {
            let value =
                |client: &&str| results.figure(client, phase, place).map(value).filter(|v| !v.is_nan());
            let values: Vec<_> = clients.iter().map(value).collect();
            if values.iter().any(Option::is_some) {
                let cells: Vec<_> = values.into_iter().map(|v| v.map_or("–".to_owned(), number)).collect();
                // Writing to a string cannot fail.
                let _ =
                    writeln!(out, "| {phase} | {} × {} | {} |", size(place.0), place.1, cells.join(" | "));
            }
        }
    }
    out
}

/// Returns the cells of a phase in order of size and batch, each once.
fn places(results: &Results, clients: &[&str], phase: &str, delay_ms: u32) -> Vec<(usize, usize, u32)> {
    let ours =
        |f: &&Figure| f.phase == phase && f.delay_ms == delay_ms && clients.contains(&f.client.as_str());
    let cells = results.figures.iter().filter(ours);
    let mut places: Vec<_> = cells.map(|f| (f.size, f.batch, f.delay_ms)).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Three digits, as many as a figure of a shared machine can mean.
pub(super) fn number(value: f64) -> String {
    match value {
        v if v == v.round() && v < 1000.0 => format!("{v:.0}"),
        v if v < 1.0 => format!("{v:.3}"),
        v if v < 10.0 => format!("{v:.2}"),
        v if v < 100.0 => format!("{v:.1}"),
        v => format!("{v:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_three_digits() {
        let values = [0.4512, 4.512, 45.12, 451.2, 4512.0, 2.0, 0.0];
        assert_eq!(values.map(number), ["0.451", "4.51", "45.1", "451", "4512", "2", "0"]);
    }
}
