//! Writes, finds and reads references: the small payloads that travel through Temporal in place of stored ones.

use crate::payload::ENCODING;
use crate::{Claim, ErrorKind, Payload, Result};

mod json;

/// Names the value of `messageType` in a reference.
pub const REFERENCE_MESSAGE_TYPE: &str = "temporal.api.sdk.v1.ExternalStorageReference";
/// Names the value of `encoding` in a reference.
pub const REFERENCE_ENCODING: &str = "json/protobuf";
/// Names the value of `encoding` in the legacy form of a reference, which is read only where the option is on.
pub const LEGACY_ENCODING: &str = "json/external-storage-reference";
/// Names the metadata key that marks the outermost payload of a reference; its value must be `true`.
pub const REFERENCE_MARKER: &str = "__temporal_external_storage_reference";

const MESSAGE_TYPE: &str = "messageType";
const MARKED: &str = "true";

/// Names a driver and holds the claim that it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    driver_name: String,
    claim: Claim,
}

/// Tells references from other payloads by their metadata. `data` is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

/// Selects how new references are written. Every form is read, whichever is written.
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

impl Detected {
    /// Reads metadata entries once, in the order of the bytes; of a repeated key the last entry counts.
    ///
    /// Hosts call it with the metadata of a payload that they have in another form. It allocates nothing.
    #[must_use]
    pub fn in_metadata<'a>(entries: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> Self {
        let (mut marked, mut legacy, mut plain, mut typed) = (false, false, false, false);
        for (key, value) in entries {
            if key == ENCODING.as_bytes() {
                plain = value == REFERENCE_ENCODING.as_bytes();
                legacy = value == LEGACY_ENCODING.as_bytes();
            } else if key == MESSAGE_TYPE.as_bytes() {
                typed = value == REFERENCE_MESSAGE_TYPE.as_bytes();
            } else if key == REFERENCE_MARKER.as_bytes() {
                marked = value == MARKED.as_bytes();
            }
        }
        match (marked, legacy, plain && typed) {
            (true, ..) => Self::Marked,
            (_, true, _) => Self::Legacy,
            (.., true) => Self::Plain,
            (false, false, false) => Self::No,
        }
    }
}

impl Reference {
    /// Builds a reference to what `driver_name` stored.
    pub fn new(driver_name: impl Into<String>, claim: Claim) -> Self {
        Self { driver_name: driver_name.into(), claim }
    }

    /// Returns the name under which the driver is looked up.
    #[must_use]
    pub fn driver_name(&self) -> &str {
        &self.driver_name
    }

    /// Returns the driver's claim.
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
        Detected::in_metadata(payload.metadata_entries().map(|(key, value)| (key.as_bytes(), value)))
    }

    /// Writes the payload that goes to Temporal: compact JSON with sorted keys and `\u` escapes, which every
    /// official reader accepts, and `stored_bytes` as the size of what was stored.
    #[must_use]
    pub fn to_payload(&self, stored_bytes: u64) -> Payload {
        let metadata = [(ENCODING, REFERENCE_ENCODING), (MESSAGE_TYPE, REFERENCE_MESSAGE_TYPE)]
            .map(|(key, value)| (key, value.as_bytes()));
        Payload::assemble(metadata.into_iter(), json::write(self).into(), [stored_bytes])
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
        self.claim = self.claim.with_size_hint(payload.external_sizes().next());
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

/// Makes the error for a marked payload in which no reference can be found.
pub(crate) fn undecodable() -> crate::Error {
    let text = "[TMPRL1106] Encountered an encoded external storage reference that could not be decoded. \
                Check that the payload codec used to write it is configured.";
    ErrorKind::Config.error(text).with_code("TMPRL1106")
}

/// Takes the marker off a payload, and the sizes that were added with it.
pub(crate) fn unmark(payload: &Payload) -> Payload {
    payload.without_marker(REFERENCE_MARKER)
}

/// Puts the marker on a reference that the codec has encoded, and restores its size.
pub(crate) fn mark(payload: &Payload, stored_bytes: u64) -> Payload {
    payload.with_marker(REFERENCE_MARKER, MARKED, stored_bytes)
}

#[cfg(test)]
mod tests;
