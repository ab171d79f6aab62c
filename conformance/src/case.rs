//! Defines a case: an id, the rules that it proves, and a function that can fail.

mod cx;
mod expect;
mod probe;
mod watch;

use std::fmt;

use futures_util::future::BoxFuture;
use serde::Serialize;

pub(crate) use cx::Cx;
pub(crate) use expect::{OrFail, expect, expect_eq, expect_kind, expect_payloads, fail, only};
pub(crate) use probe::Probe;
pub(crate) use watch::Watch;

/// Describes one check of the suite, and holds the function that makes it.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    /// `group.snake_case`, unique and permanent.
    pub(crate) id: &'static str,
    /// The rules of `docs/rules.md` that the case proves.
    pub(crate) rules: &'static [&'static str],
    /// The drivers that the case obliges.
    pub(crate) level: Level,
    /// The clause that says what the case does.
    pub(crate) does: &'static str,
    /// The reason that the rule matters, for the report of a failure.
    pub(crate) matters: &'static str,
    /// The function that runs the case.
    pub(crate) run: CaseFn,
}

/// Names the type of a case's function: `|cx| Box::pin(bit_flip(cx))`.
pub(crate) type CaseFn = fn(Cx) -> BoxFuture<'static, CaseResult>;

impl Case {
    /// Makes a case that obliges every driver.
    #[must_use]
    pub(crate) const fn core(
        id: &'static str,
        rules: &'static [&'static str],
        does: &'static str,
        matters: &'static str,
        run: CaseFn,
    ) -> Self {
        Self { id, rules, level: Level::Core, does, matters, run }
    }

    /// Puts the case at another level.
    #[must_use]
    pub(crate) const fn at(mut self, level: Level) -> Self {
        self.level = level;
        self
    }
}

/// Says which drivers a case obliges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    /// Every driver.
    Core,
    /// Drivers whose profile declares the capability.
    Extended,
    /// The core crate, with a scripted driver.
    Host,
    /// Wire forms of other SDKs.
    Interop,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Core => "core",
            Self::Extended => "extended",
            Self::Host => "host",
            Self::Interop => "interop",
        })
    }
}

/// Says why a case did not pass.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The rule does not hold.
    Fail {
        /// The expectation.
        expected: String,
        /// The observation.
        observed: String,
    },
    /// The harness or the backend could not run the case.
    Error(String),
    /// The profile says that it does not apply.
    Unsupported(String),
    /// A port is missing.
    NotRun(String),
}

/// Is returned by every case: nothing, or the reason that it did not pass.
pub(crate) type CaseResult = Result<(), Stop>;

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("id", &self.id).field("rules", &self.rules).finish_non_exhaustive()
    }
}
