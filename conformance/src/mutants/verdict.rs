//! Judges what the suite found on a mutant.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Mutant, WITHOUT_MUTANT};
use crate::{MutantResult, cases};

/// Holds the cases that failed on one mutant, and judges them.
pub(super) struct Verdict {
    pub(super) mutant: Mutant,
    pub(super) failed: Vec<String>,
    pub(super) elapsed: Duration,
}

impl Verdict {
    fn killed(&self) -> bool {
        self.failed.iter().any(|case| case == self.mutant.killer)
    }

    fn others(&self, related: bool) -> Vec<String> {
        let others = self.failed.iter().filter(|case| *case != self.mutant.killer);
        others.filter(|case| self.mutant.expects(case) == related).cloned().collect()
    }

    pub(super) fn result(&self) -> MutantResult {
        MutantResult {
            name: self.mutant.name.to_owned(),
            killer: self.mutant.killer.to_owned(),
            outcome: if self.killed() { "killed" } else { "survived" }.to_owned(),
            also_failed: self.others(false),
            related_failed: self.others(true),
        }
    }
}

/// Cases that failed on no mutant although they have no reason.
pub(super) fn uncovered(verdicts: &[Verdict]) -> Vec<&'static str> {
    let failed: BTreeSet<&str> =
        verdicts.iter().flat_map(|verdict| verdict.failed.iter().map(String::as_str)).collect();
    let excused = |case: &str| WITHOUT_MUTANT.iter().any(|(id, _)| *id == case);
    cases::all().iter().map(|case| case.id).filter(|id| !failed.contains(id) && !excused(id)).collect()
}
