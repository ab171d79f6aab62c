//! Checks which crate may know which, as drawn in the architecture.

use crate::project::{Dependency, Package, Project};

/// Lists each member and the members that it may depend on. Tests may use more: development dependencies are not
/// looked at.
const ARROWS: &[(&str, &[&str])] = &[
    ("extstore", &[]),
    ("extstore-s3", &["extstore"]),
    ("extstore-gcs", &["extstore"]),
    ("extstore-azure", &["extstore"]),
    ("extstore-redis", &["extstore"]),
    ("extstore-bigtable", &["extstore"]),
    ("extstore-disk", &["extstore"]),
    ("extstore-object-store", &["extstore"]),
    ("extstore-wire", &[]),
    ("extstore-wire-plan", &[]),
    ("extstore-wire-bench", &["extstore-wire"]),
    ("extstore-gateway", &["extstore-wire", "extstore"]),
    ("extstore-temporal", &["extstore-gateway", "extstore"]),
    ("extstore-proxy", &["extstore-gateway", "extstore"]),
    ("extstore-codec-server", &["extstore"]),
    ("extstore-conformance", &["extstore"]),
    ("extstore-vectors", &["extstore"]),
    ("extstore-testkit", &["extstore-conformance", "extstore"]),
    ("extstore-demo", &["extstore-temporal", "extstore-disk", "extstore"]),
    ("extstore-interop", &["extstore-temporal", "extstore-s3", "extstore"]),
    ("xtask", &[]),
];

/// Lists crates of a vendor, of a Temporal SDK or of gRPC, by the start of their names.
const VENDORS: &[&str] = &[
    "aws-",
    "azure_",
    "bigtable_rs",
    "google-cloud-",
    "object_store",
    "prost",
    "redis",
    "rusqlite",
    "temporalio",
    "tonic",
];

/// Lists the members that know no vendor at all.
const VENDOR_FREE: &[&str] = &[
    "extstore",
    "extstore-conformance",
    "extstore-gateway",
    "extstore-testkit",
    "extstore-vectors",
    "extstore-wire",
    "xtask",
];

/// Lists the members that depend on the core alone, as a driver does, and are no driver.
const NO_DRIVERS: &[&str] = &["extstore-codec-server", "extstore-conformance", "extstore-vectors"];

/// Returns the drivers: members that may depend on the core and on nothing else of ours.
pub(crate) fn drivers(project: &Project) -> impl Iterator<Item = &Package> {
    project.packages.iter().filter(|package| {
        !NO_DRIVERS.contains(&package.name.as_str()) && allowed(&package.name) == Some(&["extstore"])
    })
}

pub(crate) fn check(project: &Project) -> Vec<String> {
    let members: Vec<_> = project.packages.iter().map(|package| package.name.as_str()).collect();
    project.packages.iter().flat_map(|package| check_package(package, &members)).collect()
}

fn check_package(package: &Package, members: &[&str]) -> Vec<String> {
    let name = package.name.as_str();
    let shipped = |dependency: &&Dependency| dependency.kind.as_deref() != Some("dev");
    let dependencies: Vec<_> =
        package.dependencies.iter().filter(shipped).map(|dependency| dependency.name.as_str()).collect();
    let mut problems = Vec::new();
    match allowed(name) {
        // The command line offers everything.
        None if name == "extstore-cli" => {}
        None => {
            problems.push(format!("{name} has no arrows: draw them in xtask/src/commands/tidy/arrows.rs"))
        }
        Some(arrows) => {
            let ours = dependencies.iter().filter(|name| members.contains(name));
            problems.extend(ours.filter(|other| !arrows.contains(other)).map(|other| {
                format!("{name} → {other} is not an arrow of the architecture: move what it needs, or ask its user to bring it")
            }));
        }
    }
    let is_vendors = |name: &&&str| VENDORS.iter().any(|vendor| name.starts_with(vendor));
    if VENDOR_FREE.contains(&name) {
        problems.extend(dependencies.iter().filter(is_vendors).map(|vendor| {
            format!(
                "{name} depends on {vendor}: what needs a vendor's crate belongs into that driver's crate"
            )
        }));
    }
    let beyond_bytes = |other: &&&str| **other != "bytes";
    if name == "extstore-wire" {
        let others = dependencies.iter().filter(beyond_bytes);
        problems.extend(
            others.map(|other| format!("{name} depends on {other}: it knows `bytes` and nothing else")),
        );
    }
    problems
}

fn allowed(name: &str) -> Option<&'static [&'static str]> {
    ARROWS.iter().find(|(member, _)| *member == name).map(|(_, arrows)| *arrows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(name: &str, dependencies: &[(&str, Option<&str>)]) -> usize {
        let dependencies = dependencies
            .iter()
            .map(|(name, kind)| Dependency { name: (*name).into(), kind: kind.map(str::to_owned) })
            .collect();
        let package = Package { name: name.into(), dependencies, ..Package::default() };
        check_package(&package, &["extstore", "extstore-s3", "extstore-disk", "xtask"]).len()
    }

    #[test]
    fn a_driver_knows_the_core_and_no_other_driver() {
        assert_eq!(problems("extstore-s3", &[("extstore", None), ("aws-sdk-s3", None)]), 0);
        assert_eq!(problems("extstore-s3", &[("extstore-disk", None)]), 1);
        assert_eq!(problems("extstore-s3", &[("extstore-disk", Some("dev"))]), 0);
        assert_eq!(problems("extstore-s3", &[("extstore-disk", Some("build"))]), 1);
    }

    #[test]
    fn the_core_and_the_tasks_know_no_vendor() {
        assert_eq!(problems("extstore", &[("tonic", None), ("aws-sdk-s3", None)]), 2);
        assert_eq!(problems("xtask", &[("extstore-s3", None)]), 1);
        assert_eq!(problems("extstore-wire", &[("bytes", None), ("serde", None)]), 1);
    }

    #[test]
    fn a_new_member_needs_arrows() {
        assert_eq!(problems("extstore-new", &[]), 1);
    }
}
