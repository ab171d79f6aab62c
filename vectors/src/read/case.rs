//! Holds a read vector and what is known about it: its reference, its driver, its object.

use std::collections::BTreeMap;

use extstore::object::Location;
use extstore::{Body, Digest, Error, HASH_ALGORITHM, Payload};

use crate::codec::Xor;
use crate::compare;
use crate::facts::{self, Facts};
use crate::place::path;
use crate::schema::{DriverSpec, ObjectSpec, ReadVector};
use crate::subject::Subject;

pub(super) type Fields = BTreeMap<String, String>;

pub(super) struct Case<'a> {
    pub(super) subject: &'a Subject,
    pub(super) vector: &'a ReadVector,
    pub(super) input: Payload,
    pub(super) codec: Option<Xor>,
    pub(super) facts: Option<Facts>,
}

impl Case<'_> {
    pub(super) fn claim(&self) -> Option<Fields> {
        self.facts.as_ref().and_then(Facts::claim)
    }

    /// Returns the place that Python reads: only the official names count.
    pub(super) fn place(&self) -> Option<Location> {
        let claim = self.claim().filter(|claim| facts::has_location(self.subject, claim))?;
        self.location_of(&claim)
    }

    /// Returns the place that a claim points at under any spelling.
    pub(super) fn location_of(&self, claim: &Fields) -> Option<Location> {
        let [container, key, ..] = compare::fields(&self.subject.claims);
        let value = |names| facts::any(claim, names).map(str::to_owned);
        let container = if container.is_empty() { Some(String::new()) } else { value(container) };
        Some(Location::new(container?, value(key)?))
    }

    pub(super) fn driver(&self) -> Option<&DriverSpec> {
        let name = self.facts.as_ref()?.driver_name();
        self.vector.drivers.iter().find(|driver| driver.name() == name)
    }

    pub(super) fn describe(&self) -> BTreeMap<String, String> {
        self.driver().map(|driver| driver.describe.clone()).unwrap_or_default()
    }

    /// Says whether the driver may read there without being told: in its bucket, under its prefix.
    pub(super) fn is_readable(&self, location: &Location) -> bool {
        let Some(driver) = self.driver() else { return true };
        let bucket = driver.bucket.as_deref().unwrap_or_default();
        let prefix = driver.key_prefix.as_deref().unwrap_or(self.subject.default_prefix);
        let prefix = prefix.trim_end_matches(self.subject.separator);
        let under = |rest: &str| rest.starts_with(self.subject.separator);
        (self.subject.claims.container.is_empty() || bucket == location.container)
            && (prefix.is_empty() || location.key.strip_prefix(prefix).is_some_and(under))
    }

    /// Returns the object behind the claim.
    pub(super) fn stored(&self) -> Option<&ObjectSpec> {
        let wanted = path(&self.location_of(&self.claim()?)?);
        let name = self.facts.as_ref()?.driver_name();
        let of_driver = |object: &&ObjectSpec| {
            self.vector.drivers.get(object.driver).is_some_and(|driver| driver.name() == name)
        };
        self.vector.objects.iter().filter(of_driver).find(|object| object.path == wanted)
    }

    pub(super) fn decode(&self, object: &ObjectSpec) -> Result<Payload, String> {
        let text = |error: Error| error.to_string();
        let payload = Payload::decode(object.data.0.clone()).map_err(text)?;
        self.codec.map_or(Ok(payload.clone()), |codec| codec.decode(&payload)).map_err(text)
    }

    /// Says whether the object has another hash than the claim says, which is found before it is decoded.
    pub(super) fn contradicts(&self, object: &ObjectSpec) -> bool {
        let [.., digest] = compare::fields(&self.subject.claims);
        let claim = self.claim().unwrap_or_default();
        facts::official(&claim, digest).is_some_and(|digest| digest != hash(&object.data.0))
    }

    /// Returns the digest with which a key of the shared layout ends.
    fn digest_in<'k>(&self, key: &'k str) -> Option<&'k str> {
        let marker = ["d", HASH_ALGORITHM, ""].join(&self.subject.separator.to_string());
        key.rsplit_once(&marker).map(|(_, digest)| digest)
    }

    /// The hash that a claim to this place would have to carry.
    pub(super) fn hash_at(&self, location: &Location) -> String {
        let in_key = || self.digest_in(&location.key).filter(|digest| Digest::from_hex(digest).is_some());
        let of_nothing = "0".repeat(64);
        self.stored()
            .map(|object| hash(&object.data.0))
            .or_else(|| in_key().map(str::to_owned))
            .unwrap_or(of_nothing)
    }

    /// The hash is not one, or it is not the one in the key.
    pub(super) fn claim_contradicts_itself(&self) -> bool {
        let Some(claim) = self.claim() else { return false };
        let [_, key, _, digest] = compare::fields(&self.subject.claims);
        let value = |names| facts::any(&claim, names).unwrap_or_default();
        let in_key = self.digest_in(value(key));
        Digest::from_hex(value(digest)).is_none() || in_key.is_some_and(|in_key| in_key != value(digest))
    }
}

/// Returns the hash of an object, as claims write it.
pub(super) fn hash(bytes: &bytes::Bytes) -> String {
    Digest::of(&Body::from(bytes.clone())).to_hex()
}
