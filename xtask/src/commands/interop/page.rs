//! Writes `docs/interop.md` for `cargo xtask interop --write`.

use std::fs;

use super::positions;
use super::report::{Report, Row};
use super::round::PAIRINGS;
use crate::failure::{Failure, While};
use crate::project::Project;

const HOW: &str = "\
One Temporal server, one bucket, and a worker and a client in each SDK with its own S3 driver under the default name and the
default threshold. Writer and reader are two processes, also where both are Rust. A cell passes only if

1. the reader reported the digest of the content, which the runner computes itself;
2. the raw Event History holds a reference to the bucket at that place, or for a query's answer the raw response does;
3. on the wire, the writer stored the object and the reader fetched it: each peer reaches the store through a tap of its own.

[The peers](../interop/README.md) say what they do, `xtask/src/commands/interop/positions.rs` which way each payload takes. The official
SDKs are not tried with each other: what they cannot read of one another is in [wire-format.md](wire-format.md).
";

const NOTES: &str = "\
* **query**: the argument is the writer's client's, the answer the writer's workflow's; both are tried. There is no history
  of them: the argument is proved by the tap alone, the answer by the raw response as well.
* **update**: as for a query, but with a history: the acceptance holds the client's request and so its reference, the
  completion the worker's.
* **memo**: read in a workflow and by describing it. In Go, only `DescribeWorkflow` and its `GetMemoValue` restore a memo;
  `DescribeWorkflowExecution` returns references as they stand, and a workflow finds the payload in `GetInfo` restored but not
  decoded.
* **failure details**: of a workflow, read by a client, and of an activity, read by a workflow. In Go, failures pass the
  codec only with a `FailureConverter` over the same data converter.
";

pub(super) fn write(project: &Project, report: &Report) -> Result<(), Failure> {
    let path = project.root.join("docs/interop.md");
    fs::write(&path, page(report)).while_doing(path.display())
}

fn page(report: &Report) -> String {
    let passed = report.rows.iter().filter(|row| row.outcome == "pass").count();
    let versions = report.versions.iter().map(|(name, version)| format!("| {name} | {version} |\n"));
    format!(
        "# Interoperability\n\n\
         `cargo xtask interop --write` wrote this page: change the program, not the page.\n\n\
         {HOW}\n\
         ## Result\n\n\
         {passed} of {} passed: {} pairings, {} positions, without a codec and with one. A cell names both codecs, the one \
         without first.\n\n{}\n{}\
         ## Versions\n\n| what | version |\n|---|---|\n{}\n\
         ## Notes\n\n{NOTES}",
        report.rows.len(),
        PAIRINGS.len(),
        positions::ALL.len(),
        table(&report.rows),
        reasons(&report.rows),
        versions.collect::<String>(),
    )
}

/// Writes a table with a row per position and a column per pairing.
fn table(rows: &[Row]) -> String {
    let heads: Vec<_> = PAIRINGS.iter().map(|(writer, reader)| format!("{writer} → {reader}")).collect();
    let mut table = format!("| position | {} |\n|---|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
    for position in &positions::ALL {
        let cells: Vec<_> = PAIRINGS.iter().map(|pairing| cell(rows, position.name, *pairing)).collect();
        table += &format!("| {} | {} |\n", position.name.replace('_', " "), cells.join(" | "));
    }
    table
}

fn cell(rows: &[Row], position: &str, (writer, reader): (&str, &str)) -> String {
    let here = rows.iter().filter(|row| (row.position, row.writer, row.reader) == (position, writer, reader));
    here.map(|row| row.outcome).collect::<Vec<_>>().join(", ")
}

/// Lists what did not pass, each with its reason.
fn reasons(rows: &[Row]) -> String {
    let lines: String = rows
        .iter()
        .filter(|row| row.outcome != "pass")
        .map(|row| {
            let Row { writer, reader, codec, position, outcome, reason } = row;
            format!("* {writer} → {reader}, codec {codec}, {position}: {outcome}: {reason}\n")
        })
        .collect();
    if lines.is_empty() { lines } else { format!("{lines}\n") }
}
