//! Searches all output of a run for the canary.

use std::error::Error as _;
use std::sync::{Mutex, PoisonError};

use extstore::Error;

use crate::Secrets;

/// Collects the places where the canary came out during a run, and what its cases could not look at.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    leaks: Mutex<Vec<String>>,
    unseen: Mutex<Vec<(&'static str, &'static str)>>,
}

impl Watch {
    /// Searches every rendering of an error and of its causes.
    pub(crate) fn error(&self, case: &str, error: &Error) {
        let mut renderings = vec![
            ("Display of an error", error.to_string()),
            ("Debug of an error", format!("{error:?}")),
            ("the public part of an error", error.public()),
        ];
        let mut cause = error.source();
        while let Some(source) = cause {
            renderings.push(("the cause of an error", format!("{source} {source:?}")));
            cause = source.source();
        }
        for (what, text) in renderings {
            self.text(case, what, &text);
        }
    }

    /// Searches one text and says whether the canary is in it.
    pub(crate) fn text(&self, case: &str, what: &str, text: &str) -> bool {
        let leaked = Secrets::of_this_run().leaked_in(text);
        if leaked {
            let leak = format!("{what} (case {case})");
            let mut leaks = self.leaks.lock().unwrap_or_else(PoisonError::into_inner);
            if !leaks.contains(&leak) {
                leaks.push(leak);
            }
        }
        leaked
    }

    /// Returns the text for the report, or a notice in its place where the canary is in it.
    pub(crate) fn redact(&self, case: &str, text: String) -> String {
        if self.text(case, "the report", &text) { "(withheld: it holds the canary)".to_owned() } else { text }
    }

    /// Returns the places where the canary was found.
    pub(crate) fn leaks(&self) -> Vec<String> {
        self.leaks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what a case cannot look at.
    pub(crate) fn not_seen(&self, case: &'static str, what: &'static str) {
        self.unseen.lock().unwrap_or_else(PoisonError::into_inner).push((case, what));
    }

    /// Says what a case could not look at; empty where there is nothing.
    pub(crate) fn partial(&self, case: &str) -> String {
        let unseen = self.unseen.lock().unwrap_or_else(PoisonError::into_inner);
        unseen.iter().find(|(id, _)| *id == case).map(|(_, what)| (*what).to_owned()).unwrap_or_default()
    }
}
