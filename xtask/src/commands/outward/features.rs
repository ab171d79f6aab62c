//! Builds every published crate that has features with none and with each alone. The packages are built with all of them.

use crate::failure::Failure;
use crate::process::Step;
use crate::project::{Package, Project};

pub(super) fn check(project: &Project) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for package in project.packages.iter().filter(|package| package.is_published()) {
        for flags in selections(package) {
            let name = format!("outward-features-{}", package.name);
            let args = ["check", "--quiet", "--package", &package.name];
            let args = args.into_iter().chain(flags.iter().map(String::as_str));
            let finished = Step::cargo(project, &name, args).run()?;
            if !finished.success {
                problems.push(format!("{} {}\n{}", package.name, flags.join(" "), finished.tail()));
            }
        }
    }
    Ok(problems)
}

/// The flags of each run. A crate without features has none, because everything else builds it.
fn selections(package: &Package) -> Vec<Vec<String>> {
    if package.features.is_empty() {
        return Vec::new();
    }
    let without_defaults = || vec!["--no-default-features".to_owned()];
    let each = package.features.keys().filter(|feature| *feature != "default");
    let alone =
        each.map(|feature| [without_defaults(), vec!["--features".to_owned(), feature.clone()]].concat());
    [without_defaults()].into_iter().chain(alone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_is_built_alone() {
        let features = ["default", "a", "b"].map(|name| (name.to_owned(), Vec::new()));
        let package = Package { features: features.into(), ..Package::default() };
        let flags: Vec<_> = selections(&package).iter().map(|flags| flags.join(" ")).collect();
        let alone = ["a", "b"].map(|name| format!("--no-default-features --features {name}"));
        assert_eq!(flags, ["--no-default-features", &alone[0], &alone[1]]);
        assert!(selections(&Package::default()).is_empty());
    }
}
