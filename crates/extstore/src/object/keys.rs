//! Spells the key layout that all official SDKs share.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use crate::{Digest, ExecutionTarget, HASH_ALGORITHM, Target};

/// Begins every key as its first segment.
const VERSION: &str = "v0";
/// Stands for a field that the call site did not know.
const UNKNOWN: &str = "null";

/// Says how a store spells the shared key layout.
///
/// ```text
/// workflow   v0/ns/{ns}/wt/{type}/wi/{id}/ri/{run}/d/sha256/{hex}
/// activity   v0/ns/{ns}/at/{type}/ai/{id}/ri/{run}/d/sha256/{hex}
/// no target  v0/ns/{ambient}/d/sha256/{hex}, or v0/d/sha256/{hex} without an ambient namespace
/// ```
///
/// A key above `max_bytes` falls back to `v0/ns/{ns}/d/sha256/{hex}`, and to `v0/d/sha256/{hex}`
/// where even that is too long. Identities are escaped one by one and injectively.  (ES-014, ES-015)
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyFormat {
    /// The character between segments: `/`, or `:` in Redis.
    pub separator: char,
    /// The store's limit for a key, in UTF-8 bytes.
    pub max_bytes: Option<usize>,
    /// Says whether an empty namespace of a target leaves its segment out (Redis) or reads `null` (all others).
    pub omit_empty_namespace: bool,
    escape: Escape,
}

/// Escapes one identity so that it holds no separator and two identities never become equal.
#[derive(Clone)]
enum Escape {
    Plain(fn(&str) -> String),
    Configured(Arc<dyn Fn(&str) -> String + Send + Sync>),
}

impl Escape {
    fn apply(&self, identity: &str) -> String {
        match self {
            Self::Plain(escape) => escape(identity),
            Self::Configured(escape) => escape(identity),
        }
    }
}

impl fmt::Debug for Escape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Escape")
    }
}

impl KeyFormat {
    /// Makes a format without a limit. `escape` must be injective, and its result must hold no separator.
    #[must_use]
    pub const fn new(separator: char, escape: fn(&str) -> String) -> Self {
        Self { separator, max_bytes: None, omit_empty_namespace: false, escape: Escape::Plain(escape) }
    }

    /// Replaces the escaping by one that depends on configuration; the same is demanded of it.
    #[must_use]
    pub fn with_escape(mut self, escape: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.escape = Escape::Configured(Arc::new(escape));
        self
    }

    /// Sets the store's limit for a key, in UTF-8 bytes.
    #[must_use]
    pub const fn with_max_bytes(mut self, limit: usize) -> Self {
        self.max_bytes = Some(limit);
        self
    }

    /// Leaves the namespace's segment out where a target's namespace is empty.
    #[must_use]
    pub const fn with_empty_namespace_omitted(mut self) -> Self {
        self.omit_empty_namespace = true;
        self
    }

    /// Escapes one identity.
    #[must_use]
    pub fn escape(&self, identity: &str) -> String {
        self.escape.apply(identity)
    }

    /// Returns the key of a payload with this digest. `prefix` may be empty and has no separator at its end.
    #[must_use]
    pub fn key(
        &self,
        prefix: &str,
        namespace: Option<&str>,
        target: Option<&Target>,
        digest: &Digest,
    ) -> String {
        let full = self.join(prefix, &self.identity(namespace, target), digest);
        if self.fits(&full) {
            return full;
        }
        let short = self.join(prefix, &self.namespace(namespace, target), digest);
        if self.fits(&short) { short } else { self.join(prefix, &[], digest) }
    }

    /// Returns the digest that a key of this layout carries; `None` for a key of another layout.
    #[must_use]
    pub fn digest_in<'a>(&self, prefix: &str, key: &'a str) -> Option<&'a str> {
        let mut from_end = self.versioned(prefix, key)?.rsplit(self.separator);
        let digest = from_end.next()?;
        (from_end.next() == Some(HASH_ALGORITHM) && from_end.next() == Some("d")).then_some(digest)
    }

    /// Returns the escaped namespace that a key of this layout carries; empty where it carries none, `None` for a key
    /// of another layout.
    #[must_use]
    pub fn namespace_in<'a>(&self, prefix: &str, key: &'a str) -> Option<&'a str> {
        self.digest_in(prefix, key)?;
        let mut segments = self.versioned(prefix, key)?.split(self.separator).skip(1);
        if segments.next() == Some("ns") { segments.next() } else { Some("") }
    }

    /// Returns the key without its prefix; `None` for a key of another version.
    fn versioned<'a>(&self, prefix: &str, key: &'a str) -> Option<&'a str> {
        let rest =
            if prefix.is_empty() { key } else { key.strip_prefix(prefix)?.strip_prefix(self.separator)? };
        (rest.split(self.separator).next() == Some(VERSION)).then_some(rest)
    }

    fn fits(&self, key: &str) -> bool {
        self.max_bytes.is_none_or(|limit| key.len() <= limit)
    }

    fn identity(&self, namespace: Option<&str>, target: Option<&Target>) -> Vec<(&'static str, String)> {
        let mut segments = self.namespace(namespace, target);
        match target {
            Some(Target::Workflow(execution)) => segments.extend(self.execution("wt", "wi", execution)),
            Some(Target::Activity(execution)) => segments.extend(self.execution("at", "ai", execution)),
            // A Nexus target and every kind to come: the namespace is what is known of the reader.
            Some(Target::Nexus(_)) | None => {}
        }
        segments
    }

    fn execution(
        &self,
        type_tag: &'static str,
        id_tag: &'static str,
        execution: &ExecutionTarget,
    ) -> [(&'static str, String); 3] {
        [
            (type_tag, self.segment(&execution.type_name)),
            (id_tag, self.segment(&execution.id)),
            ("ri", self.segment(&execution.run_id)),
        ]
    }

    /// An ambient namespace never fills an empty namespace of a target.
    fn namespace(&self, ambient: Option<&str>, target: Option<&Target>) -> Vec<(&'static str, String)> {
        let namespace = match target {
            Some(Target::Workflow(execution) | Target::Activity(execution)) => execution.namespace.as_str(),
            Some(Target::Nexus(_)) | None => match ambient {
                Some(namespace) if !namespace.is_empty() => namespace,
                _ => return Vec::new(),
            },
        };
        if namespace.is_empty() && self.omit_empty_namespace {
            return Vec::new();
        }
        vec![("ns", self.segment(namespace))]
    }

    fn segment(&self, identity: &str) -> String {
        if identity.is_empty() { UNKNOWN.to_owned() } else { self.escape.apply(identity) }
    }

    fn join(&self, prefix: &str, identity: &[(&'static str, String)], digest: &Digest) -> String {
        let separator = self.separator;
        let mut key = String::with_capacity(prefix.len() + 96);
        if !prefix.is_empty() {
            key.push_str(prefix);
            key.push(separator);
        }
        key.push_str(VERSION);
        for (tag, value) in identity {
            key.push(separator);
            key.push_str(tag);
            key.push(separator);
            key.push_str(value);
        }
        // Writing to a string cannot fail.
        let _ = write!(key, "{separator}d{separator}{HASH_ALGORITHM}{separator}{digest}");
        key
    }
}

/// Percent-encodes every UTF-8 byte for which `keep` is false, with upper-case digits.
#[must_use]
pub fn escape_percent(identity: &str, keep: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(identity.len());
    for byte in identity.bytes() {
        if keep(byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Body;

    static FORMAT: KeyFormat =
        KeyFormat::new('/', |identity| escape_percent(identity, |byte| byte.is_ascii_alphanumeric()))
            .with_max_bytes(200);

    fn digest() -> Digest {
        Digest::of(&Body::default())
    }

    #[test]
    fn the_namespace_of_a_target_is_never_filled_from_outside() {
        let target = Target::workflow("", "T", "a/b");
        let key = FORMAT.key("", Some("ambient"), Some(&target), &digest());
        assert_eq!(key, format!("v0/ns/null/wt/T/wi/a%2Fb/ri/null/d/sha256/{}", digest()));
    }

    #[test]
    fn without_target_the_ambient_namespace_partitions() {
        let nexus = Target::Nexus(crate::NexusTarget::new("e", "s", "o"));
        let expected = format!("p/v0/ns/a/d/sha256/{}", digest());
        assert_eq!(FORMAT.key("p", Some("a"), None, &digest()), expected);
        assert_eq!(FORMAT.key("p", Some("a"), Some(&nexus), &digest()), expected);
        assert_eq!(FORMAT.key("", None, None, &digest()), format!("v0/d/sha256/{}", digest()));
    }

    #[test]
    fn a_key_above_the_limit_falls_back_twice() {
        let long = "x".repeat(200);
        let by_id = FORMAT.key("", None, Some(&Target::workflow("n", "T", &*long)), &digest());
        assert_eq!(by_id, format!("v0/ns/n/d/sha256/{}", digest()));
        let by_namespace = FORMAT.key("", None, Some(&Target::workflow(&*long, "T", "w")), &digest());
        assert_eq!(by_namespace, format!("v0/d/sha256/{}", digest()));
    }

    #[test]
    fn the_digest_is_found_only_in_keys_of_the_layout() {
        let key = FORMAT.key("p", Some("a"), None, &digest());
        assert_eq!(FORMAT.digest_in("p", &key), Some(digest().to_hex().as_str()));
        assert_eq!(FORMAT.digest_in("q", &key), None);
        assert_eq!(FORMAT.digest_in("", "other/layout/of/somebody"), None);
        assert_eq!(FORMAT.namespace_in("p", &key), Some("a"));
        assert_eq!(FORMAT.namespace_in("", &FORMAT.key("", None, None, &digest())), Some(""));
        assert_eq!(FORMAT.namespace_in("q", &key), None);
    }
}
