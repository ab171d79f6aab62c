//! Describes what vectors expect.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, from_value};

use super::Base64;

/// Pairs the operation and the path of a request of an official driver.
pub(crate) type Call = (String, String);

pub(crate) enum StoreExpected {
    Inline { calls: Vec<Call> },
    Stored(Box<StoredSpec>),
    Failure(FailureSpec),
}

#[derive(Deserialize)]
pub(crate) struct StoredSpec {
    pub(crate) key: String,
    pub(crate) key_utf8_len: usize,
    pub(crate) driver_name: String,
    pub(crate) serialized: Option<Base64>,
    pub(crate) serialized_len: usize,
    pub(crate) serialized_sha256: String,
    pub(crate) calls: Vec<Call>,
    #[serde(flatten)]
    pub(crate) reference: ReferenceSpec,
}

/// Holds what is known of a reference that an official SDK wrote.
#[derive(Deserialize)]
pub(crate) struct ReferenceSpec {
    pub(crate) claim_data: BTreeMap<String, String>,
    pub(crate) size_bytes: u64,
    #[serde(rename = "reference")]
    pub(crate) written: WrittenSpec,
}

#[derive(Deserialize)]
pub(crate) struct WrittenSpec {
    pub(crate) payload_proto: Base64,
    pub(crate) payload_json: Value,
    pub(crate) data_utf8: String,
}

pub(crate) enum BatchExpected {
    Results { results: Vec<ResultSpec>, distinct_objects: usize },
    Failure(FailureSpec),
}

pub(crate) enum ResultSpec {
    Inline,
    Stored(Box<ReferenceSpec>),
}

pub(crate) enum ReadExpected {
    Payload(PayloadExpected),
    Failure(FailureSpec),
}

#[derive(Deserialize)]
pub(crate) struct PayloadExpected {
    pub(crate) payload_proto: Base64,
    pub(crate) payload_json: Value,
    pub(crate) unchanged: bool,
    pub(crate) calls: Vec<Call>,
}

#[derive(Deserialize)]
pub(crate) struct FailureSpec {
    pub(crate) error: ErrorSpec,
    #[serde(default, alias = "calls_official")]
    pub(crate) calls: Vec<Call>,
}

/// Describes an official error. Its `cause` is another program's text and is not read.
#[derive(Deserialize)]
pub(crate) struct ErrorSpec {
    #[serde(rename = "type")]
    pub(crate) error_type: String,
    pub(crate) message: String,
    pub(crate) application_error_type: Option<String>,
    pub(crate) non_retryable: Option<bool>,
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
