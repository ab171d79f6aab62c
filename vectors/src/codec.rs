//! Implements the vectors' payload codec: it hides a payload by xor, for tests only.

use async_trait::async_trait;
use extstore::{ENCODING, Payload, ReferenceCodec, ReferenceContext, Result};

use crate::schema::{CodecKind, CodecSpec};

const XOR_ENCODING: &str = "binary/xor";

#[derive(Clone, Copy)]
pub(crate) struct Xor(u8);

impl From<CodecSpec> for Xor {
    fn from(spec: CodecSpec) -> Self {
        match spec.kind {
            CodecKind::Xor => Self(spec.key),
        }
    }
}

impl Xor {
    pub(crate) fn encode(self, payload: &Payload) -> Payload {
        Payload::new([(ENCODING, XOR_ENCODING)], self.apply(&payload.to_bytes()))
    }

    /// Payloads of other encodings are returned as they are.
    pub(crate) fn decode(self, payload: &Payload) -> Result<Payload> {
        if payload.metadata(ENCODING).is_some_and(|encoding| encoding == XOR_ENCODING.as_bytes()) {
            Payload::decode(self.apply(payload.data()))
        } else {
            Ok(payload.clone())
        }
    }

    fn apply(self, bytes: &[u8]) -> Vec<u8> {
        bytes.iter().map(|byte| byte ^ self.0).collect()
    }
}

#[async_trait]
impl ReferenceCodec for Xor {
    async fn encode(&self, _: &ReferenceContext, references: Vec<Payload>) -> Result<Vec<Payload>> {
        Ok(references.iter().map(|reference| Xor::encode(*self, reference)).collect())
    }

    async fn decode(&self, _: &ReferenceContext, encoded: Vec<Payload>) -> Result<Vec<Payload>> {
        encoded.iter().map(|payload| Xor::decode(*self, payload)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_and_nothing_else() {
        let (codec, payload) = (Xor(90), Payload::new([(ENCODING, "json/plain")], "1"));
        let encoded = codec.encode(&payload);
        assert_ne!(encoded, payload);
        assert_eq!(codec.decode(&encoded).unwrap(), payload);
        assert_eq!(codec.decode(&payload).unwrap(), payload);
    }
}
