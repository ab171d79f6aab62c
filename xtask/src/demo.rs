//! `cargo xtask demo`: what External Storage does, shown on a machine with nothing but Rust and Python.
//!
//! The program that it runs is `demo/`: a worker and a client in one process. This
//! file gives it a server, a directory and an end.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::devserver::{self, DevServer};
use crate::executable;
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::project::Project;
use crate::scratch::Scratch;

#[derive(Debug, Default)]
struct Options {
    /// Leaves the server and the payloads where they are.
    keep: bool,
    json: Option<PathBuf>,
}

pub(crate) fn run(project: &Project, args: lexopt::Parser) -> Outcome {
    let options = parse(args)?;
    let program = executable::build(project, &["build"], "extstore-demo", "bin", "extstore-demo")?;
    let directory =
        if options.keep { Scratch::kept(project, "demo")? } else { Scratch::new(project, "demo")? };
    let database = Some(directory.path().join("temporal.db"));
    let settings = devserver::Options { database, ..Default::default() };
    let mut server = DevServer::start(project, settings)?;
    println!("Temporal's development server answers at {}", server.address());
    let figures = directory.path().join("figures.json");
    let shown = show(&program, &server, directory.path(), &figures);
    if let (Ok(true), Some(file)) = (&shown, &options.json) {
        std::fs::copy(&figures, file).while_doing(file.display())?;
    }
    if options.keep {
        let process = server.keep()?.map(|id| id.to_string()).unwrap_or_default();
        println!("\nThe server goes on. To stop it and to remove all of this:");
        println!("  kill {process} && rm -r {}", project.shown(directory.path()));
    } else {
        server.stop()?;
        println!(
            "\nServer and payloads are gone again; `cargo xtask demo --keep` leaves them for a closer look."
        );
    }
    shown.map(Verdict::of)
}

fn parse(mut args: lexopt::Parser) -> Result<Options, Failure> {
    let mut options = Options::default();
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("keep") => options.keep = true,
            lexopt::Arg::Long("json") => options.json = Some(args.value()?.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

/// Runs the program and says whether it succeeded. It ends with its standard input, which is ours.
fn show(program: &Path, server: &DevServer, directory: &Path, figures: &Path) -> Result<bool, Failure> {
    let mut child = Command::new(program)
        .arg(directory.join("payloads"))
        .arg(figures)
        .env("EXTSTORE_TEMPORAL_ADDRESS", server.address())
        .env("EXTSTORE_TEMPORAL_UI", server.ui().unwrap_or_default())
        .stdin(Stdio::piped())
        .spawn()
        .while_doing("starting the demo")?;
    let held = child.stdin.take();
    let status = child.wait().while_doing("waiting for the demo")?;
    drop(held);
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_and_others_refused() {
        let options = parse(lexopt::Parser::from_args(["--keep", "--json", "figures.json"])).expect("valid");
        assert!(options.keep && options.json == Some("figures.json".into()));
        for args in [&["--json"][..], &["--fast"], &["now"]] {
            assert!(parse(lexopt::Parser::from_args(args)).is_err(), "{args:?}");
        }
    }
}
