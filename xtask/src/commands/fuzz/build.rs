//! Compiles the targets with libFuzzer's instrumentation.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, While};
use crate::process::Step;
use crate::project::Project;

/// Counts how often each edge is taken, and shows libFuzzer what is compared with what. All of these are options of
/// the stable compiler.
const INSTRUMENTATION: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];

/// Holds the compiled targets.
#[derive(Debug)]
pub(super) struct Programs {
    directory: PathBuf,
}

impl Programs {
    pub(super) fn of(&self, target: &str) -> PathBuf {
        self.directory.join(format!("{target}{}", std::env::consts::EXE_SUFFIX))
    }
}

pub(super) fn programs(project: &Project) -> Result<Programs, Failure> {
    if !runs("c++") {
        return Err(Failure::Broken("libFuzzer needs a C++ compiler: install g++ or clang".to_owned()));
    }
    let host = host()?;
    let target = project.target.join("fuzz");
    let args = ["build", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target-dir"].map(Into::into);
    let args = args.into_iter().chain([target.clone().into_os_string()]);
    // With a target named, build scripts and macros are compiled without instrumentation.
    let args = args.chain(["--target".into(), host.clone().into()]);
    let flags = INSTRUMENTATION.join("\u{1f}");
    eprintln!("cargo build --release --manifest-path fuzz/Cargo.toml");
    let built = Step::cargo(project, "fuzz-build", args).env("CARGO_ENCODED_RUSTFLAGS", flags).run()?;
    if !built.success {
        return Err(Failure::Broken(format!("the fuzz targets do not compile\n{}", built.tail())));
    }
    Ok(Programs { directory: target.join(host).join("release") })
}

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Returns the platform that the compiler compiles for unless told otherwise.
fn host() -> Result<String, Failure> {
    let output = Command::new("rustc").arg("-vV").output().while_doing("starting rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::Broken("rustc -vV names no host".to_owned()))
}
