//! Asks cargo for the workspace that the commands work on.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::canary;
use crate::failure::{Failure, While};
use crate::selection::Selection;

/// Holds the workspace, its target directory and the canary of this run.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
    pub(crate) canary: canary::Canary,
    /// Which members are compiled together.
    pub(crate) selection: Selection,
}

/// Describes a member of the workspace.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) rust_version: Option<String>,
    /// The registries that it may be published to; absent for all, empty for none.
    pub(crate) publish: Option<Vec<String>>,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

/// Holds one line of a member's dependency tables. `kind` is absent for a normal dependency.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Option<String>,
}

/// Describes something that cargo builds from a member.
#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Vec<String>,
    /// The file of its root module.
    pub(crate) src_path: PathBuf,
    /// Whether a run of all tests builds and runs it.
    pub(crate) test: bool,
}

impl Package {
    pub(crate) fn is_published(&self) -> bool {
        self.publish.as_ref().is_none_or(|registries| !registries.is_empty())
    }

    /// Returns the directory of its manifest.
    pub(crate) fn directory(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new(""))
    }

    /// Returns the names of the binaries whose documentation does not take the place of their library's.
    pub(crate) fn binaries_with_a_page(&self) -> impl Iterator<Item = &str> {
        let of = |kind: &'static str| {
            self.targets.iter().filter(move |target| target.kind.iter().any(|it| it == kind))
        };
        let has_library = move |name: &str| of("lib").any(|library| library.name == name.replace('-', "_"));
        of("bin").map(|binary| binary.name.as_str()).filter(move |name| !has_library(name))
    }
}

impl Target {
    /// Says whether the target is what the member is for: no test, example, bench or build script.
    pub(crate) fn is_product(&self) -> bool {
        self.kind.iter().any(|kind| ["lib", "proc-macro", "bin"].contains(&kind.as_str()))
    }

    /// Whether it is a test that a run of all tests leaves out, because without its inputs it fails.
    pub(crate) fn is_left_out(&self) -> bool {
        !self.test && self.kind.iter().any(|kind| kind == "test")
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Project {
    pub(crate) fn find() -> Result<Self, Failure> {
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .while_doing("starting cargo metadata")?;
        if !output.status.success() {
            return Err(Failure::Broken(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        let found: Metadata = serde_json::from_slice(&output.stdout).while_doing("reading cargo metadata")?;
        Ok(Self {
            root: found.workspace_root,
            target: found.target_directory,
            packages: found.packages,
            canary: canary::Canary::of_this_run()?,
            selection: Selection::of_environment(),
        })
    }

    /// Returns the directory that keeps the output of every step, so that the canary can be searched for in it.
    pub(crate) fn logs(&self) -> PathBuf {
        self.target.join("xtask-logs")
    }

    /// Writes a path as a reader of the terminal would type it.
    pub(crate) fn shown<'p>(&self, path: &'p Path) -> std::path::Display<'p> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    pub(crate) fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }
}

/// The cargo that runs us, so that a toolchain chosen on the command line stays in force.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
