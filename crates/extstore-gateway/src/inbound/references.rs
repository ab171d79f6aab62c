//! Which payloads are references.

use extstore::{
    LEGACY_ENCODING, Message, Payload, REFERENCE_ENCODING, REFERENCE_MARKER, REFERENCE_MESSAGE_TYPE, Result,
    refuse_references,
};
use extstore_wire::Found;

/// Whether a payload needs retrieval, from its metadata alone: marked, or plain, or of the legacy form.
///
/// It allocates nothing, because it looks at every payload of every response. Legacy references are found even where
/// they are not read: restoring them fails with a clear error, and none reaches user code.
pub(super) fn is_reference(found: &Found<'_>) -> bool {
    let (mut marked, mut plain, mut legacy, mut typed) = (false, false, false, false);
    for (key, value) in found.metadata() {
        match key {
            _ if key == REFERENCE_MARKER.as_bytes() => marked = value == b"true",
            b"encoding" => {
                plain = value == REFERENCE_ENCODING.as_bytes();
                legacy = value == LEGACY_ENCODING.as_bytes();
            }
            b"messageType" => typed = value == REFERENCE_MESSAGE_TYPE.as_bytes(),
            _ => {}
        }
    }
    marked || legacy || plain && typed
}

/// Replaces references by what they stand for; without storage it refuses them with `TMPRL1105`.
pub(super) async fn restore_with(
    message: Option<&Message>,
    references: Vec<Payload>,
) -> Result<Vec<Payload>> {
    match message {
        Some(message) => message.restore(references).await,
        None => refuse_references(&references).map(|()| references),
    }
}

/// How large the stored payload is said to be; 0 where nothing is said. Anyone can write this number: it chooses what
/// is left for later, and never decides whether something fits.
pub(super) fn size_hint(reference: &Payload) -> u64 {
    reference.external_sizes().iter().fold(0, |sum, size| sum.saturating_add(*size))
}
