//! Replaces the codec of a data converter.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use temporalio_common::data_converters::{
    DataConverter, FailureConverter, PayloadCodec, PayloadConversionError, PayloadConverter,
    SerializationContextData,
};
use temporalio_common::error::{IncomingError, OutgoingError};
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::failure::v1::Failure;

/// Replaces the codec of a converter by what `wrap` makes of it; payload and failure converter stay.
pub(crate) fn with_codec<C>(
    converter: DataConverter,
    wrap: impl FnOnce(Arc<dyn PayloadCodec + Send + Sync>) -> C,
) -> DataConverter
where
    C: PayloadCodec + Send + Sync + 'static,
{
    let codec = wrap(Arc::new(PartOf(converter.clone())));
    DataConverter::new(converter.payload_converter().clone(), PartOf(converter), codec)
}

/// Shares the codec and the failure converter of a data converter, which lends them only.
struct PartOf(DataConverter);

impl PayloadCodec for PartOf {
    fn encode(
        &self,
        context: &SerializationContextData,
        payloads: Vec<Payload>,
    ) -> BoxFuture<'static, Result<Vec<Payload>, PayloadConversionError>> {
        self.0.codec().encode(context, payloads)
    }

    fn decode(
        &self,
        context: &SerializationContextData,
        payloads: Vec<Payload>,
    ) -> BoxFuture<'static, Result<Vec<Payload>, PayloadConversionError>> {
        self.0.codec().decode(context, payloads)
    }
}

impl FailureConverter for PartOf {
    fn to_failure(
        &self,
        error: OutgoingError,
        payloads: &PayloadConverter,
        context: &SerializationContextData,
    ) -> Failure {
        self.0.failure_converter().to_failure(error, payloads, context)
    }

    fn to_error(
        &self,
        failure: Failure,
        payloads: &PayloadConverter,
        context: &SerializationContextData,
    ) -> Result<IncomingError, PayloadConversionError> {
        self.0.failure_converter().to_error(failure, payloads, context)
    }
}
