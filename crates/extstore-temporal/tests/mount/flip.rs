//! A codec that anybody can tell.

use futures_util::future::{BoxFuture, FutureExt as _};
use temporalio_common::data_converters::{PayloadCodec, PayloadConversionError, SerializationContextData};
use temporalio_common::protos::temporal::api::common::v1::Payload;

type Coded = BoxFuture<'static, Result<Vec<Payload>, PayloadConversionError>>;

/// Turns every byte of the data over and names the encoding `binary/flipped`; knows its own work when it sees it.
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
