//! Reads a command line by the table of its command.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use super::{Command, Flag, Operands, Times};
use crate::failure::Failure;

/// Holds what a user gave to one command.
#[derive(Debug)]
pub(crate) struct Given {
    /// The flags that the command declares, so that one that it forgot to declare is noticed when it is read.
    declared: &'static [Flag],
    flags: Vec<(&'static str, String)>,
    pub(crate) operands: Vec<OsString>,
    /// Says whether the user asked for the help of the command.
    pub(crate) help: bool,
}

impl Given {
    /// Reads everything after the command's name.
    pub(crate) fn parse(command: &Command, mut args: lexopt::Parser) -> Result<Self, Failure> {
        let mut given =
            Self { declared: command.flags, flags: Vec::new(), operands: Vec::new(), help: false };
        while let Some(arg) = args.next()? {
            match (arg, command.operands) {
                (lexopt::Arg::Long("help") | lexopt::Arg::Short('h'), _) => given.help = true,
                (lexopt::Arg::Long(name), _) => {
                    let Some(flag) = command.flags.iter().find(|flag| flag.name == name) else {
                        return Err(lexopt::Arg::Long(name).unexpected().into());
                    };
                    given.take(flag, &mut args)?;
                }
                (lexopt::Arg::Value(value), Operands::Any(_)) => given.operands.push(value),
                (lexopt::Arg::Value(value), Operands::Raw(_)) => {
                    given.operands.push(value);
                    given.operands.extend(args.raw_args()?);
                }
                (other, _) => return Err(other.unexpected().into()),
            }
        }
        Ok(given)
    }

    fn take(&mut self, flag: &Flag, args: &mut lexopt::Parser) -> Result<(), Failure> {
        if flag.times == Times::Once && self.has(flag) {
            return Err(Failure::Usage(format!("--{} was given twice", flag.name)));
        }
        if flag.value.is_empty() {
            self.flags.push((flag.name, String::new()));
            return Ok(());
        }
        let text = args.value()?.into_string().map_err(|text| {
            Failure::Usage(format!("--{}: {} is not UTF-8", flag.name, text.to_string_lossy()))
        })?;
        if flag.times == Times::Commas {
            self.flags.extend(text.split(',').map(|part| (flag.name, part.trim().to_owned())));
        } else {
            self.flags.push((flag.name, text));
        }
        Ok(())
    }

    pub(crate) fn has(&self, flag: &Flag) -> bool {
        self.all(flag).next().is_some()
    }

    /// Returns the values of a flag in the order in which they were given.
    pub(crate) fn all(&self, flag: &Flag) -> impl Iterator<Item = &str> {
        let name = flag.name;
        assert!(self.declared.iter().any(|declared| declared.name == name), "--{name} is not declared");
        self.flags.iter().filter(move |(found, _)| *found == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self, flag: &Flag) -> Option<&str> {
        self.all(flag).next()
    }

    pub(crate) fn path(&self, flag: &Flag) -> Option<PathBuf> {
        self.text(flag).map(PathBuf::from)
    }

    /// Reads the value as a number, or fails with a text that names the flag.
    pub(crate) fn number<N: FromStr>(&self, flag: &Flag) -> Result<Option<N>, Failure> {
        let Some(text) = self.text(flag) else { return Ok(None) };
        let refused = |_| Failure::Usage(format!("--{} takes a number, not {text:?}", flag.name));
        text.parse().map(Some).map_err(refused)
    }
}

#[cfg(test)]
impl Given {
    /// Parses these words into what a command is given.
    pub(crate) fn of(command: &Command, args: &[&str]) -> Result<Self, Failure> {
        Self::parse(command, lexopt::Parser::from_args(args))
    }
}
