//! Reports what a run found, as a summary for people and as JSON for `cargo xtask vectors`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

/// Says how a vector ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything is the same.
    Pass,
    /// Everything is the same after one of the four rules was applied.
    Deviation,
    /// Something differs.
    Fail,
    /// Nothing was compared.
    NotRun,
}

/// Holds one vector's line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The name of the file that the vector stands in, without its directory.
    pub file: String,
    /// The vector's name.
    pub name: String,
    /// Says how it ended.
    pub outcome: Outcome,
    /// The rules of a deviation, or the difference; empty for a pass.
    pub reason: String,
}

/// Holds the report of one binary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The vectors that this binary is responsible for.
    pub vectors: Vec<Entry>,
}

impl Report {
    /// Says whether nothing failed and nothing was left out.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.vectors.iter().all(|entry| matches!(entry.outcome, Outcome::Pass | Outcome::Deviation))
    }

    /// Prints the counts of each file, and every vector that did not pass.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let mut counts: BTreeMap<(&str, Outcome), usize> = BTreeMap::new();
        for entry in &self.vectors {
            *counts.entry((&entry.file, entry.outcome)).or_default() += 1;
            if entry.outcome != Outcome::Pass {
                writeln!(out, "{:?} {} {}: {}", entry.outcome, entry.file, entry.name, entry.reason)?;
            }
        }
        for ((file, outcome), count) in counts {
            writeln!(out, "{file}: {count} {outcome:?}")?;
        }
        Ok(())
    }
}
