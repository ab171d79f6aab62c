//! Reads the claims of every SDK under any spelling, and writes claims that all of them can read.

use super::Location;
use crate::{Claim, Digest, Error, ErrorKind, HASH_ALGORITHM, Result};

/// No legitimate claim is larger: four fields, their aliases and a key of 1,024 bytes.
const MAX_CLAIM_BYTES: usize = 16 * 1024;
const MAX_CLAIM_FIELDS: usize = 32;

/// Lists what the SDKs call the fields of a claim. The first name of each list is the documented one.
///
/// All names are written with the same value; any one is enough when reading, and two that
/// contradict each other are refused.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ClaimFields {
    /// Names of the container; empty where the store has none.
    pub container: &'static [&'static str],
    /// Names of the key.
    pub key: &'static [&'static str],
    /// Names of the hash's algorithm.
    pub algorithm: &'static [&'static str],
    /// Names of the hash.
    pub digest: &'static [&'static str],
}

impl ClaimFields {
    /// Lists the names of the field `hash_algorithm`: first as Python, Go and Java write it, then as TypeScript does.
    pub const ALGORITHM: &'static [&'static str] = &["hash_algorithm", "hashAlgorithm"];
    /// Lists the names of the field `hash_value`: first as Python, Go and Java write it, then as TypeScript does.
    pub const DIGEST: &'static [&'static str] = &["hash_value", "hashValue"];

    /// Makes the names for a store without containers: the given ones for the key, the usual ones for the hash.
    #[must_use]
    pub const fn new(key: &'static [&'static str]) -> Self {
        Self { container: &[], key, algorithm: Self::ALGORITHM, digest: Self::DIGEST }
    }

    /// Sets the names of the container.
    #[must_use]
    pub const fn with_container(mut self, names: &'static [&'static str]) -> Self {
        self.container = names;
        self
    }

    /// Sets the names of the hash's algorithm and of the hash.
    #[must_use]
    pub const fn with_hash(
        mut self,
        algorithm: &'static [&'static str],
        digest: &'static [&'static str],
    ) -> Self {
        (self.algorithm, self.digest) = (algorithm, digest);
        self
    }

    /// Writes the superset.
    #[must_use]
    pub fn write(&self, location: &Location, digest: &Digest) -> Claim {
        let hex = digest.to_hex();
        let values = [
            (self.container, location.container.as_str()),
            (self.key, location.key.as_str()),
            (self.algorithm, HASH_ALGORITHM),
            (self.digest, hex.as_str()),
        ];
        values.into_iter().flat_map(|(names, value)| names.iter().map(move |name| (*name, value))).collect()
    }

    /// Reads a claim of any spelling. No request has been made and nothing but the form is checked.
    ///
    /// # Errors
    ///
    /// `InvalidClaim` where a field is missing, empty or contradicts its alias, where the hash is not
    /// 64 lower-case hexadecimal digits, or where the claim is too large; `Unsupported` where the
    /// algorithm is not `sha256`.
    pub fn read(&self, claim: &Claim) -> Result<(Location, Digest)> {
        if claim.len() > MAX_CLAIM_FIELDS || claim.encoded_len() > MAX_CLAIM_BYTES {
            let text = format!("the claim exceeds {MAX_CLAIM_FIELDS} fields or {MAX_CLAIM_BYTES} bytes");
            return Err(ErrorKind::InvalidClaim.error(text));
        }
        let container = if self.container.is_empty() { "" } else { one(claim, self.container)? };
        let key = one(claim, self.key)?;
        let algorithm = one(claim, self.algorithm)?;
        let digest = one(claim, self.digest)?;
        if algorithm != HASH_ALGORITHM {
            return Err(ErrorKind::Unsupported.error(format!(
                "the claim's hash algorithm is not {HASH_ALGORITHM}: it comes from a newer writer or was edited"
            )));
        }
        let digest = Digest::from_hex(digest)
            .ok_or_else(|| invalid("is not 64 lower-case hex digits", self.digest))?;
        Ok((Location::new(container, key), digest))
    }
}

/// Returns the value under any of the names; all that are present must agree.
fn one<'a>(claim: &'a Claim, names: &[&str]) -> Result<&'a str> {
    let mut present = names.iter().filter_map(|name| claim.get(name));
    let value = present.next().ok_or_else(|| invalid("is missing", names))?;
    if present.any(|other| other != value) {
        return Err(invalid("contradicts its alias", names));
    }
    if value.is_empty() { Err(invalid("is empty", names)) } else { Ok(value) }
}

fn invalid(what: &str, names: &[&str]) -> Error {
    ErrorKind::InvalidClaim.error(format!("the claim's field {} {what}", names.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Body;

    const FIELDS: ClaimFields = ClaimFields::new(&["key", "object_name"]).with_container(&["bucket"]);

    fn claim() -> Claim {
        let location = Location::new("b", "k");
        FIELDS.write(&location, &Digest::of(&Body::default()))
    }

    #[test]
    fn the_superset_is_written_and_any_spelling_is_enough() {
        let (location, digest) = FIELDS.read(&claim()).unwrap();
        for alias in ["hashAlgorithm", "hash_value", "key"] {
            let mut fewer = claim();
            fewer.remove(alias).unwrap();
            assert_eq!(FIELDS.read(&fewer).unwrap(), (location.clone(), digest), "{alias}");
        }
    }

    #[test]
    fn what_is_missing_empty_or_contradicting_is_named() {
        let mut missing = claim();
        missing.remove("bucket").unwrap();
        let cases = [
            (missing, "bucket is missing"),
            (claim().with("bucket", ""), "bucket is empty"),
            (claim().with("object_name", "other"), "key or object_name contradicts"),
            (claim().with("hash_value", "F").with("hashValue", "F"), "64 lower-case"),
            (claim().with("x", "y".repeat(1 << 20)), "exceeds"),
        ];
        for (claim, text) in cases {
            let error = FIELDS.read(&claim).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidClaim);
            assert!(error.message().contains(text), "{error}");
        }
    }

    #[test]
    fn an_unknown_algorithm_is_a_newer_writer() {
        let claim = claim().with("hash_algorithm", "sha512").with("hashAlgorithm", "sha512");
        assert_eq!(FIELDS.read(&claim).unwrap_err().kind(), ErrorKind::Unsupported);
    }
}
