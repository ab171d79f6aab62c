//! Reads what libFuzzer says of a run.

use std::time::Duration;

/// Holds the figures of one run. A figure that was not printed is 0.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stats {
    pub(super) executions: u64,
    pub(super) per_second: u64,
    pub(super) seconds: u64,
    /// Edges of the program that were taken, and all of them.
    pub(super) edges: u64,
    pub(super) all_edges: u64,
    /// Edges by how often they were taken, and comparisons.
    pub(super) features: u64,
    /// The file of the input that broke something.
    pub(super) finding: Option<String>,
}

impl Stats {
    /// Reads the lines that say how far a run came, such as `#975006 DONE cov: 2666 ft: 6130 corp: …`.
    pub(super) fn of(text: &str, took: Duration) -> Self {
        let mut stats = Self { seconds: took.as_secs(), ..Self::default() };
        for line in text.lines() {
            if let Some(count) = after(line, "stat::number_of_executed_units:") {
                stats.executions = count;
            }
            if let (Some(edges), Some(features)) = (after(line, " cov: "), after(line, " ft: ")) {
                (stats.edges, stats.features) = (edges, features);
            }
            if line.starts_with("INFO: Loaded 1 PC tables (") {
                stats.all_edges = after(line, "(").unwrap_or(0);
            }
            if let Some((_, file)) = line.split_once("Test unit written to ") {
                stats.finding = Some(file.to_owned());
            }
        }
        // libFuzzer divides by whole seconds; a short run would divide by none.
        stats.per_second = (stats.executions as f64 / took.as_secs_f64().max(0.001)) as u64;
        stats
    }
}

/// Returns the number that stands after some text.
fn after(line: &str, text: &str) -> Option<u64> {
    let (_, rest) = line.split_once(text)?;
    let rest = rest.trim_start();
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "\
INFO: Loaded 1 modules   (21931 inline 8-bit counters): 21931 [0x5, 0x6), \n\
INFO: Loaded 1 PC tables (21931 PCs): 21931 [0x5,0x6), \n\
#1247\tINITED cov: 2600 ft: 6001 corp: 1240/51Kb exec/s: 0 rss: 46Mb\n\
#975006\tDONE   cov: 2666 ft: 6130 corp: 1244/51Kb lim: 512 exec/s: 31451 rss: 46Mb\n\
stat::number_of_executed_units: 975006\n";

    #[test]
    fn the_last_figures_count() {
        let stats = Stats::of(RUN, Duration::from_secs(10));
        let expected = Stats {
            executions: 975_006,
            per_second: 97_500,
            seconds: 10,
            edges: 2666,
            all_edges: 21_931,
            features: 6130,
            finding: None,
        };
        assert_eq!(stats, expected);
    }

    #[test]
    fn the_input_of_a_finding_is_named() {
        let text = "artifact_prefix='f/'; Test unit written to f/crash-549e\nBase64: N0E=\n";
        assert_eq!(Stats::of(text, Duration::ZERO).finding.as_deref(), Some("f/crash-549e"));
    }
}
