//! A case: an id, the rules that it proves, and a function that can fail.

mod cx;
mod expect;
mod probe;
mod watch;

use std::fmt;

use futures_util::future::BoxFuture;
use serde::Serialize;

pub use cx::Cx;
pub use expect::{OrFail, expect, expect_eq, expect_kind, expect_payloads, fail, only};
pub use probe::Probe;
pub(crate) use watch::Watch;

/// One thing that must hold.
#[derive(Clone, Copy)]
pub struct Case {
    /// `group.snake_case`, unique and permanent.
    pub id: &'static str,
    /// The rules of `docs/rules.md` that the case proves.
    pub rules: &'static [&'static str],
    /// Whom the case obliges.
    pub level: Level,
    /// What it does, in one clause.
    pub does: &'static str,
    /// Why it matters, for the report of a failure.
    pub matters: &'static str,
    /// The function.
    pub run: CaseFn,
}

/// The function of a case: `|cx| Box::pin(bit_flip(cx))`.
pub type CaseFn = fn(Cx) -> BoxFuture<'static, CaseResult>;

impl Case {
    /// A case that obliges every driver.
    #[must_use]
    pub const fn core(
        id: &'static str,
        rules: &'static [&'static str],
        does: &'static str,
        matters: &'static str,
        run: CaseFn,
    ) -> Self {
        Self { id, rules, level: Level::Core, does, matters, run }
    }

    /// The same case at another level.
    #[must_use]
    pub const fn at(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// What stands before the dot of the id.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.id.split('.').next().unwrap_or(self.id)
    }
}

/// Whom a case obliges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
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

/// How a case ended without passing.
#[derive(Debug)]
pub enum Stop {
    /// The rule does not hold.
    Fail {
        /// What should have been seen.
        expected: String,
        /// What was seen.
        observed: String,
    },
    /// The harness or the backend could not run the case.
    Error(String),
    /// The profile says that it does not apply.
    Unsupported(String),
    /// A port is missing.
    NotRun(String),
}

/// What a case returns.
pub type CaseResult = Result<(), Stop>;

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("id", &self.id).field("rules", &self.rules).finish_non_exhaustive()
    }
}
