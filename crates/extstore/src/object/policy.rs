//! Checks where claims may point. Anyone who can start a workflow can forge a claim, and the driver's
//! credentials would read what it names.

use super::keys::KeyFormat;
use super::{Layout, Location};
use crate::{Claim, Digest, Error, ErrorKind, Result};

/// Names a location that claims may point at, beside the one that the driver writes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    container: Option<String>,
    /// `None` where every key is meant.
    prefix: Option<String>,
}

impl Readable {
    /// Allows every key of one container.
    pub fn container(name: impl Into<String>) -> Self {
        Self { container: Some(name.into()), prefix: None }
    }

    /// Allows every key under a prefix of a store without containers. The driver refuses an empty prefix: a tenant's
    /// prefix that is empty by accident would open everything.
    pub fn prefix(prefix: impl Into<String>) -> Self {
        Self::container("").under(prefix)
    }

    /// Allows every container and every key that the credentials can read. Anyone who can write a reference into a
    /// history then chooses what this process reads.
    #[must_use]
    pub fn anywhere() -> Self {
        Self { container: None, prefix: None }
    }

    /// Narrows the location to keys under a prefix. The driver refuses an empty prefix.
    #[must_use]
    pub fn under(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Takes separators off the end of the prefix, as the driver's own prefix is kept.
    ///
    /// # Errors
    ///
    /// `Config` where nothing is left of the prefix.
    pub(super) fn trimmed(&self, separator: char) -> Result<Self> {
        let prefix = self.prefix.as_ref().map(|prefix| prefix.trim_end_matches(separator).to_owned());
        if prefix.as_deref() == Some("") {
            return Err(ErrorKind::Config.error(
                "a prefix given to `with_readable` is empty; to allow every key, use `Readable::container(..)` or \
                 `Readable::anywhere()`",
            ));
        }
        Ok(Self { container: self.container.clone(), prefix })
    }

    /// Makes the location that the driver writes to: a container, and its own prefix, which may be empty.
    pub(super) fn own(container: &str, prefix: &str) -> Self {
        let prefix = (!prefix.is_empty()).then(|| prefix.to_owned());
        Self { container: Some(container.to_owned()), prefix }
    }

    pub(super) fn names_container(&self) -> bool {
        self.container.as_deref().is_some_and(|name| !name.is_empty())
    }

    fn has_container(&self, location: &Location) -> bool {
        self.container.as_ref().is_none_or(|name| *name == location.container)
    }

    fn has_key(&self, location: &Location, keys: &KeyFormat) -> bool {
        self.prefix.as_ref().is_none_or(|prefix| under(prefix, &location.key, keys.separator))
    }
}

impl From<&str> for Readable {
    fn from(container: &str) -> Self {
        Self::container(container)
    }
}

impl From<String> for Readable {
    fn from(container: String) -> Self {
        Self::container(container)
    }
}

/// Says whether a key lies under a prefix and cannot leave it: some clients and servers resolve `..`.
fn under(prefix: &str, key: &str, separator: char) -> bool {
    let rest = key.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(separator));
    rest.is_some_and(|rest| separator != '/' || !rest.split('/').any(|segment| matches!(segment, "." | "..")))
}

/// Makes every check of a claim that needs no request.
#[derive(Clone, Debug)]
pub(super) struct ClaimPolicy {
    pub(super) readable: Vec<Readable>,
    pub(super) key_prefix: String,
}

impl ClaimPolicy {
    /// Reads a claim and refuses what it may not name. An error says the location, made safe to print.
    pub(super) fn admit(&self, claim: &Claim, layout: &dyn Layout) -> Result<(Location, Digest)> {
        let (location, digest) = layout.claims().read(claim)?;
        let checked = self.covers(&location, layout);
        let checked = checked.and_then(|()| self.digest(&location, &digest, layout.keys()));
        checked.map_err(|error| error.with_location(layout.describe(&location)))?;
        Ok((location, digest))
    }

    /// Refuses a key that carries another digest than the claim does.
    fn digest(&self, location: &Location, digest: &Digest, keys: &KeyFormat) -> Result<()> {
        let prefixes = self.readable.iter().filter_map(|readable| readable.prefix.as_deref());
        for prefix in prefixes.chain([self.key_prefix.as_str(), ""]) {
            match keys.digest_in(prefix, &location.key) {
                Some(hex) if hex != digest.to_hex() => {
                    return Err(
                        ErrorKind::InvalidClaim.error("the claim's hash differs from the hash in its key")
                    );
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Says whether claims may point at the location.
    pub(super) fn covers(&self, location: &Location, layout: &dyn Layout) -> Result<()> {
        let keys = layout.keys();
        if location.key.contains('\0') && keys.separator == '/' {
            return Err(ErrorKind::InvalidClaim.error("the claim's key holds a NUL character"));
        }
        if keys.max_bytes.is_some_and(|limit| location.key.len() > limit) {
            return Err(
                ErrorKind::InvalidClaim.error("the claim's key is longer than the store's keys can be")
            );
        }
        let containers: Vec<&Readable> =
            self.readable.iter().filter(|readable| readable.has_container(location)).collect();
        if containers.iter().any(|readable| readable.has_key(location, keys)) {
            return Ok(());
        }
        Err(refused(!containers.is_empty(), !layout.claims().container.is_empty()))
    }
}

fn refused(container_matches: bool, has_containers: bool) -> Error {
    let (what, option) = match (container_matches, has_containers) {
        (true, true) => ("outside the configured key prefix", "Readable::container(..).under(..)"),
        (true, false) => ("outside the configured key prefix", "Readable::prefix(..)"),
        (false, _) => ("to a container that is not configured", "Readable::container(..)"),
    };
    ErrorKind::InvalidClaim.error(format!(
        "the claim points {what}; if its writer is trusted, allow it with `with_readable({option})`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_cannot_be_left() {
        assert!(under("p", "p/v0/x", '/'));
        assert!(!under("p", "pp/v0/x", '/'));
        assert!(!under("p", "p", '/'));
        assert!(!under("p", "p/../q/x", '/'));
        assert!(!under("p", "p/./x", '/'));
        assert!(under("p", "p:v0:ns:..", ':'));
    }
}
