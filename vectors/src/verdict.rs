//! Says how one comparison ends, before it is a line of a report.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};

use crate::deviations::Rule;
use crate::report::Outcome;

/// Holds what a vector's run came to: the deviations that were applied, none where everything is the same.
pub(crate) type Verdict = Result<BTreeSet<Rule>, Disagreement>;

/// Says why a vector did not pass.
#[derive(Debug)]
pub(crate) enum Disagreement {
    /// Ours and the vector differ, or the vector contradicts itself.
    Wrong(String),
    /// The vector needs what this binary does not have.
    NotRun(String),
}

impl From<String> for Disagreement {
    fn from(reason: String) -> Self {
        Self::Wrong(reason)
    }
}

impl From<&str> for Disagreement {
    fn from(reason: &str) -> Self {
        Self::Wrong(reason.to_owned())
    }
}

/// Returns the verdict as a report states it.
pub(crate) fn outcome(verdict: Verdict) -> (Outcome, String) {
    match verdict {
        Ok(rules) if rules.is_empty() => (Outcome::Pass, String::new()),
        Ok(rules) => {
            let texts: Vec<&str> = rules.into_iter().map(Rule::text).collect();
            (Outcome::Deviation, texts.join("; "))
        }
        Err(Disagreement::Wrong(reason)) => (Outcome::Fail, reason),
        Err(Disagreement::NotRun(reason)) => (Outcome::NotRun, reason),
    }
}

/// Demands equality and says what was compared.
pub(crate) fn same<T: PartialEq + Debug + ?Sized>(what: &str, expected: &T, found: &T) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what}: expected {expected:?}, found {found:?}")) }
}

/// Demands equal bytes and names only lengths and the first difference, because payloads stay out of reports.
pub(crate) fn same_bytes(what: &str, expected: &[u8], found: &[u8]) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    let at = expected.iter().zip(found).position(|(a, b)| a != b).unwrap_or(expected.len().min(found.len()));
    let (expected, found) = (expected.len(), found.len());
    Err(format!("{what}: expected {expected} bytes, found {found}, and the first difference is at byte {at}"))
}

/// Demands a fact and says otherwise what is wrong.
pub(crate) fn ensure(holds: bool, otherwise: impl Display) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_string()) }
}
