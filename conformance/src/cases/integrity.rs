//! Checks that content that does not match its claim is never returned.  (ES-016, ES-017)

mod claimed;
mod stored;

use crate::case::Case;

pub(super) use stored::expect_located;

pub(super) const CASES: &[Case] = &[
    corrupting("integrity.bit_flip", "flips one bit of a stored object, at several places", |cx| {
        Box::pin(stored::bit_flip(cx))
    }),
    corrupting("integrity.truncated", "cuts the tail of a stored object, half of it, all of it", |cx| {
        Box::pin(stored::truncated(cx))
    }),
    corrupting("integrity.appended", "adds bytes and whole fields to a stored object", |cx| {
        Box::pin(stored::appended(cx))
    }),
    corrupting("integrity.swapped", "exchanges two stored objects", |cx| Box::pin(stored::swapped(cx))),
    corrupting("integrity.rolled_back", "puts older bytes of the same length at a key", |cx| {
        Box::pin(stored::rolled_back(cx))
    }),
    Case::core(
        "integrity.raw_bytes_verified",
        &["ES-016"],
        "retrieves objects that another encoder wrote: other order of fields, unknown ones, unsorted metadata",
        "a hash over bytes that were encoded again refuses what other SDKs wrote",
        |cx| Box::pin(stored::raw_bytes_verified(cx)),
    ),
    corrupting(
        "integrity.valid_digest_garbage",
        "retrieves bytes that are no payload, with a fitting digest",
        |cx| Box::pin(stored::valid_digest_garbage(cx)),
    ),
    Case::core(
        "integrity.one_bad_in_batch",
        &["ES-016", "ES-019"],
        "corrupts the second of three objects and retrieves all",
        "an empty payload in place of the bad one is an argument that nobody passed",
        |cx| Box::pin(stored::one_bad_in_batch(cx)),
    ),
    corrupting("integrity.claim_digest_edited", "changes the digest in a claim", |cx| {
        Box::pin(claimed::claim_digest_edited(cx))
    }),
    refusing("integrity.digest_removed", "removes hash and algorithm from a claim, under all names", |cx| {
        Box::pin(claimed::digest_removed(cx))
    }),
    refusing("integrity.algorithm_downgrade", "names a weaker hash, or none, in a claim", |cx| {
        Box::pin(claimed::algorithm_downgrade(cx))
    }),
];

const fn corrupting(id: &'static str, does: &'static str, run: crate::case::CaseFn) -> Case {
    Case::core(id, &["ES-016"], does, "a workflow would continue with data that nobody passed to it", run)
}

const fn refusing(id: &'static str, does: &'static str, run: crate::case::CaseFn) -> Case {
    let matters = "whoever can write into a history could switch the verification off";
    Case::core(id, &["ES-017"], does, matters, run)
}
