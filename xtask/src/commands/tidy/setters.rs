//! Every driver has all setters of the engine: its options invoke `object_setters!`.

use std::fs;

use crate::failure::{Failure, While};
use crate::project::Project;

use super::arrows;

pub(crate) fn check(project: &Project) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for driver in arrows::drivers(project) {
        let file = driver.directory().join("src/options.rs");
        let options = fs::read_to_string(&file).while_doing(file.display())?;
        problems.extend(problem(&driver.name, &options));
    }
    Ok(problems)
}

fn problem(driver: &str, options: &str) -> Option<String> {
    let invokes = |line: &str| line.trim_start().starts_with("extstore::object_setters!(");
    (!options.lines().any(invokes)).then(|| {
        format!(
            "{driver} lacks setters that every driver has: invoke `extstore::object_setters!(object)` in the `impl` block of \
             its options (src/options.rs)"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_forget_the_setters_are_found() {
        let options = |line: &str| format!("impl MyOptions {{\n    {line}\n}}\n");
        assert_eq!(problem("extstore-x", &options("extstore::object_setters!(object);")), None);
        for line in ["// extstore::object_setters!(object);", "pub fn with_name(self) -> Self { self }"] {
            let found = problem("extstore-x", &options(line)).unwrap();
            assert!(found.starts_with("extstore-x ") && found.contains("object_setters!"), "{found}");
        }
    }
}
