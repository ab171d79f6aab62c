//! The small payload that travels through Temporal in place of a stored one.

use bytes::Bytes;

use crate::payload::ENCODING;
use crate::{Claim, ErrorKind, Payload, Result};

mod json;

/// `messageType` of a reference.
pub const REFERENCE_MESSAGE_TYPE: &str = "temporal.api.sdk.v1.ExternalStorageReference";
/// `encoding` of a reference.
pub const REFERENCE_ENCODING: &str = "json/protobuf";
/// `encoding` of the legacy form, which is read only where the option is on.
pub const LEGACY_ENCODING: &str = "json/external-storage-reference";
/// The metadata key that marks the outermost payload of a reference; its value must be `true`.
pub const REFERENCE_MARKER: &str = "__temporal_external_storage_reference";

const MESSAGE_TYPE: &str = "messageType";
const MARKED: &str = "true";

/// A driver's name and the claim that it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    driver_name: String,
    claim: Claim,
}

/// What a payload's metadata says about it. `data` is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detected {
    /// An ordinary payload.
    No,
    /// A reference as it stands.
    Plain,
    /// A payload with the specification's marker: a reference, possibly encoded by the user's codec.
    Marked,
    /// A reference of early prereleases.
    Legacy,
}

/// How new references are written. Every form is read, whatever is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceForm {
    /// Plain and unmarked: what every released SDK writes and reads.
    #[default]
    Plain,
    /// The specification's form: encoded by the codec where there is one, and marked. Released Go,
    /// TypeScript and Java SDKs cannot read it where there is a codec.
    Marked,
}

impl Reference {
    /// A reference to what `driver_name` stored.
    pub fn new(driver_name: impl Into<String>, claim: Claim) -> Self {
        Self { driver_name: driver_name.into(), claim }
    }

    /// The name under which the driver is looked up.
    #[must_use]
    pub fn driver_name(&self) -> &str {
        &self.driver_name
    }

    /// The driver's claim.
    #[must_use]
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Takes the reference apart.
    #[must_use]
    pub fn into_parts(self) -> (String, Claim) {
        (self.driver_name, self.claim)
    }

    /// Says whether a payload needs retrieval, from its metadata alone.
    #[must_use]
    pub fn detect(payload: &Payload) -> Detected {
        Self::detect_in(|key| payload.metadata(key).map(AsRef::as_ref))
    }

    /// Says the same of a payload in any other form: `metadata` returns the value of a key, the last one where a key is
    /// repeated. It looks up at most three keys and allocates nothing.
    #[must_use]
    pub fn detect_in<'a>(metadata: impl Fn(&str) -> Option<&'a [u8]>) -> Detected {
        let is = |key: &str, value: &str| metadata(key).is_some_and(|found| found == value.as_bytes());
        if is(REFERENCE_MARKER, MARKED) {
            Detected::Marked
        } else if is(ENCODING, LEGACY_ENCODING) {
            Detected::Legacy
        } else if is(ENCODING, REFERENCE_ENCODING) && is(MESSAGE_TYPE, REFERENCE_MESSAGE_TYPE) {
            Detected::Plain
        } else {
            Detected::No
        }
    }

    /// The payload that goes to Temporal: compact JSON with sorted keys and `\u` escapes, which every
    /// official reader accepts, and `stored_bytes` as the size of what was stored.
    #[must_use]
    pub fn to_payload(&self, stored_bytes: u64) -> Payload {
        let metadata = [(ENCODING, REFERENCE_ENCODING), (MESSAGE_TYPE, REFERENCE_MESSAGE_TYPE)]
            .map(|(key, value)| (key.to_owned(), Bytes::from_static(value.as_bytes())));
        Payload::assemble(&metadata, json::write(self).into(), &[stored_bytes])
    }

    /// Reads a plain reference: either spelling of its fields, any whitespace and order, unknown
    /// fields ignored, `null` as absent. The claim's size hint is what the payload says.
    ///
    /// # Errors
    ///
    /// `InvalidClaim` where the JSON is malformed, both spellings of a field are present, or no driver is named.
    pub fn parse(payload: &Payload) -> Result<Self> {
        json::read(payload.data()).map(|reference| reference.hinted(payload))
    }

    /// Reads a legacy reference, `{"driver_name", "driver_claim": {"claim_data"}}`.
    ///
    /// # Errors
    ///
    /// `InvalidClaim` as [`Reference::parse`].
    pub fn parse_legacy(payload: &Payload) -> Result<Self> {
        json::read_legacy(payload.data()).map(|reference| reference.hinted(payload))
    }

    fn hinted(mut self, payload: &Payload) -> Self {
        self.claim = self.claim.with_size_hint(payload.external_sizes().first().copied());
        self
    }
}

/// Fails with `TMPRL1105` where a payload is a reference: for hosts without external storage.
///
/// Every SDK must do this, because the alternative is to hand a reference to application code.
///
/// # Errors
///
/// `Config`; it is safe to retry the task once storage is configured.
pub fn refuse_references<'a>(payloads: impl IntoIterator<Item = &'a Payload>) -> Result<()> {
    let is_reference = |payload: &Payload| Reference::detect(payload) != Detected::No;
    if payloads.into_iter().any(is_reference) { Err(not_configured()) } else { Ok(()) }
}

fn not_configured() -> crate::Error {
    ErrorKind::Config
        .error("[TMPRL1105] Detected externally stored payload(s) but external storage is not configured.")
        .with_code("TMPRL1105")
}

/// The error for a marked payload in which no reference can be found.
pub(crate) fn undecodable() -> crate::Error {
    let text = "[TMPRL1106] Encountered an encoded external storage reference that could not be decoded. \
                Check that the payload codec used to write it is configured.";
    ErrorKind::Config.error(text).with_code("TMPRL1106")
}

/// What a marker was put on: the payload without it.
pub(crate) fn unmark(payload: &Payload) -> Payload {
    payload.without_marker(REFERENCE_MARKER)
}

/// Puts the marker on a reference that the codec has encoded, and restores its size.
pub(crate) fn mark(payload: &Payload, stored_bytes: u64) -> Payload {
    payload.with_marker(REFERENCE_MARKER, MARKED, stored_bytes)
}

#[cfg(test)]
mod tests;
