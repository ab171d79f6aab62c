//! Checks that failures hold nothing that must not leave the process.

use std::path::Path;

use extstore_conformance::Secrets as Canary;

use crate::cut_link::CutLink;
use crate::support::history::History;

/// Lists locations and credentials that a failure must not hold, beside the canary of the run.
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// Lists those of a store behind a proxy: bucket, keys, both endpoints, credentials.
    pub(crate) fn of_s3(link: &CutLink) -> Self {
        let servers = link.servers();
        let endpoints = [link.address(), servers.s3].map(|address| address.port().to_string());
        let texts = [link.bucket(), &servers.access_key, &servers.secret_key].map(str::to_owned);
        Self(texts.into_iter().chain(endpoints).chain(keys()).collect())
    }

    /// Lists those of a directory.
    pub(crate) fn of_disk(root: &Path) -> Self {
        Self(std::iter::once(root.display().to_string()).chain(keys()).collect())
    }

    /// Panics where a failure in a history, or of a pending activity, holds one of them.
    pub(crate) fn check_history(&self, history: &History) {
        history.failure_texts().iter().for_each(|(what, text)| self.check(what, text));
    }

    /// Panics where a text holds one of them. `what` names the text.
    pub(crate) fn check(&self, what: &str, text: &str) {
        for secret in &self.0 {
            assert!(!text.contains(secret.as_str()), "{what} holds {secret:?}: {text}");
        }
        assert!(!Canary::of_this_run().leaked_in(text), "{what} holds payload bytes");
    }
}

fn keys() -> [String; 2] {
    ["v0/ns".to_owned(), "sha256/".to_owned()]
}

/// Makes a text of that many letters, which begins with the canary of the run and says whose it is.
pub(crate) fn letters(whose: &str, count: usize) -> String {
    let start = format!("{} {whose} ", Canary::of_this_run().canary());
    start.chars().chain(std::iter::repeat('.')).take(count).collect()
}
