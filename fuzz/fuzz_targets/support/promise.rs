//! Says what a driver's configuration promises about claims, in other words than the core does.

use extstore::Claim;
use extstore::object::{Location, Readable};

/// Says where claims may point.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    container: Option<&'static str>,
    prefix: String,
}

impl Place {
    pub(crate) fn new(container: &'static str, prefix: &str) -> Self {
        Self { container: Some(container), prefix: prefix.to_owned() }
    }

    pub(crate) fn anywhere() -> Self {
        Self { container: None, prefix: String::new() }
    }

    /// Converts the place to the form that the options take.
    pub(crate) fn readable(&self) -> Readable {
        match self.container {
            None => Readable::anywhere(),
            Some(container) if self.prefix.is_empty() => Readable::container(container),
            Some(container) => Readable::container(container).under(self.prefix.as_str()),
        }
    }
}

/// Bounds the key of a store whose segments are separated by `/`.
const MAX_KEY_BYTES: usize = 1024;

/// Holds the store's spelling, and where claims may point.
pub(crate) struct Promise {
    pub(crate) separator: char,
    /// The names of a claim's container; none where the store has no containers.
    pub(crate) container: &'static [&'static str],
    /// The names of a claim's key.
    pub(crate) key: &'static [&'static str],
    pub(crate) places: Vec<Place>,
}

impl Promise {
    /// Says whether a request may name the location.
    pub(crate) fn covers(&self, location: &Location) -> bool {
        let key = location.key.as_str();
        let nul = self.separator == '/' && key.bytes().any(|byte| byte == 0);
        let fits = self.separator != '/' || key.len() <= MAX_KEY_BYTES;
        !nul && fits
            && self.places.iter().any(|place| {
                let container = place.container.is_none_or(|name| name == location.container);
                container && self.inside(place, key).is_some_and(|rest| !self.climbs(place, rest))
            })
    }

    /// Says whether a driver has to read the claim.
    pub(crate) fn admits(&self, claim: &Claim) -> bool {
        self.location(claim).zip(self.digest(claim)).is_some_and(|(location, digest)| {
            self.covers(&location) && self.digests(&location.key).all(|found| found == digest)
        })
    }

    /// Returns the digest of a claim, where all its fields are in order.
    pub(crate) fn digest(&self, claim: &Claim) -> Option<String> {
        let digest = agreed(claim, &["hash_value", "hashValue"])?;
        let hexadecimal = digest.bytes().all(|byte| b"0123456789abcdef".contains(&byte));
        let algorithm = agreed(claim, &["hash_algorithm", "hashAlgorithm"])?;
        (digest.len() == 64 && hexadecimal && algorithm == "sha256").then_some(digest)
    }

    /// Says whether a key of ours has a segment of this name.
    pub(crate) fn names(&self, key: &str, tag: &str) -> bool {
        key.split(self.separator).any(|segment| segment == tag)
    }

    fn location(&self, claim: &Claim) -> Option<Location> {
        let bytes: usize = claim.iter().map(|(name, value)| name.len() + value.len()).sum();
        if claim.len() > 32 || bytes > 16_384 {
            return None;
        }
        let container =
            if self.container.is_empty() { String::new() } else { agreed(claim, self.container)? };
        Some(Location::new(container, agreed(claim, self.key)?))
    }

    /// Returns the part of a key after a place's prefix.
    fn inside<'k>(&self, place: &Place, key: &'k str) -> Option<&'k str> {
        let prefix = place.prefix.trim_end_matches(self.separator);
        if prefix.is_empty() {
            return Some(key);
        }
        key.strip_prefix(format!("{prefix}{}", self.separator).as_str())
    }

    /// Says whether a client that resolves dot segments could leave the prefix.
    fn climbs(&self, place: &Place, rest: &str) -> bool {
        let has_prefix = !place.prefix.trim_end_matches(self.separator).is_empty();
        has_prefix
            && self.separator == '/'
            && rest.split('/').any(|segment| segment == "." || segment == "..")
    }

    /// Returns the digests that a key carries, after any prefix or none.
    fn digests<'k>(&self, key: &'k str) -> impl Iterator<Item = &'k str> {
        let below = self.places.iter().filter_map(|place| self.inside(place, key)).chain([key]);
        below.filter_map(|key| match key.split(self.separator).collect::<Vec<_>>().as_slice() {
            ["v0", .., "d", "sha256", digest] => Some(*digest),
            _ => None,
        })
    }
}

/// Returns the value under all of these names that are present, which must agree.
fn agreed(claim: &Claim, names: &[&str]) -> Option<String> {
    let mut values: Vec<&str> = names.iter().filter_map(|name| claim.get(name)).collect();
    values.dedup();
    match values.as_slice() {
        [only] if !only.is_empty() => Some((*only).to_owned()),
        _ => None,
    }
}
