//! Writes the plan, or compares it: `cargo run -p extstore-wire-plan -- [--check] [--protos DIR]`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
            other => return Err(format!("unknown argument {other}: [--check] [--protos DIR]")),
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

fn write(output: &Path, files: &[(String, String)]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", output.display());
    if output.exists() {
        std::fs::remove_dir_all(output).map_err(failed)?;
    }
    std::fs::create_dir_all(output).map_err(failed)?;
    files.iter().try_for_each(|(name, content)| std::fs::write(output.join(name), content)).map_err(failed)
}
