//! Implements `cargo xtask images`: makes the container images that tests start.

use crate::command_line::{Command, Given, Operands};
use crate::failure::{Failure, Outcome, Verdict};
use crate::project::Project;
use crate::servers::{backends, engine, images};

pub(crate) const COMMAND: Command = Command {
    name: "images",
    about: "makes the container images that are missing, from packages",
    operands: Operands::Any("[BACKEND…]"),
    flags: &[],
    runs_drivers: false,
    run,
};

fn run(project: &Project, given: &Given) -> Outcome {
    let named = given.operands.iter().map(|name| backends::by_name(&name.to_string_lossy()));
    let named: Vec<_> = named.collect::<Result<_, _>>()?;
    if let Some(reason) = engine::why_unavailable() {
        return Err(Failure::Broken(reason));
    }
    let wanted = if named.is_empty() { backends::ALL } else { &named };
    for backend in wanted {
        let done = if images::ensure(project, backend)? { "built" } else { "present" };
        println!("{:<32} {:<20} {done}", backend.image(), backend.product_and_version());
    }
    Ok(Verdict::Passed)
}
