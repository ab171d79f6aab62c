//! Reports that no test of a binary was run, and why.

use std::process::ExitCode;

use super::say;

/// Says why no test of a binary was run, and whether that is a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRun {
    reason: String,
    is_failure: bool,
}

impl NotRun {
    /// Fails the binary.
    #[must_use]
    pub fn failure(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_failure: true }
    }

    /// Fails the binary where the environment variable `required` is `1`, and otherwise says `not run`.
    #[must_use]
    pub fn unless_required(required: &str, reason: impl Into<String>) -> Self {
        Self::decided(std::env::var(required).ok().as_deref(), reason.into())
    }

    fn decided(required: Option<&str>, reason: String) -> Self {
        Self { reason, is_failure: required == Some("1") }
    }

    /// Prints the reason and returns the exit code.
    #[must_use]
    pub fn report(self) -> ExitCode {
        say(&format!("not run: {}", self.reason));
        if self.is_failure { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_required_server_that_is_missing_is_a_failure() {
        for (required, is_failure) in
            [(None, false), (Some("0"), false), (Some(""), false), (Some("1"), true)]
        {
            assert_eq!(NotRun::decided(required, "r".into()).is_failure, is_failure, "{required:?}");
        }
        assert_eq!(NotRun::failure("r").report(), ExitCode::FAILURE);
        assert_eq!(NotRun::decided(None, "r".into()).report(), ExitCode::SUCCESS);
    }
}
