//! Talks to the container engine through its command line.

use std::process::{Command, Stdio};

use crate::failure::{Failure, While};

/// Names the label that says which process a container belongs to, so that a killed process leaves no container
/// behind for ever.
pub(crate) const OWNER_LABEL: &str = "test.extstore.owner";

/// Says why there is no container engine, and what to do about it.
pub(crate) fn why_unavailable() -> Option<String> {
    match docker(&["version", "--format", "{{.Server.Version}}"]) {
        Ok(_) => None,
        Err(reason) => Some(format!(
            "no container engine answers ({}); on Debian: `.ci/engine start` installs docker.io and starts it",
            reason.to_string().lines().next().unwrap_or_default()
        )),
    }
}

/// Runs `docker ARGS` and returns what it prints.
pub(crate) fn docker(args: &[&str]) -> Result<String, Failure> {
    let output =
        Command::new("docker").args(args).stdin(Stdio::null()).output().while_doing("starting docker")?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Failure::Broken(format!("docker {}: {text}", args.join(" "))))
    }
}

pub(crate) fn has_image(image: &str) -> bool {
    docker(&["image", "inspect", "--format", "{{.Id}}", image]).is_ok()
}

/// Returns all that a container has printed, on either stream.
#[cfg_attr(not(feature = "containers"), allow(dead_code))]
pub(crate) fn log(container: &str) -> Result<String, Failure> {
    let output =
        Command::new("docker").args(["logs", container]).output().while_doing("starting docker logs")?;
    Ok(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// Removes the containers of earlier runs that were killed before they could remove them.
#[cfg_attr(not(feature = "containers"), allow(dead_code))]
pub(crate) fn sweep() -> Result<(), Failure> {
    let format = format!("{{{{.ID}}}} {{{{.Label \"{OWNER_LABEL}\"}}}}");
    let listed = docker(&["ps", "--all", "--filter", &format!("label={OWNER_LABEL}"), "--format", &format])?;
    for line in listed.lines() {
        let Some((id, owner)) = line.split_once(' ') else { continue };
        if !std::path::Path::new("/proc").join(owner).exists() {
            docker(&["rm", "--force", "--volumes", id])?;
        }
    }
    Ok(())
}
