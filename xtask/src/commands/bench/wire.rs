//! Implements `cargo xtask bench --wire`: measures the wire engine beside prost, in one run of `extstore-wire-bench`.

use std::path::Path;

use crate::failure::{Failure, Outcome, Verdict, While};
use crate::process::Step;
use crate::project::Project;

const PACKAGE: &str = "extstore-wire-bench";

/// Measures, prints, and fails where scanning takes more than its share of prost's time or allocates for a payload.
///
/// Unlike the targets of the drivers this one is a limit: both sides are measured in turn on one core, in memory, and
/// the best of many rounds counts, so that a busy machine changes the ratio little.
pub(super) fn run(project: &Project, json: Option<&Path>) -> Outcome {
    // Built first, and in the open, so that nothing compiles while the clock runs.
    let build = Step::cargo(project, "wire-bench-build", ["build", "--release", "--package", PACKAGE]);
    let built = build.run()?;
    if !built.success {
        return Err(Failure::Broken(format!("{PACKAGE} does not compile\n{}", built.tail())));
    }
    let mut args: Vec<_> = ["run", "--release", "--quiet", "--package", PACKAGE, "--"].map(Into::into).into();
    if let Some(file) = json {
        // The program runs in the project's root.
        let file = std::path::absolute(file).while_doing(file.display())?;
        args.extend(["--json".into(), file.into_os_string()]);
    }
    Ok(Verdict::of(Step::cargo(project, "wire-bench", args).live().run()?.success))
}
