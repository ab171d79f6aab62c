use crate::failure::{Outcome, Verdict};
use crate::project::Project;
pub(crate) fn run(_: &Project, _: lexopt::Parser) -> Outcome {
    Ok(Verdict::Passed)
}
