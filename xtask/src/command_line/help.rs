//! Writes the help from the tables of the commands.

use super::{Command, Flag, Operands, Times};

/// Bounds the width of a line of the help.
const WIDTH: usize = 110;
/// Sets the column in which the flags of a command begin.
const INDENT: usize = 16;

/// Writes the help of all commands: what each is for and how it is called.
pub(crate) fn help(commands: &[Command]) -> String {
    let mut text = "cargo xtask COMMAND\n".to_owned();
    for command in commands {
        text += &format!("\n  {:<13} {}\n", command.name, command.about);
        for line in lines(&parts(command)) {
            text += &format!("{:INDENT$}{line}\n", "");
        }
    }
    text + "\n`cargo xtask help COMMAND` explains the flags of one. The exit status is 0 when nothing failed and \
            something ran,\n1 when something failed, 2 for a wrong command line.\n"
}

/// Writes the help of one command: how it is called and what each flag does.
pub(crate) fn help_of(command: &Command) -> String {
    let mut text =
        format!("cargo xtask {} {}\n\n{}\n", command.name, parts(command).join(" "), command.about);
    for flag in command.flags {
        text += &format!("\n  {:<28} {}", flag.spelled(), flag.about);
    }
    text.trim_end().to_owned() + "\n"
}

/// The flags as a synopsis shows them, then the operands.
fn parts(command: &Command) -> Vec<String> {
    let repeated = |flag: &Flag| if flag.times == Times::Often { "…" } else { "" };
    let flags = command.flags.iter().map(|flag| format!("[{}]{}", flag.spelled(), repeated(flag)));
    let operands = match command.operands {
        Operands::None => None,
        Operands::Any(text) | Operands::Raw(text) => Some(text.to_owned()),
    };
    flags.chain(operands).collect()
}

fn lines(parts: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if INDENT + line.chars().count() + 1 + part.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(part);
            }
            _ => lines.push(part.clone()),
        }
    }
    lines
}

impl Flag {
    /// Writes the flag as a user types it: `--driver D,…`.
    fn spelled(&self) -> String {
        let commas = if self.times == Times::Commas { ",…" } else { "" };
        format!("--{} {}{commas}", self.name, self.value).trim_end().to_owned()
    }
}
