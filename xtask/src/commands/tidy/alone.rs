//! Checks that each crate that a user compiles alone builds without its siblings.
//!
//! The tests do not show that, because they are built with the features of all members together.

use crate::failure::Failure;
use crate::process::Step;
use crate::project::{Package, Project};

/// Names members that are not published and that a user yet compiles alone: the demo, and xtask with the use of
/// containers. Each has the flags of that build.
const UNPUBLISHED: [(&str, &[&str]); 2] = [("extstore-demo", &[]), ("xtask", &["--all-features"])];

pub(crate) fn check(project: &Project) -> Result<Vec<String>, Failure> {
    let published = project.packages.iter().filter(|package| package.is_published());
    let published = published.map(|Package { name, .. }| (name.as_str(), [].as_slice()));
    let mut problems = Vec::new();
    for (name, flags) in published.chain(UNPUBLISHED) {
        let args = [["check", "--quiet", "--package", name].as_slice(), flags].concat();
        let finished = Step::cargo(project, &format!("alone-{name}"), args).run()?;
        if !finished.success {
            problems.push(format!(
                "{name} does not build alone: it leans on a feature that another member turns on; name the feature in its \
                 own manifest\n{}",
                finished.tail()
            ));
        }
    }
    Ok(problems)
}
