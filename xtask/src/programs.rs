//! Builds programs with cargo, and finds them by what cargo says about its build.

mod message;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::failure::{Failure, While};
use crate::process::Step;
use crate::project::{Project, cargo};
use crate::selection::Selection;

/// Describes a program that cargo built from a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) package: String,
    /// The name of the target that it was built from.
    pub(crate) target: String,
    kind: String,
    /// Whether it runs the target's tests; otherwise it is the target itself.
    pub(crate) is_test: bool,
    /// The directory of its member, where cargo would run it.
    directory: PathBuf,
    pub(crate) path: PathBuf,
}

impl Program {
    /// The package and the target.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.package, self.target)
    }

    /// Runs the program as `cargo test` would. `name` names the log.
    pub(crate) fn step(&self, project: &Project, name: &str) -> Step {
        Step::program(project, name, &self.path, [""; 0])
            .directory(&self.directory)
            .env("CARGO", cargo())
            .env("CARGO_MANIFEST_DIR", &self.directory)
            .env("CARGO_PKG_NAME", &self.package)
    }

    fn is(&self, package: &str, kind: &str, target: &str) -> bool {
        // What is a test by its kind is one whatever it says; of a binary there may be both.
        self.package == package
            && self.kind == kind
            && self.target == target
            && self.is_test == (kind == "test")
    }
}

/// Builds a target of a package, `kind` being `bin` or `test`, with the members that are compiled together. The user
/// sees the progress.
///
/// It comes before a server is started, which need not idle while a vendor's crate is compiled.
pub(crate) fn one(project: &Project, package: &str, kind: &str, target: &str) -> Result<Program, Failure> {
    let programs = match &project.selection {
        Selection::Package => {
            let command: &[&str] = if kind == "test" { &["test", "--no-run"] } else { &["build"] };
            let flag = format!("--{kind}");
            eprintln!("cargo {} --package {package} {flag} {target}", command.join(" "));
            build(project, &[command, &["--package", package, &flag, target]].concat())
        }
        selection => workspace(project, selection),
    };
    let missing = || Failure::Broken(format!("the {kind} {target} of {package} is missing"));
    programs?.into_iter().find(|program| program.is(package, kind, target)).ok_or_else(missing)
}

/// Builds a bench of a package with all optimisations.
pub(crate) fn bench(project: &Project, package: &str, target: &str) -> Result<Program, Failure> {
    let programs = build(project, &["bench", "--no-run", "--package", package, "--bench", target])?;
    let missing = || Failure::Broken(format!("the bench {target} of {package} is missing"));
    programs
        .into_iter()
        .find(|program| program.kind == "bench" && program.target == target)
        .ok_or_else(missing)
}

/// Builds every program of the workspace: products, tests and examples. A process has it built once.
pub(crate) fn workspace(project: &Project, selection: &Selection) -> Result<Vec<Program>, Failure> {
    static BUILT: OnceLock<Result<Vec<Program>, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let of =
            |targets: &[&str]| build(project, &[&["build"], selection.flags().as_slice(), targets].concat());
        let all = of(&["--lib", "--bins", "--examples", "--tests"]);
        let both = all.and_then(|all| Ok([all, of(&left_out(project))?].concat()));
        both.map_err(|failure| failure.to_string())
    });
    built.clone().map_err(Failure::Broken)
}

/// The flags that name the tests that a run of all tests leaves out. `--tests` would leave them out even if they are named
/// beside it.
pub(crate) fn left_out(project: &Project) -> Vec<&str> {
    let targets = project.packages.iter().flat_map(|package| &package.targets);
    targets.filter(|target| target.is_left_out()).flat_map(|target| ["--test", &target.name]).collect()
}

/// The program of the workspace's build that is xtask itself.
pub(crate) fn xtask(project: &Project, selection: &Selection) -> Result<PathBuf, Failure> {
    let ours = workspace(project, selection)?.into_iter().find(|program| program.is("xtask", "bin", "xtask"));
    ours.map(|program| program.path).ok_or_else(|| Failure::Broken("cargo built no xtask".to_owned()))
}

/// The programs that a cargo command built.
fn build(project: &Project, args: &[&str]) -> Result<Vec<Program>, Failure> {
    let output = Command::new(cargo())
        .args(args)
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(&project.root)
        .stderr(Stdio::inherit())
        .output()
        .while_doing("starting cargo")?;
    if output.status.success() {
        Ok(message::programs(project, &String::from_utf8_lossy(&output.stdout)))
    } else {
        Err(Failure::Broken(format!("cargo {} failed ({})", args.join(" "), output.status)))
    }
}
