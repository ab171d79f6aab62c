//! Defines a user's codec whose work is easy to recognise.

use futures_util::future::{BoxFuture, FutureExt as _};
use temporalio_common::data_converters::{
    DataConverter, DefaultFailureConverter, PayloadCodec, PayloadConversionError, PayloadConverter,
    SerializationContextData,
};
use temporalio_common::protos::temporal::api::common::v1::Payload;

type Coded = BoxFuture<'static, Result<Vec<Payload>, PayloadConversionError>>;

/// Inverts every bit of the data and names the encoding `binary/flipped`; refuses to decode anything else.
#[derive(Clone)]
pub(crate) struct Flip;

const ENCODING: &[u8] = b"binary/flipped";

impl PayloadCodec for Flip {
    fn encode(&self, _: &SerializationContextData, payloads: Vec<Payload>) -> Coded {
        let flipped = payloads.into_iter().map(|mut payload| {
            let inner = payload.metadata.remove("encoding").unwrap_or_default();
            payload.metadata.insert("inner".to_owned(), inner);
            payload.metadata.insert("encoding".to_owned(), ENCODING.to_vec());
            payload.data.iter_mut().for_each(|byte| *byte = !*byte);
            payload
        });
        let flipped = flipped.collect();
        async { Ok(flipped) }.boxed()
    }

    fn decode(&self, _: &SerializationContextData, payloads: Vec<Payload>) -> Coded {
        let plain = payloads.into_iter().map(|mut payload| {
            if payload.metadata.get("encoding").is_none_or(|encoding| encoding != ENCODING) {
                return Err(PayloadConversionError::WrongEncoding);
            }
            let inner = payload.metadata.remove("inner").unwrap_or_default();
            payload.metadata.insert("encoding".to_owned(), inner);
            payload.data.iter_mut().for_each(|byte| *byte = !*byte);
            Ok(payload)
        });
        let plain = plain.collect();
        async { plain }.boxed()
    }
}

/// Makes a data converter with a codec and the SDK's own payload and failure converter.
pub(crate) fn converter(codec: impl PayloadCodec + Send + Sync + 'static) -> DataConverter {
    DataConverter::new(PayloadConverter::default(), DefaultFailureConverter::new(false), codec)
}
