//! Makes the images that tests start, from packages, without any image registry.
//!
//! An image is one server's binary in an otherwise empty root: no shell, no base image. It is built only when it is
//! absent, so whoever has a registry can put their own image under the same name.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::backends::Backend;
use super::engine;
use crate::failure::{Failure, While};
use crate::project::Project;

/// Builds the backend's image if it is absent, and says whether it was.
pub(crate) fn ensure(project: &Project, backend: &Backend) -> Result<bool, Failure> {
    if engine::has_image(&backend.image()) {
        return Ok(false);
    }
    let cache = project.target.join("images-cache");
    // Two runs that build the same image at the same time must not write into one root.
    let root = cache.join(format!("root-{}-{}", backend.name, std::process::id()));
    let built = lay_out(&root)
        .and_then(|()| (backend.fill)(&cache, &root))
        .and_then(|()| make_executable(&root.join(backend.entrypoint.trim_start_matches('/'))))
        .and_then(|()| import(&root, backend));
    // What is left of the root is of no use, whether the build succeeded or not.
    let _ = fs::remove_dir_all(&root);
    built.map(|()| true)
}

/// Makes the directories that every server expects.
fn lay_out(root: &Path) -> Result<(), Failure> {
    for directory in ["data", "tmp", "etc"] {
        fs::create_dir_all(root.join(directory)).while_doing(root.display())?;
    }
    let sticky = fs::Permissions::from_mode(0o1777);
    fs::set_permissions(root.join("tmp"), sticky).while_doing(root.display())?;
    fs::write(root.join("etc/passwd"), "root:x:0:0:root:/:/\n").while_doing(root.display())
}

fn make_executable(file: &Path) -> Result<(), Failure> {
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).while_doing(file.display())
}

/// Runs `tar | docker import`.
fn import(root: &Path, backend: &Backend) -> Result<(), Failure> {
    let mut tar = Command::new("tar")
        .args(["--owner=0", "--group=0", "--numeric-owner", "--create", "--directory"])
        .arg(root)
        .arg(".")
        .stdout(Stdio::piped())
        .spawn()
        .while_doing("starting tar")?;
    let archive = tar.stdout.take().map_or_else(Stdio::null, Stdio::from);
    let output = Command::new("docker")
        .arg("import")
        .args(["--change", &format!("ENTRYPOINT [\"{}\"]", backend.entrypoint)])
        .args(["--change", "WORKDIR /data"])
        .args(["--change", &format!("EXPOSE {}", backend.port)])
        .args(["-", &backend.image()])
        .stdin(archive)
        .output()
        .while_doing("starting docker import")?;
    let packed = tar.wait().while_doing("tar")?;
    if packed.success() && output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Failure::Broken(format!("making {} failed: {text}", backend.image())))
}
