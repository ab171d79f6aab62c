//! Holds the findings of the kill loop, and judges them.

use serde::Serialize;

/// Holds the findings of the kill loop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SoakReport {
    /// The number of kills.
    pub kills: u64,
    /// The kills at which a store had begun and not ended.
    pub with_store_in_flight: u64,
    /// The number of acknowledged stores.
    pub acknowledged: u64,
    /// The acknowledged stores that could not be retrieved, or not with their content.
    pub lost: u64,
    /// The visible objects that were not whole.
    pub torn: u64,
    /// The temporary files and unfinished uploads that the store's own sweep left.
    pub leftovers_after_sweep: u64,
}

impl SoakReport {
    /// Says why the run is no success; empty where it is one.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        for (count, what) in [
            (self.lost, "acknowledged payloads were lost"),
            (self.torn, "visible objects were torn"),
            (self.leftovers_after_sweep, "leftovers survived the sweep"),
        ] {
            if count > 0 {
                complaints.push(format!("{count} {what}"));
            }
        }
        if self.kills == 0 || self.acknowledged == 0 {
            complaints.push("nothing was killed or nothing was acknowledged: the loop proves nothing".into());
        }
        if self.with_store_in_flight * 4 < self.kills * 3 {
            complaints.push("fewer than three quarters of the kills fell while a store was in flight".into());
        }
        complaints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_defect_is_a_complaint_and_so_is_a_run_that_proves_nothing() {
        let good = SoakReport { kills: 4, with_store_in_flight: 3, acknowledged: 9, ..SoakReport::default() };
        assert!(good.complaints().is_empty());
        let bad = [
            SoakReport { lost: 1, ..good.clone() },
            SoakReport { torn: 1, ..good.clone() },
            SoakReport { leftovers_after_sweep: 1, ..good.clone() },
            SoakReport { with_store_in_flight: 2, ..good.clone() },
            SoakReport { acknowledged: 0, ..good },
            SoakReport::default(),
        ];
        assert!(bad.iter().all(|report| !report.complaints().is_empty()));
    }
}
