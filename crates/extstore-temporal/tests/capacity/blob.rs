//! Defines bytes that are sent unconverted, as Python sends its own.
#![allow(unreachable_pub, missing_docs)] // Values of public items, which the SDK's macros write.

use temporalio_common::data_converters::{
    PayloadConversionError, SerializationContext, TemporalDeserializable, TemporalSerializable,
};
use temporalio_common::protos::temporal::api::common::v1::Payload;

const BINARY: &[u8] = b"binary/plain";

/// Holds bytes that are not converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob(pub(crate) Vec<u8>);

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
