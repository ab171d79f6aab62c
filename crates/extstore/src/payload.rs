//! `temporal.api.common.v1.Payload`, kept as the bytes it arrived in.

use std::fmt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use crate::{Body, Result};

mod canonical;
mod wire;

/// The metadata key that names how `data` is encoded.
pub const ENCODING: &str = "encoding";

/// One Temporal payload: its encoded bytes, and where its parts are in them.
///
/// A payload owns the serialised `temporal.api.common.v1.Payload`. Nothing is decoded into a struct
/// and encoded again, so unknown fields, field order and duplicates survive, and what is stored is
/// what the history would have held.
///
/// Cloning is O(1) and copies no byte. `Debug` prints lengths, never contents.
#[derive(Clone)]
pub struct Payload(Arc<Parsed>);

struct Parsed {
    body: Body,
    metadata: Vec<(Bytes, Bytes)>,
    data: Bytes,
    external_sizes: Vec<u64>,
}

impl Payload {
    /// Builds a payload; metadata is written in the order of its keys, so equal payloads have equal bytes.
    ///
    /// `data` is shared, not copied.
    pub fn new<K: Into<String>, V: Into<Bytes>>(
        metadata: impl IntoIterator<Item = (K, V)>,
        data: impl Into<Bytes>,
    ) -> Self {
        let mut entries: Vec<(String, Bytes)> =
            metadata.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        Self::assemble(&entries, data.into(), &[])
    }

    /// Builds a payload whose details say how large the payload that it stands for is, in bytes.
    pub(crate) fn assemble(metadata: &[(String, Bytes)], data: Bytes, external_sizes: &[u64]) -> Self {
        let mut head = BytesMut::new();
        for (key, value) in metadata {
            wire::put_metadata(&mut head, key.as_bytes(), value);
        }
        let mut body = Body::default();
        if data.is_empty() {
            body.push(head.freeze());
        } else {
            wire::put_header(&mut head, wire::DATA, data.len());
            body.push(head.freeze());
            body.push(data);
        }
        let mut tail = BytesMut::new();
        external_sizes.iter().for_each(|size| wire::put_external(&mut tail, *size));
        body.push(tail.freeze());
        // The bytes were written two lines above.
        Self::parse(body).expect("a payload that this library wrote is well-formed")
    }

    /// Reads an encoded `temporal.api.common.v1.Payload`. The buffer is shared, not copied.
    ///
    /// # Errors
    ///
    /// `Integrity` where the bytes are not an encoded payload.
    pub fn decode(encoded: impl Into<Bytes>) -> Result<Self> {
        Self::parse(Body::from(encoded.into()))
    }

    fn parse(body: Body) -> Result<Self> {
        // Only what this module assembled has several segments, each of whole fields but for `data`.
        wire::parse(&body).map(|parts| {
            Self(Arc::new(Parsed {
                body,
                metadata: parts.metadata,
                data: parts.data,
                external_sizes: parts.external_sizes,
            }))
        })
    }

    /// The encoded bytes, exactly as they arrived or were built.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.0.body
    }

    /// The length of the encoded bytes: what thresholds, limits and `size_bytes` mean by size.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.0.body.len()
    }

    /// The encoded bytes in one buffer. It copies only where the payload was built from parts.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        self.0.body.to_bytes()
    }

    /// The value of a metadata entry; the last one where a key is repeated, as protobuf rules.
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&Bytes> {
        self.0.metadata.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// All metadata entries in the order of the bytes, repeated keys included. Keys are UTF-8.
    pub fn metadata_entries(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        // Parsing refused every key that is not UTF-8.
        self.0.metadata.iter().map(|(key, value)| (std::str::from_utf8(key).unwrap_or_default(), value))
    }

    /// The data. It is a view of the encoded bytes.
    #[must_use]
    pub fn data(&self) -> &Bytes {
        &self.0.data
    }

    /// The sizes, in bytes, of the stored payloads that this payload refers to: informational, never checked.
    #[must_use]
    pub fn external_sizes(&self) -> &[u64] {
        &self.0.external_sizes
    }

    /// The same payload with its metadata in the order of the keys, so that equal payloads hash equally.
    ///
    /// Protobuf fixes no order of map entries and other writers emit any. Only metadata entries
    /// change places, and only where they are out of order; large data is shared, never copied.  (ES-010)
    #[must_use]
    pub fn canonical(&self) -> Self {
        canonical::sort_metadata(self)
    }

    /// The same payload without one metadata key and without its external sizes: what a marker was put on.
    pub(crate) fn without_marker(&self, key: &str) -> Self {
        let entries: Vec<(String, Bytes)> = self
            .metadata_entries()
            .filter(|(name, _)| *name != key)
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        Self::assemble(&entries, self.data().clone(), &[])
    }

    /// The same payload with a metadata entry added and the given external size.
    pub(crate) fn with_marker(&self, key: &str, value: &'static str, external_size: u64) -> Self {
        let mut entries: Vec<(String, Bytes)> = self
            .metadata_entries()
            .filter(|(name, _)| *name != key)
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        entries.push((key.to_owned(), Bytes::from_static(value.as_bytes())));
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        Self::assemble(&entries, self.data().clone(), &[external_size])
    }
}

impl Default for Payload {
    /// The payload of zero bytes.
    fn default() -> Self {
        Self::assemble(&[], Bytes::new(), &[])
    }
}

/// Equal when the encoded bytes are equal.
impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.body == other.0.body
    }
}

impl Eq for Payload {}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.0.metadata.len();
        write!(f, "Payload({} bytes, {entries} metadata entries)", self.encoded_len())
    }
}

#[cfg(test)]
mod tests;
