//! Says how a command ends: it passed, it failed, or it could not be carried out.

use std::fmt;

/// Is returned by every command.
pub(crate) type Outcome = Result<Verdict, Failure>;

/// Says how a command ended that was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Failed,
}

impl Verdict {
    pub(crate) fn of(passed: bool) -> Self {
        if passed { Self::Passed } else { Self::Failed }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self::of(self == Self::Passed && other == Self::Passed)
    }
}

/// Says why a command could not be carried out. The text says what to do.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// Something outside of this program is missing or broken.
    Broken(String),
    /// This binary was compiled without container support and the command needs it: `main` runs it again.
    NeedsContainers,
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        if matches!(self, Self::Usage(_)) { 2 } else { 1 }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Broken(text) => f.write_str(text),
            Self::NeedsContainers => f.write_str("this binary was compiled without the feature `containers`"),
        }
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(format!("{error}; `cargo xtask help` shows the flags"))
    }
}

/// Says what was being done when an error of the standard library, of JSON or of testcontainers came up.
pub(crate) trait While<T> {
    fn while_doing(self, what: impl fmt::Display) -> Result<T, Failure>;
}

impl<T, E: fmt::Display> While<T> for Result<T, E> {
    fn while_doing(self, what: impl fmt::Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::Broken(format!("{what}: {error}")))
    }
}
