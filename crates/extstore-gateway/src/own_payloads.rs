//! Keeps the payloads that an exchange has offloaded, so that its own answer is restored without a read.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use extstore::Payload;

/// Holds the payloads that one exchange has offloaded, by the canonical form of their references: a server may write
/// the metadata of a payload in another order.
#[derive(Debug, Default)]
pub(crate) struct OwnPayloads(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    payloads: HashMap<Bytes, Payload>,
    bytes: u64,
}

impl OwnPayloads {
    /// Keeps a payload that was stored, unless all of them together would have more than `cap` bytes: then an answer with
    /// them would have no room for others. It shares its bytes with the request.
    pub(crate) fn keep(&self, reference: &Payload, payload: Payload, cap: u64) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = kept.bytes.saturating_add(payload.encoded_len() as u64);
        if bytes <= cap {
            kept.bytes = bytes;
            kept.payloads.insert(reference.canonical().to_bytes(), payload);
        }
    }

    /// Returns the payloads of references; none unless all are known.
    pub(crate) fn find(&self, references: &[Payload]) -> Option<Vec<Payload>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |reference: &Payload| kept.payloads.get(&reference.canonical().to_bytes()).cloned();
        references.iter().map(find).collect()
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use extstore_wire::put_bytes;

    use super::*;

    /// Encodes a payload with its metadata in the order given.
    fn payload(metadata: [(&str, &str); 2], data: &str) -> Payload {
        let mut encoded = BytesMut::new();
        for (key, value) in metadata {
            let mut entry = BytesMut::new();
            put_bytes(&mut entry, 1, key.as_bytes());
            put_bytes(&mut entry, 2, value.as_bytes());
            put_bytes(&mut encoded, 1, &entry);
        }
        put_bytes(&mut encoded, 2, data.as_bytes());
        Payload::decode(encoded.freeze()).unwrap()
    }

    #[test]
    fn a_reference_is_found_in_any_order_of_its_metadata() {
        let own = OwnPayloads::default();
        let stored = payload([("a", "1"), ("b", "2")], "stored");
        own.keep(&payload([("x", "1"), ("y", "2")], "claim"), stored.clone(), 1000);
        let other = payload([("x", "1"), ("y", "2")], "another claim");
        assert_eq!(own.find(&[payload([("y", "2"), ("x", "1")], "claim")]), Some(vec![stored.clone()]));
        assert_eq!(own.find(std::slice::from_ref(&other)), None);
        assert_eq!(own.find(&[other, payload([("x", "1"), ("y", "2")], "claim")]), None);
    }

    #[test]
    fn no_more_is_kept_than_the_cap() {
        let (own, stored) = (OwnPayloads::default(), payload([("a", "1"), ("b", "2")], "stored"));
        let cap = stored.encoded_len() as u64;
        let [first, second] = ["1", "2"].map(|claim| payload([("x", "1"), ("y", "2")], claim));
        own.keep(&first, stored.clone(), cap);
        own.keep(&second, stored.clone(), cap);
        assert_eq!((own.find(&[first]), own.find(&[second])), (Some(vec![stored]), None));
    }
}
