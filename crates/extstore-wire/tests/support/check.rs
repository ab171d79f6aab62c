//! Checks what must hold for every scan and every rewrite.

use bytes::Bytes;
use extstore_wire::{Fault, MessageType, Rewrite, Scan};

use super::model::{self, Change};

/// Checks everything that must hold of a message and of changes to it, and returns the number of its payloads.
///
/// # Errors
///
/// Why the message cannot be scanned: then nothing has to hold.
pub(crate) fn holds(
    message: MessageType,
    bytes: &Bytes,
    choices: &mut dyn FnMut() -> u8,
) -> Result<usize, Fault> {
    let scan = Scan::all(message, bytes.clone())?;
    let offloaded = rewrites(message, bytes);
    let restored = restore(message, bytes, &offloaded);
    // A padded length may lose its padding on the way, so what is compared is offloaded again.
    assert_eq!(offload(message, &restored), offloaded);
    let changes = changes(scan.leaves().len(), choices);
    assert_eq!(model::rewritten(&scan, &changes), model::expected(message, bytes, &changes));
    Ok(scan.leaves().len())
}

/// Makes some changes to some of so many payloads.
fn changes(leaves: usize, choices: &mut dyn FnMut() -> u8) -> Vec<Change> {
    let count = if leaves == 0 { 0 } else { choices() % 5 };
    let change = |_| {
        let leaf = usize::from(choices()) % leaves;
        // Around the width of a length, now and then.
        let new = vec![choices(); usize::from(choices()) * usize::from(choices() % 3)];
        match choices() % 6 {
            5 => Change::Remove(leaf, usize::from(choices() % 4)),
            0 => Change::ReplaceParent(leaf, new),
            1 | 2 => Change::Append(leaf, usize::from(choices() % 4), new),
            _ => Change::Replace(leaf, new),
        }
    };
    (0..count).map(change).collect()
}

/// Returns what offloading puts in a payload's place. It is shorter than most and longer than some.
pub(crate) fn reference(index: usize) -> Bytes {
    Bytes::from(super::hand::payload(&format!("reference to payload {index}")))
}

/// Puts a reference in the place of every payload.
pub(crate) fn offload(message: MessageType, bytes: &Bytes) -> Bytes {
    replace_all(message, bytes, |index, _| reference(index))
}

/// Puts other payloads in the place of all.
pub(crate) fn replace_all(message: MessageType, bytes: &Bytes, new: impl Fn(usize, Bytes) -> Bytes) -> Bytes {
    let scan = Scan::all(message, bytes.clone()).expect("scanned before");
    let mut rewrite = Rewrite::new(&scan);
    for (index, leaf) in scan.leaves().iter().enumerate() {
        rewrite.replace(index, [new(index, scan.payload(leaf))]);
    }
    rewrite.finish().expect("below 2 GiB").to_bytes()
}

/// Rewriting nothing gives the bytes, replacing each by itself too, and references can be taken back. Returns the
/// message with references.
pub(crate) fn rewrites(message: MessageType, bytes: &Bytes) -> Bytes {
    let scan = Scan::all(message, bytes.clone()).expect("scanned before");
    let nothing = Rewrite::new(&scan).finish().expect("nothing grows").to_bytes();
    assert_eq!(nothing, bytes);
    assert!(bytes.is_empty() || nothing.as_ptr() == bytes.as_ptr(), "the message was copied");
    assert_eq!(replace_all(message, bytes, |_, payload| payload), bytes);

    let offloaded = offload(message, bytes);
    let found = Scan::all(message, offloaded.clone()).expect("a rewritten message is well-formed");
    assert_eq!(found.leaves().len(), scan.leaves().len());
    assert_eq!(found.skipped(), scan.skipped());
    for (index, (leaf, before)) in found.leaves().iter().zip(scan.leaves()).enumerate() {
        assert_eq!(found.payload(leaf), reference(index));
        assert_eq!(leaf.policy(), before.policy());
        assert_eq!(found.path(leaf), scan.path(before));
    }
    offloaded
}

/// Puts the payloads of the original in the place of the references.
pub(crate) fn restore(message: MessageType, original: &Bytes, offloaded: &Bytes) -> Bytes {
    let scan = Scan::all(message, original.clone()).expect("scanned before");
    replace_all(message, offloaded, |index, _| scan.payload(&scan.leaves()[index]))
}
