//! Judges the figures of the demo: hundreds of megabytes have moved through small histories.

use serde::Deserialize;

const MIB: u64 = 1 << 20;

/// Holds the figures that are judged; the demo writes more.
#[derive(Debug, Deserialize)]
pub(super) struct Figures {
    /// The size of the histories as the server counts it.
    history_bytes: u64,
    /// The size that they would have without External Storage.
    history_bytes_inline: u64,
    objects: u64,
    payload_bytes: u64,
    /// The address of the Web UI.
    ui: String,
}

impl Figures {
    /// Returns what is wrong with the figures, one sentence each.
    pub(super) fn problems(&self) -> Vec<String> {
        let Self { history_bytes, history_bytes_inline, objects, payload_bytes, ui } = self;
        let checks = [
            (
                (1..20_000).contains(history_bytes),
                format!("the histories are not small: {history_bytes} bytes"),
            ),
            (
                *history_bytes_inline > 100 * MIB,
                format!("too little was moved: {history_bytes_inline} bytes"),
            ),
            (
                *objects >= 10 && *payload_bytes > 100 * MIB,
                format!("the store holds too little: {objects} objects, {payload_bytes} bytes"),
            ),
            (ui.starts_with("http://127.0.0.1:"), format!("the Web UI has no local address: {ui:?}")),
        ];
        checks.into_iter().filter(|(holds, _)| !holds).map(|(_, problem)| problem).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        Figures {
            history_bytes: 12_000,
            history_bytes_inline: 300 * MIB,
            objects: 12,
            payload_bytes: 150 * MIB,
            ui: "http://127.0.0.1:1/".to_owned(),
        }
    }

    #[test]
    fn figures_of_a_demo_that_moved_its_payloads_pass() {
        assert!(figures().problems().is_empty());
    }

    #[test]
    fn each_figure_is_judged() {
        for (wrong, word) in [
            (Figures { history_bytes: 0, ..figures() }, "histories"),
            (Figures { history_bytes: 20_000, ..figures() }, "histories"),
            (Figures { history_bytes_inline: 100 * MIB, ..figures() }, "moved"),
            (Figures { objects: 9, ..figures() }, "store"),
            (Figures { payload_bytes: 100 * MIB, ..figures() }, "store"),
            (Figures { ui: String::new(), ..figures() }, "Web UI"),
        ] {
            let problems = wrong.problems();
            assert!(problems.len() == 1 && problems[0].contains(word), "{problems:?}");
        }
    }
}
