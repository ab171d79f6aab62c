//! Prepares the official TypeScript SDK, with its S3 driver in `@temporalio/external-storage-s3`.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Program, install, once, places, tool};
use crate::failure::{Failure, While};
use crate::process::Step;
use crate::project::Project;

const PACKAGES: [&str; 2] = ["package.json", "package-lock.json"];
const NEED: &str = "Node 20.3 or newer with npm (on Debian: apt-get install nodejs npm)";
const RECENT: &str = "const [major, minor] = process.versions.node.split('.'); \
                      process.exit(+major > 20 || (+major === 20 && +minor >= 3) ? 0 : 1)";

pub(super) fn prepare(project: &Project) -> Result<Result<Program, String>, Failure> {
    if let Err(missing) = tool("node", &["-e", RECENT], NEED).and(tool("npm", &["--version"], NEED)) {
        return Ok(Err(missing));
    }
    let (sources, built) = places(project, "typescript")?;
    let npm = |name: &str, args: &[&str]| {
        let prefix = ["--prefix".into(), built.clone().into_os_string()];
        Step::program(project, name, "npm", prefix.into_iter().chain(args.iter().map(Into::into)))
    };
    let packages = PACKAGES.map(|name| sources.join(name));
    once(&built.join("installed"), &packages, || {
        copy(&sources, &built, &packages)?;
        let ci = npm("interop-typescript-install", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        install(ci, "installing the TypeScript SDK; is the package registry reachable?")
    })?;
    let code = code(&sources)?;
    once(&built.join("compiled"), &[packages.as_slice(), &code].concat(), || {
        copy(&sources, &built, &code)?;
        install(npm("interop-typescript-build", &["run", "build"]), "compiling the peer in TypeScript")
    })?;
    Ok(Ok(Program::new("node").arg(built.join("lib/peer.js"))))
}

/// Lists what is compiled and how, in a fixed order.
fn code(sources: &Path) -> Result<Vec<PathBuf>, Failure> {
    let code = fs::read_dir(sources.join("src")).while_doing("listing the TypeScript peer's sources")?;
    let mut files: Vec<_> = code.filter_map(|file| file.ok().map(|file| file.path())).collect();
    files.push(sources.join("tsconfig.json"));
    files.sort();
    Ok(files)
}

/// npm installs beside the manifest, and nothing is installed into the tree.
fn copy(sources: &Path, built: &Path, files: &[PathBuf]) -> Result<(), Failure> {
    fs::create_dir_all(built.join("src")).while_doing(built.display())?;
    for file in files {
        let inside = file.strip_prefix(sources).while_doing(file.display())?;
        fs::copy(file, built.join(inside)).while_doing(file.display())?;
    }
    Ok(())
}
