//! Checks that each driver builds with the core alone, without other drivers.

use crate::failure::Failure;
use crate::process::Step;
use crate::project::Project;

use super::arrows;

pub(crate) fn check(project: &Project) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for driver in arrows::drivers(project) {
        let name = format!("alone-{}", driver.name);
        let finished = Step::cargo(project, &name, ["check", "--quiet", "--package", &driver.name]).run()?;
        if !finished.success {
            problems.push(format!(
                "{} does not build alone: it leans on a feature that another member turns on; name the feature in its \
                 own manifest\n{}",
                driver.name,
                finished.tail()
            ));
        }
    }
    Ok(problems)
}
