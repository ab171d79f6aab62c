//! Writes the plan, or compares it: `cargo run -p extstore-wire-plan -- [--check] [--protos DIR]`.
//! `-- --visitor DIR` writes the positions of Go's payload visitor, which a test compares with the plan.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use extstore_wire_plan::visitor;

const VISITOR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/visitor.txt");
const OUTPUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/plan/generated");

fn main() -> ExitCode {
    match run() {
        Ok(message) => {
            println!("{message}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("wire-plan: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, String> {
    let (mut check, mut protos) = (false, None);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--check" => check = true,
            "--protos" => protos = Some(PathBuf::from(args.next().ok_or("--protos needs a directory")?)),
            "--visitor" => {
                return write_visitor(Path::new(&args.next().ok_or("--visitor needs a directory")?));
            }
            other => {
                return Err(format!("unknown argument {other}: [--check] [--protos DIR] or --visitor DIR"));
            }
        }
    }
    let source = extstore_wire_plan::compile(protos.as_deref())?;
    let files = extstore_wire_plan::generate(&source)?;
    let output = Path::new(OUTPUT);
    let stale = stale(output, &files);
    match (check, stale.is_empty()) {
        (_, true) => Ok(format!("the plan is current: {} files from {}", files.len(), source.name)),
        (true, false) => Err(format!("the plan is not current: {}", stale.join(", "))),
        (false, false) => write(output, &files).map(|()| format!("wrote {}", stale.join(", "))),
    }
}

/// Lists the files that differ, are missing or are left over.
fn stale(output: &Path, files: &[(String, String)]) -> Vec<String> {
    let differs = |name: &str, content: &str| {
        std::fs::read_to_string(output.join(name)).map_or(true, |found| found != content)
    };
    let mut stale: BTreeSet<String> =
        files.iter().filter(|(name, content)| differs(name, content)).map(|(name, _)| name.clone()).collect();
    let present = std::fs::read_dir(output).into_iter().flatten().flatten();
    let names = present.map(|entry| entry.file_name().to_string_lossy().into_owned());
    stale.extend(names.filter(|name| !files.iter().any(|(file, _)| file == name)));
    stale.into_iter().collect()
}

/// Writes the positions that the visitor of a downloaded Go module enters. Its directory names the version.
fn write_visitor(module: &Path) -> Result<String, String> {
    let go = std::fs::read_to_string(module.join(visitor::FILE)).map_err(|error| error.to_string())?;
    let version = module.file_name().unwrap_or_default().to_string_lossy();
    let mut text = format!(
        "# The positions that proxy/interceptor.go of go.temporal.io/{version} enters.\n\
         # Written by `cargo run -p extstore-wire-plan -- --visitor DIR`.\n"
    );
    let positions = visitor::positions(&go)?;
    positions.iter().for_each(|position| text.extend([position, "\n"]));
    std::fs::write(VISITOR, text).map_err(|error| error.to_string())?;
    Ok(format!("wrote {} positions of {version}", positions.len()))
}

fn write(output: &Path, files: &[(String, String)]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", output.display());
    if output.exists() {
        std::fs::remove_dir_all(output).map_err(failed)?;
    }
    std::fs::create_dir_all(output).map_err(failed)?;
    files.iter().try_for_each(|(name, content)| std::fs::write(output.join(name), content)).map_err(failed)
}
