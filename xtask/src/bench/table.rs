//! The figures as tables in Markdown, which are readable in a terminal too.

use std::fmt::Write as _;

use super::figure::{Figure, Results};
use super::matrix::size;

const PHASES: [&str; 6] = ["fresh", "repeated", "existing", "retrieve", "cached", "one-put"];
const CLIENTS: [&str; 4] = ["extstore", "python", "typescript", "raw"];

/// All tables, one below the other.
pub(super) fn all(results: &Results) -> String {
    let tables = [
        ("Processor time of the client per payload, ms", one(results, 0, |f| f.cpu_ms)),
        ("Rate, MB/s", one(results, 0, |f| f.mb_s)),
        ("Requests per payload, counted at the server", one(results, 0, |f| f.requests)),
        ("Peak memory of the process, MiB", one(results, 0, |f| f.peak_mib)),
        ("Median call at 20 ms, ms", one(results, super::matrix::FAR_MS, |f| f.p50_ms)),
    ];
    tables.map(|(title, table)| format!("### {title}\n\n{table}")).join("\n")
}

/// One value of all cells at one delay, a column per client.
fn one(results: &Results, delay_ms: u32, value: fn(&Figure) -> f64) -> String {
    let clients: Vec<_> =
        CLIENTS.into_iter().filter(|name| results.figures.iter().any(|f| f.client == *name)).collect();
    let mut out = format!("| phase | size × batch | {} |\n", clients.join(" | "));
    out += &format!("|---|---|{}\n", "---|".repeat(clients.len()));
    for phase in PHASES {
        for place in places(results, phase, delay_ms) {
            let cells = clients.iter().map(|client| {
                let figure = results.figure(client, phase, place);
                figure.map_or("–".to_owned(), |figure| number(value(figure)))
            });
            let cells: Vec<_> = cells.collect();
            // Writing to a string cannot fail.
            let _ = writeln!(out, "| {phase} | {} × {} | {} |", size(place.0), place.1, cells.join(" | "));
        }
    }
    out
}

/// The cells of a phase in order of size and batch, each once.
fn places(results: &Results, phase: &str, delay_ms: u32) -> Vec<(usize, usize, u32)> {
    let cells = results.figures.iter().filter(|f| f.phase == phase && f.delay_ms == delay_ms);
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
