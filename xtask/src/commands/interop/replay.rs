//! Replays the kept histories with the workflows of the peer in Rust.

use std::path::Path;

use crate::failure::{Failure, While};
use crate::programs;
use crate::project::Project;

/// Says whether every history replayed and every payload in it resolved; the lines of the test say which did not.
pub(super) fn run(project: &Project, histories: &Path) -> Result<bool, Failure> {
    let histories = std::path::absolute(histories).while_doing(histories.display())?;
    let program = programs::one(project, "extstore-interop", "test", "peers")?;
    let step = program.step(project, "interop-replay");
    let replayed = step.env("EXTSTORE_REPLAY_HISTORIES", &histories).run()?;
    match replayed.text().lines().find(|line| line.contains("replayed histories")) {
        Some(line) if replayed.success => println!("{line}"),
        _ => println!(
            "replaying the histories failed; the output is in {}:\n{}",
            project.shown(&replayed.log),
            replayed.tail()
        ),
    }
    Ok(replayed.success)
}
