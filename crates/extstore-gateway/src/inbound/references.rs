//! Recognises references among payloads, and restores them.

use extstore::{Detected, Message, Payload, Result, refuse_references};
use extstore_wire::Found;

/// Says by its metadata alone whether a payload is a reference: a marked or a plain one, or one of the legacy form.
///
/// It allocates nothing, because it runs for every payload of every response. It finds legacy references even where
/// they are not read: restoring them fails with a clear error, and none reaches user code.
pub(super) fn is_reference(found: &Found<'_>) -> bool {
    Detected::in_metadata(found.metadata()) != Detected::No
}

/// Replaces references by the payloads that they stand for.
///
/// # Errors
///
/// The storage's; without storage `TMPRL1105`.
pub(super) async fn restore_with(work: Option<&Message>, references: Vec<Payload>) -> Result<Vec<Payload>> {
    match work {
        Some(work) => work.restore(references).await,
        None => refuse_references(&references).map(|()| references),
    }
}

/// Returns the size in bytes that a reference claims for its payload; 0 where it claims none. Anyone can write this
/// number: the gateway chooses by it which references to leave, and never whether a payload fits.
pub(super) fn size_hint(reference: &Payload) -> u64 {
    reference.external_sizes().fold(0, u64::saturating_add)
}
