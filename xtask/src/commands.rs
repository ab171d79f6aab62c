//! Lists the commands.

mod bench;
mod conformance;
mod demo;
mod fuzz;
mod images;
mod interop;
mod outward;
mod run_tests;
mod soak;
mod test;
mod tidy;
mod vectors;
mod with;

use crate::command_line::Command;
use crate::failure::Failure;

/// Lists every command, in the order of the help.
pub(crate) const ALL: &[Command] = &[
    demo::COMMAND,
    conformance::COMMAND,
    vectors::COMMAND,
    soak::COMMAND,
    test::COMMAND,
    run_tests::COMMAND,
    images::COMMAND,
    with::COMMAND,
    bench::COMMAND,
    interop::COMMAND,
    fuzz::COMMAND,
    tidy::COMMAND,
    outward::COMMAND,
];

/// Finds the command of that name, or fails with a text for the user.
pub(crate) fn by_name(name: &str) -> Result<&'static Command, Failure> {
    ALL.iter()
        .find(|command| command.name == name)
        .ok_or_else(|| Failure::Usage(format!("there is no command {name:?}; `cargo xtask help` lists them")))
}
