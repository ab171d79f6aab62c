//! Texts that are told apart by how they begin, and values that travel as bytes.
#![allow(unreachable_pub, missing_docs)] // Values of public items, which the SDK's macros write.

use temporalio_common::data_converters::{
    PayloadConversionError, SerializationContext, TemporalDeserializable, TemporalSerializable,
};
use temporalio_common::protos::temporal::api::common::v1::Payload;

/// 1 MiB: four times the threshold.
pub(crate) const LARGE: usize = 1 << 20;

const BINARY: &[u8] = b"binary/plain";

/// A text of this many bytes that begins with the tag. The same everywhere, so workflows may make it too.
pub(crate) fn text(tag: &str, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes);
    text.push_str(tag);
    text.extend(std::iter::repeat_n('.', bytes.saturating_sub(tag.len())));
    text
}

/// How a text begins, and its length: enough to compare large ones.
pub(crate) fn tag_of(text: &str) -> (&str, usize) {
    (text.trim_end_matches('.'), text.len())
}

/// Bytes that are not converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob(pub(crate) Vec<u8>);

impl Blob {
    /// So many bytes with a number at the beginning.
    pub(crate) fn numbered(number: u32, bytes: usize) -> Self {
        let mut blob = vec![b'.'; bytes];
        blob[..4].copy_from_slice(&number.to_be_bytes());
        Self(blob)
    }

    pub(crate) fn number(&self) -> u32 {
        self.0.first_chunk().map_or(0, |number| u32::from_be_bytes(*number))
    }
}

impl TemporalSerializable for Blob {
    fn to_payload(&self, _: &SerializationContext<'_>) -> Result<Payload, PayloadConversionError> {
        let metadata = [("encoding".to_owned(), BINARY.to_vec())].into();
        Ok(Payload { metadata, data: self.0.clone(), ..Payload::default() })
    }
}

impl TemporalDeserializable for Blob {
    fn from_payload(_: &SerializationContext<'_>, payload: Payload) -> Result<Self, PayloadConversionError> {
        match payload.metadata.get("encoding") {
            Some(encoding) if encoding == BINARY => Ok(Self(payload.data)),
            _ => Err(PayloadConversionError::WrongEncoding),
        }
    }
}
