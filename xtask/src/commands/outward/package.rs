//! Packages every published crate, and builds them from what the packages hold.
//!
//! Cargo's own verification builds one crate after the other, each with all of its dependencies. Here they are unpacked
//! beside each other and built together, with all features: a file that a package lacks is missed all the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::{Failure, While};
use crate::process::Step;
use crate::project::{Package, Project};

pub(super) fn check(project: &Project) -> Result<Vec<String>, Failure> {
    let published: Vec<_> = project.packages.iter().filter(|package| package.is_published()).collect();
    // In one command, so that each finds those that it depends on although no registry has them.
    let mut args = vec!["package", "--quiet", "--no-verify", "--allow-dirty"];
    args.extend(published.iter().flat_map(|package| ["--package", &package.name]));
    let packaged = Step::cargo(project, "outward-package", args).run()?;
    if !packaged.success {
        return Ok(vec![packaged.tail()]);
    }
    let workspace = project.target.join("outward");
    unpack(project, &published, &workspace)?;
    let manifest = workspace.join("Cargo.toml").display().to_string();
    let args = ["check", "--quiet", "--workspace", "--all-features", "--manifest-path", &manifest];
    let built = Step::cargo(project, "outward-build", args).env("CARGO_TARGET_DIR", &project.target).run()?;
    Ok(if built.success { Vec::new() } else { vec![built.tail()] })
}

/// Lays the packages beside each other as members of a workspace in which they find each other.
fn unpack(project: &Project, published: &[&Package], workspace: &Path) -> Result<(), Failure> {
    // What an earlier run left must not take part.
    let _ = fs::remove_dir_all(workspace);
    fs::create_dir_all(workspace).while_doing(workspace.display())?;
    for package in published {
        let name = format!("{}-{}", package.name, package.version);
        let archive = project.target.join("package").join(format!("{name}.crate"));
        let unpacked = Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(workspace).status();
        if !unpacked.while_doing("starting tar")?.success() {
            return Err(Failure::Broken(format!("{} cannot be unpacked", archive.display())));
        }
        fs::rename(workspace.join(&name), workspace.join(&package.name)).while_doing(name)?;
    }
    fs::write(workspace.join("Cargo.toml"), manifest(published)).while_doing("writing a manifest")?;
    // The versions that everything else was built with.
    fs::copy(project.root.join("Cargo.lock"), workspace.join("Cargo.lock"))
        .while_doing("Cargo.lock")
        .map(drop)
}

fn manifest(published: &[&Package]) -> String {
    let names: Vec<_> = published.iter().map(|package| format!("{:?}", package.name)).collect();
    let patches: Vec<_> =
        published.iter().map(|package| format!("{0} = {{ path = \"{0}\" }}\n", package.name)).collect();
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[patch.crates-io]\n{}\n\
         # As in the repository, so that what was compiled there is used again.\n\
         [profile.dev]\ndebug = 0\nincremental = false\n",
        names.join(", "),
        patches.concat()
    )
}
