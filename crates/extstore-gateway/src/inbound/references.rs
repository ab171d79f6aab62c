//! Finds references among payloads and restores them.

use extstore::{Detected, Message, Payload, Result, refuse_references};
use extstore_wire::Found;

/// Says whether a payload needs retrieval, from its metadata alone: marked, or plain, or of the legacy form.
///
/// It allocates nothing, because it looks at every payload of every response. Legacy references are found even where
/// they are not read: restoring them fails with a clear error, and none reaches user code.
pub(super) fn is_reference(found: &Found<'_>) -> bool {
    Detected::in_metadata(found.metadata()) != Detected::No
}

/// Replaces references by what they stand for; without storage it refuses them with `TMPRL1105`.
pub(super) async fn restore_with(work: Option<&Message>, references: Vec<Payload>) -> Result<Vec<Payload>> {
    match work {
        Some(work) => work.restore(references).await,
        None => refuse_references(&references).map(|()| references),
    }
}

/// Returns how large the stored payload is said to be, in bytes; 0 where nothing is said. Anyone can write this number: it chooses what
/// is left for later, and never decides whether something fits.
pub(super) fn size_hint(reference: &Payload) -> u64 {
    reference.external_sizes().fold(0, u64::saturating_add)
}
