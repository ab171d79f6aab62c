//! Recognises references among payloads, and restores them.

use bytes::Bytes;
use extstore::{Detected, Error, ErrorKind, Message, Payload, Result, refuse_references};
use extstore_wire::{Fault, Found, MAX_DEPTH, MessageType, Scan};

/// Finds the references of a message. Returns none where the message is malformed: no SDK can decode it either.
///
/// # Errors
///
/// `TooLarge` where the message holds too many references, or nests too deep: an SDK may decode it, and would hand
/// references to user code.
pub(super) fn find(message: MessageType, bytes: Bytes) -> Result<Option<Scan>> {
    match Scan::references(message, bytes, is_reference) {
        Ok(scan) => Ok(Some(scan)),
        Err(fault @ (Fault::TooMany | Fault::TooDeep | Fault::TooLarge)) => Err(refused(fault)),
        Err(_) => Ok(None),
    }
}

fn refused(fault: Fault) -> Error {
    ErrorKind::TooLarge.error(format!(
        "the message cannot be restored: {fault}; a message may hold {} references and nest {MAX_DEPTH} deep",
        Scan::MAX_RECORDS
    ))
}

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
