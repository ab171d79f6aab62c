//! Finds the `.proto` files and compiles them.

use std::path::{Path, PathBuf};
use std::process::Command;

use prost_reflect::DescriptorPool;
use serde_json::Value;

const PACKAGE: &str = "temporalio-protos";

/// Holds compiled `.proto` files and the name of their package.
#[derive(Debug, Clone)]
pub struct Source {
    /// The package and its version, for the head of the generated files.
    pub name: String,
    /// The directory of the `.proto` files.
    pub directory: PathBuf,
    /// All of `temporal.api.*` and `google.rpc.Status`.
    pub pool: DescriptorPool,
}

/// Compiles the `.proto` files of a directory, or of the package that `Cargo.toml` pins.
///
/// The directory is laid out as in the package: `api_upstream/temporal/api/…` and `google/rpc/status.proto`.
///
/// # Errors
///
/// A sentence for a directory that is not there, or a file that does not compile.
pub fn compile(directory: Option<&Path>) -> Result<Source, String> {
    let (name, directory) = match directory {
        Some(directory) => (directory.display().to_string(), directory.to_owned()),
        None => package()?,
    };
    let api = directory.join("api_upstream");
    let mut files = vec![directory.join("google/rpc/status.proto")];
    collect(&api.join("temporal"), &mut files)?;
    let set = protox::compile(&files, [&api, &directory]).map_err(|error| format!("{error:?}"))?;
    let pool = DescriptorPool::from_file_descriptor_set(set).map_err(|error| error.to_string())?;
    Ok(Source { name, directory, pool })
}

/// Finds the package's name with its version, and the directory of its `.proto` files.
fn package() -> Result<(String, PathBuf), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--manifest-path", manifest])
        .output()
        .map_err(|error| format!("cargo metadata does not run: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr)))?;
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let package = packages
        .iter()
        .find(|package| package["name"] == PACKAGE)
        .ok_or_else(|| format!("{PACKAGE} is not among the workspace's packages"))?;
    let text = |key: &str| package[key].as_str().unwrap_or_default();
    let protos = Path::new(text("manifest_path")).with_file_name("protos");
    Ok((format!("{PACKAGE} {}", text("version")), protos))
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries =
        std::fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(path);
        }
    }
    Ok(())
}
