//! Lists the five ways in which ours may differ. Each is a rule of `docs/wire-format.md`, and what remains after
//! it was applied is compared like everything else.

use crate::subject::Subject;

/// Names a deviation that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// Dot segments are escaped in keys whose segments are separated by `/`.
    D1,
    /// Ours reads what Python refuses.
    D2,
    /// The claim policy refuses what Python reads.
    D3,
    /// A failure is injected into a request that ours does not make.
    D4,
    /// Content that does not match its claim is read twice.
    D5,
}

/// Sets the longest key of a store whose segments are separated by `/`.
const MAX_KEY_BYTES: usize = 1024;

impl Rule {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::D1 => "D1: dot segments of the key are escaped",
            Self::D2 => "D2: Python refuses what ours reads, and the payload is the stored one",
            Self::D3 => "D3: the claim policy refuses the claim before any request",
            Self::D4 => "D4: the failing request is not made, and the object is stored right",
            Self::D5 => "D5: content that does not match is read once more, with the same result",
        }
    }
}

/// Compares a key with the official one: equal, or equal once D1 was applied to the official one.
pub(crate) fn key(subject: &Subject, official: &str, ours: &str) -> Result<Option<Rule>, String> {
    if official == ours {
        return Ok(None);
    }
    if subject.separator == '/' && shortened(escape_dots(official)) == ours {
        return Ok(Some(Rule::D1));
    }
    Err(format!("key: expected {official:?}, found {ours:?}"))
}

/// Returns the official spellings that a key of ours may stand for: itself, and what it was before D1.
pub(crate) fn official_keys(subject: &Subject, ours: &str) -> Vec<(String, Option<Rule>)> {
    let mut keys = vec![(ours.to_owned(), None)];
    if subject.separator == '/' {
        let plain = each_segment(ours, |segment| match segment {
            "%2E" => ".",
            "%2E%2E" => "..",
            other => other,
        });
        keys.push((plain, Some(Rule::D1)));
    }
    keys
}

fn escape_dots(key: &str) -> String {
    each_segment(key, |segment| match segment {
        "." => "%2E",
        ".." => "%2E%2E",
        other => other,
    })
}

fn each_segment(key: &str, change: impl Fn(&str) -> &str) -> String {
    key.split('/').map(change).collect::<Vec<_>>().join("/")
}

/// Escaping can push a key over the limit; the shared layout then leaves out all but the namespace.
fn shortened(key: String) -> String {
    if key.len() <= MAX_KEY_BYTES {
        return key;
    }
    let segments: Vec<&str> = key.split('/').collect();
    match (segments.get(..3), segments.len().checked_sub(3).and_then(|from| segments.get(from..))) {
        (Some(namespace), Some(digest)) => [namespace, digest].concat().join("/"),
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLONS: Subject = Subject { separator: ':', ..Subject::NOBODY };

    #[test]
    fn only_whole_segments_between_slashes_may_differ() {
        let compare = |official, ours| key(&Subject::NOBODY, official, ours);
        assert_eq!(compare("v0/a/..", "v0/a/.."), Ok(None));
        assert_eq!(compare("v0/./...", "v0/%2E/..."), Ok(Some(Rule::D1)));
        assert!(compare("v0/./..", "v0/%2E/..").is_err());
        assert!(compare("v0/a.b", "v0/a%2Eb").is_err());
        assert!(compare("v0/%2E", "v0/.").is_err());
        assert!(key(&COLONS, "v0:.", "v0:%2E").is_err());
    }

    #[test]
    fn what_escaping_makes_too_long_falls_back() {
        let long = "x".repeat(MAX_KEY_BYTES - "v0/ns/../wi//d/sha256/0".len());
        let official = format!("v0/ns/../wi/{long}/d/sha256/0");
        assert_eq!(official.len(), MAX_KEY_BYTES);
        assert_eq!(key(&Subject::NOBODY, &official, "v0/ns/%2E%2E/d/sha256/0"), Ok(Some(Rule::D1)));
    }

    #[test]
    fn the_official_spelling_of_a_key_is_found_again() {
        let keys =
            |subject, ours| official_keys(subject, ours).into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        assert_eq!(keys(&Subject::NOBODY, "v0/%2E/%2E%2E/%2E."), ["v0/%2E/%2E%2E/%2E.", "v0/./../%2E."]);
        assert_eq!(keys(&COLONS, "v0:%2E"), ["v0:%2E"]);
    }
}
