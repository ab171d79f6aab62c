//! Spells keys and claims as every official S3 driver does.

use extstore::object::{ClaimFields, KeyFormat, Layout, Location, escape_percent};
use extstore::{ErrorKind, Result};

use crate::Bucket;

/// Implements the layout of `aws.s3driver`. It has no state.
#[derive(Debug)]
pub(crate) struct S3Layout;

static KEYS: KeyFormat = KeyFormat::new('/', escape).with_max_bytes(1024);

static CLAIMS: ClaimFields = ClaimFields::new(&["key"]).with_container(&["bucket"]);

/// Keeps what the official drivers keep: letters, digits and `!-_.*'()`.
///
/// Our one difference is a segment that is a dot or two dots. The official drivers write it as it stands, and
/// clients, proxies and some servers then resolve it as a path: the object lands under another key, or nowhere.
fn escape(identity: &str) -> String {
    match identity {
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => escape_percent(identity, |byte| byte.is_ascii_alphanumeric() || b"!-_.*'()".contains(&byte)),
    }
}

impl Layout for S3Layout {
    fn keys(&self) -> &KeyFormat {
        &KEYS
    }

    fn claims(&self) -> &ClaimFields {
        &CLAIMS
    }

    /// In an address with the bucket in the path, such a key names another bucket to a program that resolves dot
    /// segments.
    fn admit(&self, location: &Location) -> Result<()> {
        let bucket = location.container.parse::<Bucket>();
        bucket.map_err(|error| ErrorKind::InvalidClaim.error(error.message()))?;
        if leads_above_the_bucket(&location.key) {
            return Err(ErrorKind::InvalidClaim.error("the claim's key leads out of its bucket"));
        }
        Ok(())
    }

    fn describe(&self, location: &Location) -> String {
        format!("bucket={} key={}", location.container, location.key)
    }
}

/// Dot segments alone are no reason to refuse a key: the official drivers write identities as they stand, each below
/// a segment that names its kind, so that their keys never go up to the bucket.
fn leads_above_the_bucket(key: &str) -> bool {
    // Whoever resolves dots may also take several slashes for one: an empty segment is no depth.
    let depth = key.split('/').try_fold(0_usize, |depth, segment| match segment {
        "" | "." => Some(depth),
        ".." => depth.checked_sub(1),
        _ => Some(depth + 1),
    });
    depth.is_none()
}

#[cfg(test)]
mod tests {
    use extstore::{Body, Digest, Target};

    use super::*;

    fn key_of(id: &str) -> String {
        let digest = Digest::of(&Body::default());
        KEYS.key("", None, Some(&Target::workflow("ns", "T", id)), &digest)
    }

    #[test]
    fn identities_are_escaped_as_the_official_drivers_do() {
        assert!(key_of("a b/ü~100%!-_.*'()").contains("/wi/a%20b%2F%C3%BC%7E100%25!-_.*'()/ri/null/"));
    }

    #[test]
    fn a_dot_segment_cannot_be_resolved_as_a_path() {
        assert!(key_of(".").contains("/wi/%2E/"));
        assert!(key_of("..").contains("/wi/%2E%2E/"));
        assert!(key_of("...").contains("/wi/.../"));
    }

    #[test]
    fn a_key_above_1024_bytes_falls_back() {
        assert!(key_of(&"x".repeat(1024)).starts_with("v0/ns/ns/d/sha256/"));
    }

    fn admit(container: &str, key: &str) -> Result<()> {
        S3Layout.admit(&Location::new(container, key))
    }

    #[test]
    fn a_key_that_leads_out_of_its_bucket_is_refused() {
        for key in ["..", "../x", "/../x", "//../x", "a/../../x", "a//../../x", "./../x", "a/b/../../.."] {
            let error = admit("b", key).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidClaim, "{key}");
        }
        for key in ["", "x", "v0/ns/../wt/../wi/../ri/../d/sha256/x", "/v0//ns/./x", "a/..", "..a/%2E%2E/..."]
        {
            admit("b", key).unwrap();
        }
    }

    #[test]
    fn what_can_be_no_bucket_is_refused() {
        for bucket in ["", "a/b", "..", "a?b", "arn:aws:s3:us-east-1:123456789012:accesspoint/../b"] {
            assert_eq!(admit(bucket, "k").unwrap_err().kind(), ErrorKind::InvalidClaim, "{bucket}");
        }
    }

    #[test]
    fn a_claim_has_every_official_spelling() {
        let location = Location::new("b", "k");
        let claim = CLAIMS.write(&location, &Digest::of(&Body::default()));
        let names: Vec<&str> = claim.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["bucket", "hashAlgorithm", "hashValue", "hash_algorithm", "hash_value", "key"]);
    }
}
