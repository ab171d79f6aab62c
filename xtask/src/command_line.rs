//! Describes what a command takes, once: the parser and the help are made from the same table.
//!
//! `clap` would do this too. It was measured and not taken: it adds a third to a half of the time that it takes to
//! compile this program, which everybody pays before their first `cargo xtask demo`.

mod help;
mod parse;

use crate::failure::Outcome;
use crate::project::Project;
pub(crate) use help::{help, help_of};
pub(crate) use parse::Given;

/// Describes a command of this program.
#[derive(Debug)]
pub(crate) struct Command {
    /// The word after `cargo xtask`.
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) operands: Operands,
    pub(crate) flags: &'static [Flag],
    /// Says whether the command runs drivers: then the canary is searched for in all that they printed.
    pub(crate) runs_drivers: bool,
    pub(crate) run: fn(&Project, &Given) -> Outcome,
}

/// Describes what a command takes beside its flags. The text is for the help.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operands {
    None,
    Any(&'static str),
    /// The first operand ends the flags, and all that follows it is taken as it is.
    Raw(&'static str),
}

/// Describes a flag of a command. Commands name their flags as constants and read them by these.
#[derive(Debug)]
pub(crate) struct Flag {
    /// The flag's name, which stands after the two hyphens.
    name: &'static str,
    /// The name that the help gives the value; empty for a switch.
    value: &'static str,
    times: Times,
    about: &'static str,
}

/// Says how often a flag may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    Once,
    /// Again and again, each time with one value.
    Often,
    /// Again and again, each time with values that commas separate.
    Commas,
}

impl Flag {
    pub(crate) const fn switch(name: &'static str, about: &'static str) -> Self {
        Self { name, value: "", times: Times::Once, about }
    }

    pub(crate) const fn once(name: &'static str, value: &'static str, about: &'static str) -> Self {
        Self { name, value, times: Times::Once, about }
    }

    pub(crate) const fn often(name: &'static str, value: &'static str, about: &'static str) -> Self {
        Self { name, value, times: Times::Often, about }
    }

    pub(crate) const fn commas(name: &'static str, value: &'static str, about: &'static str) -> Self {
        Self { name, value, times: Times::Commas, about }
    }
}

#[cfg(test)]
mod tests;
