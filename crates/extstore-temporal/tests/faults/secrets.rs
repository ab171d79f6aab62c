//! What must not leave the process in a failure.

use std::path::Path;

use extstore_conformance::Secrets as Canary;

use crate::line::Line;

/// Locations and credentials that a failure must not hold, beside the canary of the run.
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// Of a store behind a proxy: bucket, keys, both endpoints, credentials.
    pub(crate) fn of_s3(line: &Line) -> Self {
        let servers = line.servers();
        let endpoints = [line.address(), servers.s3].map(|address| address.port().to_string());
        let texts = [line.bucket(), &servers.access_key, &servers.secret_key].map(str::to_owned);
        Self(texts.into_iter().chain(endpoints).chain(keys()).collect())
    }

    /// Of a directory.
    pub(crate) fn of_disk(root: &Path) -> Self {
        Self(std::iter::once(root.display().to_string()).chain(keys()).collect())
    }

    /// Panics where a message holds one of them, in a text or among its bytes. `what` names the message.
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

/// A text of that many letters, which begins with the canary of the run and says whose it is.
pub(crate) fn letters(whose: &str, count: usize) -> String {
    let start = format!("{} {whose} ", Canary::of_this_run().canary());
    start.chars().chain(std::iter::repeat('.')).take(count).collect()
}
