//! Compares the declared minimum Rust version with the compiler that everything is built with.

use std::process::Command;

use crate::failure::{Failure, While};
use crate::project::Project;

/// Demands that the declared minimum is the version that this run uses, so that all tests prove it.
pub(super) fn check(project: &Project) -> Result<Vec<String>, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .arg("--version")
        .current_dir(&project.root)
        .output()
        .while_doing("starting rustc")?;
    let used = String::from_utf8_lossy(&output.stdout).into_owned();
    let published = project.packages.iter().filter(|package| package.is_published());
    let declared = published.map(|package| (package.name.as_str(), package.rust_version.as_deref()));
    Ok(declared.filter_map(|(name, declared)| problem(name, declared, &used)).collect())
}

fn problem(name: &str, declared: Option<&str>, used: &str) -> Option<String> {
    let declared = declared.unwrap_or_default();
    // `1.95` stands for all of 1.95.
    let numbers = used.split_whitespace().nth(1).unwrap_or_default();
    let same =
        numbers == declared || numbers.strip_prefix(declared).is_some_and(|rest| rest.starts_with('.'));
    (declared.is_empty() || !same).then(|| {
        format!(
            "{name} declares Rust {declared:?}, and this is {}: declare what is tested, or build with what is declared",
            used.trim()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_compiler_that_is_used_may_be_declared() {
        let used = "rustc 1.95.0 (59807616e 2026-04-14)\n";
        assert_eq!(problem("p", Some("1.95"), used), None);
        assert_eq!(problem("p", Some("1.95.0"), used), None);
        for other in [None, Some("1.9"), Some("1.94"), Some("1.95.1"), Some("1.96")] {
            assert!(problem("p", other, used).is_some(), "{other:?}");
        }
    }
}
