//! Keeps one encoded `temporal.api.common.v1.Payload` as the bytes it arrived in.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::{Body, Result};

mod canonical;
mod wire;

/// Names the metadata entry that says how `data` is encoded.
pub const ENCODING: &str = "encoding";

/// Holds one Temporal payload as its encoded bytes.
///
/// A payload owns the serialised `temporal.api.common.v1.Payload`. Nothing is decoded into a struct
/// and encoded again, so unknown fields, field order and duplicates survive, and what is stored is
/// what the history would have held. Metadata is read from the bytes each time that it is asked for, so a payload takes
/// the memory of its bytes however many entries it has.
///
/// Cloning is O(1) and copies no byte. `Debug` prints lengths, never contents.
#[derive(Clone)]
pub struct Payload(Arc<Encoded>);

/// Holds bytes that this module wrote or checked, so that reading a field of them does not fail.
struct Encoded {
    body: Body,
    data: Bytes,
}

impl Payload {
    /// Builds a payload; metadata is written in the order of its keys, so equal payloads have equal bytes.
    ///
    /// `data` is shared, not copied. Every key, value and length is accepted.
    pub fn new<K: Into<String>, V: Into<Bytes>>(
        metadata: impl IntoIterator<Item = (K, V)>,
        data: impl Into<Bytes>,
    ) -> Self {
        Self::from_parts(metadata, data, [])
    }

    /// Builds a payload as [`Payload::new`] does, with the sizes, in bytes, of the stored payloads that it stands for.
    ///
    /// A size above `i64::MAX` is read back as 0, because the wire has it as a signed number.
    pub fn from_parts<K: Into<String>, V: Into<Bytes>>(
        metadata: impl IntoIterator<Item = (K, V)>,
        data: impl Into<Bytes>,
        external_sizes: impl IntoIterator<Item = u64>,
    ) -> Self {
        let mut entries: Vec<(String, Bytes)> =
            metadata.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let entries = entries.iter().map(|(key, value)| (key.as_str(), value.as_ref()));
        Self::assemble(entries, data.into(), external_sizes)
    }

    /// Writes the parts in the order given.
    pub(crate) fn assemble<'a>(
        metadata: impl Iterator<Item = (&'a str, &'a [u8])> + Clone,
        data: Bytes,
        external_sizes: impl IntoIterator<Item = u64>,
    ) -> Self {
        let metadata_len: usize = metadata.clone().map(|(key, value)| wire::metadata_len(key, value)).sum();
        let mut head = Vec::with_capacity(metadata_len + wire::header_len(data.len()));
        metadata.for_each(|(key, value)| wire::put_metadata(&mut head, key, value));
        if !data.is_empty() {
            wire::put_header(&mut head, wire::DATA, data.len());
        }
        let mut tail = Vec::new();
        external_sizes.into_iter().for_each(|size| wire::put_external(&mut tail, size));
        // Boxes have no spare capacity: a payload holds no more memory than its bytes.
        let (head, tail) = (Bytes::from(head.into_boxed_slice()), Bytes::from(tail.into_boxed_slice()));
        let mut body = Body::default();
        [head, data.clone(), tail].into_iter().for_each(|part| body.push(part));
        Self(Arc::new(Encoded { body, data }))
    }

    /// Reads an encoded `temporal.api.common.v1.Payload`. The buffer is shared, not copied.
    ///
    /// # Errors
    ///
    /// `Integrity` where the bytes are not an encoded payload.
    pub fn decode(encoded: impl Into<Bytes>) -> Result<Self> {
        let body = Body::from(encoded.into());
        wire::check(&body).map(|data| Self(Arc::new(Encoded { body, data })))
    }

    /// Wraps bytes that are known to be a payload.
    fn of(body: Body) -> Self {
        let data = wire::known(&body).filter(|field| field.number == wire::DATA).last();
        let data = data.map(|field| field.shared()).unwrap_or_default();
        Self(Arc::new(Encoded { body, data }))
    }

    /// Returns the encoded bytes, exactly as they arrived or were built.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.0.body
    }

    /// Returns the length of the encoded bytes: what thresholds, limits and `size_bytes` mean by size.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.0.body.len()
    }

    /// Returns the encoded bytes in one buffer. It copies only where the payload was built from parts.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        self.0.body.to_bytes()
    }

    /// Finds the value of a metadata entry; the last one where a key is repeated, as protobuf rules.
    ///
    /// It reads the metadata from its beginning; who asks for many keys reads
    /// [`metadata_entries`](Self::metadata_entries) once.
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&[u8]> {
        self.metadata_entries().filter(|(name, _)| *name == key).last().map(|(_, value)| value)
    }

    /// Iterates over all metadata entries in the order of the bytes, repeated keys included.
    pub fn metadata_entries(&self) -> impl Iterator<Item = (&str, &[u8])> + Clone {
        wire::metadata(&self.0.body)
    }

    /// Returns the data, as a view of the encoded bytes.
    #[must_use]
    pub fn data(&self) -> &Bytes {
        &self.0.data
    }

    /// Iterates over the sizes, in bytes, of the stored payloads that this payload refers to. Nothing checks them.
    pub fn external_sizes(&self) -> impl Iterator<Item = u64> + Clone {
        wire::external_sizes(&self.0.body)
    }

    /// Returns the same payload with its metadata in the order of the keys, so that equal payloads hash equally.
    ///
    /// Protobuf fixes no order of map entries and other writers emit any. Only metadata entries
    /// change places, and only where they are out of order; large data is shared, never copied. A payload of more than
    /// 65,536 entries is returned as it stands: no SDK writes one.  (ES-010)
    #[must_use]
    pub fn canonical(&self) -> Self {
        canonical::sort_metadata(self)
    }

    /// Copies the payload into one buffer that holds nothing else. What arrived can be a slice of a whole message, or of
    /// a client's read buffer, which would stay in memory as long as the payload.
    pub(crate) fn copied(&self) -> Self {
        Self::of(Body::from(Bytes::from(self.0.body.segments().concat())))
    }

    /// Returns the same payload without one metadata key and without its external sizes: what a marker was put on.
    pub(crate) fn without_marker(&self, key: &str) -> Self {
        let kept = self.metadata_entries().filter(|(name, _)| *name != key);
        Self::assemble(kept, self.data().clone(), [])
    }

    /// Returns the same payload with a metadata entry added and the given external size.
    pub(crate) fn with_marker(&self, key: &str, value: &str, external_size: u64) -> Self {
        let kept = self.metadata_entries().filter(|(name, _)| *name != key);
        let mut entries: Vec<(&str, &[u8])> = kept.chain([(key, value.as_bytes())]).collect();
        entries.sort_by_key(|(name, _)| *name);
        Self::assemble(entries.into_iter(), self.data().clone(), [external_size])
    }
}

impl Default for Payload {
    /// Builds the payload of zero bytes.
    fn default() -> Self {
        Self::of(Body::default())
    }
}

/// Compares the encoded bytes.
impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.body == other.0.body
    }
}

impl Eq for Payload {}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.metadata_entries().count();
        write!(f, "Payload({} bytes, {entries} metadata entries)", self.encoded_len())
    }
}

#[cfg(test)]
mod tests;
