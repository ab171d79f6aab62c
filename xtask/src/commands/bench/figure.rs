//! Reads what the clients print, and computes the medians.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Holds one phase of one cell as a client measured it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Figure {
    pub(super) client: String,
    pub(super) phase: String,
    pub(super) size: usize,
    pub(super) batch: usize,
    #[serde(default)]
    pub(super) delay_ms: u32,
    pub(super) mb_s: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    /// Processor time of the client per payload.
    pub(super) cpu_ms: f64,
    /// Requests per payload, counted at the server.
    #[serde(default)]
    pub(super) requests: f64,
    #[serde(default)]
    pub(super) peak_mib: f64,
}

/// Holds everything that a run measured.
#[derive(Debug, Default, Serialize)]
pub(super) struct Results {
    /// Medians over the rounds.
    pub(super) figures: Vec<Figure>,
    /// The figures of every round.
    pub(super) rounds: Vec<Vec<Figure>>,
    /// Measurements beside the matrix, by name.
    pub(super) shapes: BTreeMap<String, f64>,
    /// Processors that others kept busy meanwhile.
    pub(super) load_by_others: f64,
    /// Clients and cells that failed, with the reason.
    pub(super) failures: Vec<String>,
}

impl Results {
    pub(super) fn is_complete(&self) -> bool {
        self.failures.is_empty() && !self.figures.is_empty()
    }

    pub(super) fn figure(
        &self,
        client: &str,
        phase: &str,
        (size, batch, delay_ms): (usize, usize, u32),
    ) -> Option<&Figure> {
        self.figures.iter().find(|figure| {
            figure.client == client
                && figure.phase == phase
                && (figure.size, figure.batch, figure.delay_ms) == (size, batch, delay_ms)
        })
    }

    /// Fills `figures` from `rounds`.
    pub(super) fn settle(&mut self) {
        let mut groups: Vec<Vec<Figure>> = Vec::new();
        for figure in self.rounds.iter().flatten() {
            match groups.iter_mut().find(|group| same_cell(&group[0], figure)) {
                Some(group) => group.push(figure.clone()),
                None => groups.push(vec![figure.clone()]),
            }
        }
        self.figures = groups.iter().map(|group| median(group)).collect();
    }
}

/// Reads the lines of JSON in a client's output; other lines are for people.
pub(super) fn lines(output: &str) -> impl Iterator<Item = Value> {
    output.lines().filter(|line| line.starts_with('{')).filter_map(|line| serde_json::from_str(line).ok())
}

fn same_cell(a: &Figure, b: &Figure) -> bool {
    let key = |f: &Figure| (f.client.clone(), f.phase.clone(), f.size, f.batch, f.delay_ms);
    key(a) == key(b)
}

fn median(group: &[Figure]) -> Figure {
    let middle = |field: fn(&Figure) -> f64| {
        let mut values: Vec<f64> = group.iter().map(field).collect();
        values.sort_by(f64::total_cmp);
        let (low, high) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
        (low + high) / 2.0
    };
    Figure {
        mb_s: middle(|f| f.mb_s),
        p50_ms: middle(|f| f.p50_ms),
        p99_ms: middle(|f| f.p99_ms),
        cpu_ms: middle(|f| f.cpu_ms),
        requests: middle(|f| f.requests),
        peak_mib: middle(|f| f.peak_mib),
        ..group[0].clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(client: &str, cpu_ms: f64) -> Figure {
        let line = serde_json::json!({
            "client": client, "phase": "fresh", "size": 1, "batch": 1, "mb_s": 1.0, "p50_ms": 1.0, "p99_ms": 1.0,
            "cpu_ms": cpu_ms, "requests": 1.0, "peak_mib": 1.0,
        });
        serde_json::from_value(line).unwrap()
    }

    #[test]
    fn each_client_has_the_median_of_its_own_rounds() {
        let rounds = [1.0, 9.0, 2.0].map(|cpu| vec![figure("a", cpu), figure("b", cpu + 10.0)]);
        let mut results = Results { rounds: rounds.to_vec(), ..Results::default() };
        results.settle();
        assert_eq!(results.figures.iter().map(|f| f.cpu_ms).collect::<Vec<_>>(), [2.0, 12.0]);
        assert!(results.figure("b", "fresh", (1, 1, 20)).is_none());
    }
}
