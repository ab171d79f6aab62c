//! Defines the documents of `conformance/vectors/README.md` as types. What describes a configuration is read
//! strictly, so that an option that is not understood fails its vector instead of being passed over.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use extstore::{ExecutionTarget, Payload, Target};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

mod expected;

pub(crate) use expected::{
    BatchExpected, Call, ErrorSpec, FailureSpec, PayloadExpected, ReadExpected, ReferenceSpec, ResultSpec,
    StoreExpected, StoredSpec, WrittenSpec,
};

/// Holds bytes that JSON writes in Base64, in the standard alphabet with padding.
#[derive(Clone, Debug, Default)]
pub(crate) struct Base64(pub(crate) Bytes);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoreVector {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    pub(crate) driver: DriverSpec,
    pub(crate) threshold: i64,
    pub(crate) target: Option<TargetSpec>,
    pub(crate) payload: PayloadSpec,
    pub(crate) expected: StoreExpected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchVector {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    pub(crate) driver: DriverSpec,
    pub(crate) threshold: i64,
    pub(crate) target: Option<TargetSpec>,
    pub(crate) payloads: Vec<PayloadSpec>,
    #[serde(default)]
    pub(crate) already_stored: Vec<usize>,
    pub(crate) expected: BatchExpected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadVector {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    pub(crate) drivers: Vec<DriverSpec>,
    pub(crate) external_storage: bool,
    pub(crate) codec: Option<CodecSpec>,
    pub(crate) objects: Vec<ObjectSpec>,
    pub(crate) input: InputSpec,
    pub(crate) expected: ReadExpected,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DriverSpec {
    #[serde(rename = "type")]
    pub(crate) driver_type: String,
    name: Option<String>,
    pub(crate) bucket: Option<String>,
    pub(crate) key_prefix: Option<String>,
    pub(crate) ttl_seconds: Option<f64>,
    pub(crate) max_payload_size: Option<i64>,
    #[serde(default)]
    pub(crate) describe: BTreeMap<String, String>,
    pub(crate) fail: Option<ClientOperation>,
}

/// Names an operation of an official driver's storage client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClientOperation {
    Exists,
    Put,
    Set,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetSpec {
    kind: String,
    namespace: Option<String>,
    #[serde(rename = "type")]
    type_name: Option<String>,
    id: Option<String>,
    run_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayloadSpec {
    metadata: BTreeMap<String, Base64>,
    data: Option<Base64>,
    data_repeat: Option<Repeat>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Repeat {
    hex: String,
    count: usize,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodecSpec {
    pub(crate) kind: CodecKind,
    pub(crate) key: u8,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CodecKind {
    Xor,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectSpec {
    pub(crate) driver: usize,
    pub(crate) path: String,
    pub(crate) data: Base64,
}

#[derive(Deserialize)]
pub(crate) struct InputSpec {
    pub(crate) payload_proto: Base64,
}

impl DriverSpec {
    /// Returns the name that was given; an empty one means that none was.
    pub(crate) fn given_name(&self) -> Option<&str> {
        self.name.as_deref().filter(|name| !name.is_empty())
    }

    /// Returns the name of the instance.
    pub(crate) fn name(&self) -> &str {
        self.given_name().unwrap_or(&self.driver_type)
    }

    /// Makes the description of a driver of which only type, name and bucket are known.
    pub(crate) fn new(driver_type: &str, name: Option<&str>, bucket: Option<&str>) -> Self {
        Self {
            driver_type: driver_type.to_owned(),
            name: name.map(str::to_owned),
            bucket: bucket.map(str::to_owned),
            key_prefix: None,
            ttl_seconds: None,
            max_payload_size: None,
            describe: BTreeMap::new(),
            fail: None,
        }
    }
}

impl TargetSpec {
    pub(crate) fn target(&self) -> Result<Target, String> {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let execution = ExecutionTarget::new(text(&self.namespace))
            .with_type(text(&self.type_name))
            .with_id(text(&self.id))
            .with_run_id(text(&self.run_id));
        match self.kind.as_str() {
            "workflow" => Ok(Target::Workflow(execution)),
            "activity" => Ok(Target::Activity(execution)),
            other => Err(format!("the target's kind {other:?} is not known")),
        }
    }
}

impl PayloadSpec {
    pub(crate) fn payload(&self) -> Result<Payload, String> {
        let data = match (&self.data, &self.data_repeat) {
            (Some(data), None) => data.0.clone(),
            (None, Some(repeat)) => Bytes::from(hex(&repeat.hex)?.repeat(repeat.count)),
            _ => return Err("a payload has either `data` or `data_repeat`".to_owned()),
        };
        let metadata = self.metadata.iter().map(|(name, value)| (name.clone(), value.0.clone()));
        Ok(Payload::new(metadata, data))
    }
}

fn hex(digits: &str) -> Result<Vec<u8>, String> {
    let byte = |at| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..digits.len()).step_by(2).map(|at| byte(at).ok_or_else(|| format!("{digits:?} is not hex"))).collect()
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD.decode(text).map(|bytes| Self(bytes.into())).map_err(D::Error::custom)
    }
}
