//! Looks for misspelt words, by `typos`. `typos.toml` says which words are none.

use crate::failure::Failure;
use crate::packages;
use crate::process::Step;
use crate::project::Project;

const VERSION: &str = "1.52.0";

pub(super) fn check(project: &Project) -> Result<Vec<String>, Failure> {
    let typos = packages::program(&project.target.join("tools"), "typos", VERSION, "typos")?;
    let finished = Step::program(project, "outward-spelling", typos, ["--format", "brief"]).run()?;
    if finished.success {
        return Ok(Vec::new());
    }
    let mut problems: Vec<_> = finished.text().lines().map(str::to_owned).collect();
    problems.push("mend the word, or say in typos.toml why it is right".to_owned());
    Ok(problems)
}
