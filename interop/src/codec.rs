//! The codec of the run puts the whole payload, XORed byte by byte, into a payload of its own.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use prost::Message;
use temporalio_common::data_converters::{PayloadCodec, PayloadConversionError, SerializationContextData};
use temporalio_common::protos::temporal::api::common::v1::Payload;

const ENCODING: &[u8] = b"binary/extstore-interop";
const KEY: u8 = 0x5A;

/// Hides every payload, so that a reader without it sees none.
#[derive(Clone, Copy, Debug)]
pub struct XorCodec;

impl PayloadCodec for XorCodec {
    fn encode(
        &self,
        _: &SerializationContextData,
        payloads: Vec<Payload>,
    ) -> BoxFuture<'static, Result<Vec<Payload>, PayloadConversionError>> {
        std::future::ready(Ok(payloads.iter().map(encoded).collect())).boxed()
    }

    fn decode(
        &self,
        _: &SerializationContextData,
        payloads: Vec<Payload>,
    ) -> BoxFuture<'static, Result<Vec<Payload>, PayloadConversionError>> {
        std::future::ready(payloads.into_iter().map(decoded).collect()).boxed()
    }
}

fn encoded(payload: &Payload) -> Payload {
    Payload {
        metadata: [("encoding".to_owned(), ENCODING.to_vec())].into(),
        data: xored(&payload.encode_to_vec()),
        ..Payload::default()
    }
}

fn decoded(payload: Payload) -> Result<Payload, PayloadConversionError> {
    if payload.metadata.get("encoding").is_none_or(|encoding| encoding != ENCODING) {
        return Ok(payload);
    }
    Payload::decode(xored(&payload.data).as_slice())
        .map_err(|error| PayloadConversionError::EncodingError(error.into()))
}

fn xored(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| byte ^ KEY).collect()
}
