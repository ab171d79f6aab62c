//! What vectors expect.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, from_value};

use super::Base64;

/// A request of an official driver: operation and path.
pub(in crate::vectors) type Call = (String, String);

pub(in crate::vectors) enum StoreExpected {
    Inline { calls: Vec<Call> },
    Stored(Box<StoredSpec>),
    Failure(FailureSpec),
}

#[derive(Deserialize)]
pub(in crate::vectors) struct StoredSpec {
    pub(in crate::vectors) key: String,
    pub(in crate::vectors) key_utf8_len: usize,
    pub(in crate::vectors) driver_name: String,
    pub(in crate::vectors) serialized: Option<Base64>,
    pub(in crate::vectors) serialized_len: usize,
    pub(in crate::vectors) serialized_sha256: String,
    pub(in crate::vectors) calls: Vec<Call>,
    #[serde(flatten)]
    pub(in crate::vectors) reference: ReferenceSpec,
}

/// What is known of a reference that an official SDK wrote.
#[derive(Deserialize)]
pub(in crate::vectors) struct ReferenceSpec {
    pub(in crate::vectors) claim_data: BTreeMap<String, String>,
    pub(in crate::vectors) size_bytes: u64,
    #[serde(rename = "reference")]
    pub(in crate::vectors) written: WrittenSpec,
}

#[derive(Deserialize)]
pub(in crate::vectors) struct WrittenSpec {
    pub(in crate::vectors) payload_proto: Base64,
    pub(in crate::vectors) payload_json: Value,
    pub(in crate::vectors) data_utf8: String,
}

pub(in crate::vectors) enum BatchExpected {
    Results { results: Vec<ResultSpec>, distinct_objects: usize },
    Failure(FailureSpec),
}

pub(in crate::vectors) enum ResultSpec {
    Inline,
    Stored(Box<ReferenceSpec>),
}

pub(in crate::vectors) enum ReadExpected {
    Payload(PayloadExpected),
    Failure(FailureSpec),
}

#[derive(Deserialize)]
pub(in crate::vectors) struct PayloadExpected {
    pub(in crate::vectors) payload_proto: Base64,
    pub(in crate::vectors) payload_json: Value,
    pub(in crate::vectors) unchanged: bool,
    pub(in crate::vectors) calls: Vec<Call>,
}

#[derive(Deserialize)]
pub(in crate::vectors) struct FailureSpec {
    pub(in crate::vectors) error: ErrorSpec,
    #[serde(default, alias = "calls_official")]
    pub(in crate::vectors) calls: Vec<Call>,
}

/// An official error. Its `cause` is another program's text and is not read.
#[derive(Deserialize)]
pub(in crate::vectors) struct ErrorSpec {
    #[serde(rename = "type")]
    pub(in crate::vectors) error_type: String,
    pub(in crate::vectors) message: String,
    pub(in crate::vectors) application_error_type: Option<String>,
    pub(in crate::vectors) non_retryable: Option<bool>,
}

/// Reads `value` as an official failure where it is one.
fn failure<E: serde::de::Error>(value: &Value) -> Result<Option<FailureSpec>, E> {
    if value.get("error").is_none() {
        return Ok(None);
    }
    from_value(value.clone()).map(Some).map_err(E::custom)
}

impl<'de> Deserialize<'de> for StoreExpected {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        if let Some(failure) = failure::<D::Error>(&value)? {
            return Ok(Self::Failure(failure));
        }
        match value.get("stored").and_then(Value::as_bool) {
            Some(true) => from_value(value).map(Self::Stored).map_err(D::Error::custom),
            Some(false) => {
                let calls = value.get("calls").cloned().ok_or_else(|| D::Error::missing_field("calls"))?;
                Ok(Self::Inline { calls: from_value(calls).map_err(D::Error::custom)? })
            }
            None => Err(D::Error::missing_field("stored")),
        }
    }
}

impl<'de> Deserialize<'de> for ResultSpec {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        match value.get("stored").and_then(Value::as_bool) {
            Some(true) => from_value(value).map(Self::Stored).map_err(D::Error::custom),
            Some(false) => Ok(Self::Inline),
            None => Err(D::Error::missing_field("stored")),
        }
    }
}

impl<'de> Deserialize<'de> for BatchExpected {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Results {
            results: Vec<ResultSpec>,
            distinct_objects: usize,
        }
        let value = Value::deserialize(from)?;
        if let Some(failure) = failure::<D::Error>(&value)? {
            return Ok(Self::Failure(failure));
        }
        let Results { results, distinct_objects } = from_value(value).map_err(D::Error::custom)?;
        Ok(Self::Results { results, distinct_objects })
    }
}

impl<'de> Deserialize<'de> for ReadExpected {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        if let Some(failure) = failure::<D::Error>(&value)? {
            return Ok(Self::Failure(failure));
        }
        from_value(value).map(Self::Payload).map_err(D::Error::custom)
    }
}
