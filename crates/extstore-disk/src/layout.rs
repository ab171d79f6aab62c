//! Spells keys and claims, and names the file that holds the object of a key.

use std::path::PathBuf;

use extstore::object::{ClaimFields, KeyFormat, Layout, Location, escape_percent};
use extstore::{ErrorKind, Hasher, Result};

/// Names the driver's type, as in the samples of other SDKs, and the default of its name.
pub const DISK_DRIVER_TYPE: &str = "local-disk";

/// Names the directory of the objects under the root.
pub(crate) const OBJECTS: &str = "objects";
/// Names the directory, under the root, of files that are being written.
pub(crate) const TMP: &str = "tmp";

/// Implements the layout of `local-disk`: S3's keys, and claims without a container.
#[derive(Debug)]
pub(crate) struct DiskLayout {
    pub(crate) root: PathBuf,
}

static KEYS: KeyFormat = KeyFormat::new('/', escape).with_max_bytes(1024);

static CLAIMS: ClaimFields = ClaimFields::new(&["key"]);

/// Keeps what S3 keeps, so that objects can move between the two under the same keys.
fn escape(identity: &str) -> String {
    match identity {
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => escape_percent(identity, |byte| byte.is_ascii_alphanumeric() || b"!-_.*'()".contains(&byte)),
    }
}

/// Says whether a key could be meant as a path out of the root. No key that the driver writes is.
pub(crate) fn is_path_like(key: &str) -> bool {
    key.starts_with('/') || key.split('/').any(|segment| matches!(segment, "." | ".."))
}

impl Layout for DiskLayout {
    fn keys(&self) -> &KeyFormat {
        &KEYS
    }

    fn claims(&self) -> &ClaimFields {
        &CLAIMS
    }

    /// Refuses keys that look like paths out of the root. A key never becomes a path, so such a claim could do no
    /// harm; its author has to be told all the same.
    fn admit(&self, location: &Location) -> Result<()> {
        if is_path_like(&location.key) {
            return Err(ErrorKind::InvalidClaim.error("the claim's key looks like a path out of the root"));
        }
        Ok(())
    }

    fn describe(&self, location: &Location) -> String {
        let file = object_path(&location.key);
        format!("root={} file={} key={}", self.root.display(), file.display(), location.key)
    }
}

/// Names the file of a key, relative to the root: `objects/`, two digits, `/`, 62 digits of the key's SHA-256.
///
/// A backup tool finds with it which file a claim's `key` needs.
#[must_use]
pub fn object_path(key: &str) -> PathBuf {
    let name = ObjectName::of(key);
    [OBJECTS, &name.shard, &name.file].iter().collect()
}

/// Names the directory and the file of a key's object. Whatever the key holds, both names are hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectName {
    /// The key itself, which the file carries as an extended attribute.
    pub(crate) key: String,
    pub(crate) shard: String,
    pub(crate) file: String,
}

impl ObjectName {
    pub(crate) const SHARD_DIGITS: usize = 2;
    pub(crate) const FILE_DIGITS: usize = 62;

    pub(crate) fn of(key: &str) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(key.as_bytes());
        let mut shard = hasher.finish().to_hex();
        let file = shard.split_off(Self::SHARD_DIGITS);
        Self { key: key.to_owned(), shard, file }
    }
}

#[cfg(test)]
mod tests {
    use extstore::{Body, Digest, Target};

    use super::*;

    fn key_of(id: &str) -> String {
        KEYS.key("", None, Some(&Target::workflow("ns", "T", id)), &Digest::of(&Body::default()))
    }

    #[test]
    fn keys_are_those_of_s3() {
        assert!(key_of("a b/ü~100%!-_.*'()").contains("/wi/a%20b%2F%C3%BC%7E100%25!-_.*'()/ri/null/"));
        assert!(key_of("..").contains("/wi/%2E%2E/"));
        assert!(key_of(&"x".repeat(1024)).starts_with("v0/ns/ns/d/sha256/"));
    }

    #[test]
    fn a_key_never_becomes_a_path() {
        for key in ["../../etc/passwd", "/etc/passwd", "a/\0/b", "", "objects", "v0/ns/x"] {
            let path = object_path(key);
            let name = path.to_str().unwrap().strip_prefix("objects/").unwrap();
            assert_eq!(name.len(), 65, "{name}");
            assert!(name.bytes().all(|byte| byte == b'/' || byte.is_ascii_hexdigit()), "{name}");
        }
    }

    #[test]
    fn only_keys_that_look_like_paths_are_refused() {
        let layout = DiskLayout { root: "/r".into() };
        let admit = |key: &str| layout.admit(&Location::new("", key));
        for key in ["../x", "/etc/passwd", "v0/../x", "v0/./x", "..", "x/.."] {
            assert_eq!(admit(key).unwrap_err().kind(), ErrorKind::InvalidClaim, "{key}");
        }
        for key in ["v0/ns/a..b/x", "v0/%2E%2E/x", ".../x", "another/layout"] {
            assert!(admit(key).is_ok(), "{key}");
        }
    }
}
