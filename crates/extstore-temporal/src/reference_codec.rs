//! Adapts the user's codec to the core, which applies it to references.

use std::sync::Arc;

use async_trait::async_trait;
use extstore::{ErrorKind, Payload, ReferenceCodec, ReferenceContext, Result};
use temporalio_common::data_converters::{PayloadCodec, PayloadConversionError, SerializationContextData};

use crate::payload::{from_sdk, to_sdk};

/// Adapts the user's codec for references alone, for `ExternalStorage::builder().with_reference_codec(…)`.
///
/// References in the specification's marked form are encoded by the user's codec. To read them, and to write them with
/// `ReferenceForm::Marked`, the storage needs that codec; the payloads themselves have passed it already. The codec
/// runs with `SerializationContextData::None`, because a reference does not know where it will be read.
///
/// # Errors
///
/// A failure of the codec becomes `Internal` with the codec's own error as its source.
pub fn reference_codec(codec: Arc<dyn PayloadCodec + Send + Sync>) -> Arc<dyn ReferenceCodec> {
    Arc::new(Adapter(codec))
}

struct Adapter(Arc<dyn PayloadCodec + Send + Sync>);

#[async_trait]
impl ReferenceCodec for Adapter {
    async fn encode(&self, _: &ReferenceContext, references: Vec<Payload>) -> Result<Vec<Payload>> {
        let references = references.iter().map(to_sdk).collect();
        let encoded = self.0.encode(&SerializationContextData::None, references).await;
        encoded
            .map(|payloads| payloads.into_iter().map(from_sdk).collect())
            .map_err(|error| failed("encode", error))
    }

    async fn decode(&self, _: &ReferenceContext, encoded: Vec<Payload>) -> Result<Vec<Payload>> {
        let encoded = encoded.iter().map(to_sdk).collect();
        let decoded = self.0.decode(&SerializationContextData::None, encoded).await;
        decoded
            .map(|payloads| payloads.into_iter().map(from_sdk).collect())
            .map_err(|error| failed("decode", error))
    }
}

/// The codec's own text stays in the source: it may quote what it was given.
fn failed(what: &str, error: PayloadConversionError) -> extstore::Error {
    ErrorKind::Internal.error(format!("the payload codec could not {what} a reference")).with_source(error)
}
