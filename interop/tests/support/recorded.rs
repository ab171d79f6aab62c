//! Reads a history from a file, and the objects that it refers to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use extstore::object::Location;
use extstore::{ExternalStorage, MemoryBackend};
use extstore_s3::{S3Driver, S3Options};
use extstore_wire_plan::prost_reflect::{DescriptorPool, DynamicMessage};
use prost::Message as _;
use serde::Deserialize;
use temporalio_common::protos::temporal::api::history::v1::History;

use super::payloads;

/// Holds a history that another SDK wrote, with its objects.
pub(crate) struct Recorded {
    pub(crate) history: History,
    bucket: String,
    /// The stored bytes under each key.
    pub(crate) objects: BTreeMap<String, Bytes>,
    /// The number of payloads of the history that refer to each key.
    pub(crate) references: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
struct Objects {
    bucket: String,
    objects: Vec<Object>,
}

#[derive(Deserialize)]
struct Object {
    key: String,
    data: String,
    references: usize,
}

/// Reads protobuf's JSON, as `temporal workflow show -o json` prints it. `WorkflowHistory::from_json` of this SDK reads
/// another JSON, which only the SDK writes.
pub(crate) struct Reader(DescriptorPool);

impl Reader {
    pub(crate) fn new() -> Self {
        Self(extstore_wire_plan::compile(None).expect("the published .proto files compile").pool)
    }

    /// Reads a history of the golden vectors: `NAME.json` and `NAME-objects.json` in the directory that the variable names,
    /// or in the committed one.
    pub(crate) fn vector(&self, name: &str) -> Recorded {
        let committed = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/vectors");
        let directory = std::env::var_os("EXTSTORE_VECTORS").map_or_else(committed, PathBuf::from);
        let objects = bytes(&directory.join(format!("{name}-objects.json")));
        let Objects { bucket, objects } = serde_json::from_slice(&objects).expect("a history's objects");
        let data = |object: &Object| STANDARD.decode(&object.data).map(Bytes::from).expect("base64");
        Recorded {
            history: self.history(&directory.join(format!("{name}.json"))),
            bucket,
            references: objects.iter().map(|object| (object.key.clone(), object.references)).collect(),
            objects: objects.iter().map(|object| (object.key.clone(), data(object))).collect(),
        }
    }

    /// Reads a history of the interop run, and the objects that it refers to: each in a file named by its digest, which is
    /// the last part of its key.
    pub(crate) async fn interop(&self, file: &Path) -> Recorded {
        let history = self.history(file);
        let (mut objects, mut references, mut bucket) = (BTreeMap::new(), BTreeMap::new(), "none".to_owned());
        for claim in payloads::claims(&history).await {
            let key = claim.get("key").expect("S3's claims have a key").to_owned();
            let digest = key.rsplit('/').next().unwrap_or_default();
            objects.insert(key.clone(), bytes(&file.with_file_name("objects").join(digest)).into());
            *references.entry(key).or_default() += 1;
            claim.get("bucket").expect("S3's claims have a bucket").clone_into(&mut bucket);
        }
        Recorded { history, bucket, objects, references }
    }

    fn history(&self, file: &Path) -> History {
        let json = bytes(file);
        let descriptor = self.0.get_message_by_name("temporal.api.history.v1.History").unwrap();
        let mut json = serde_json::Deserializer::from_slice(&json);
        let history = DynamicMessage::deserialize(descriptor, &mut json).expect("a history");
        History::decode(history.encode_to_vec().as_slice()).unwrap()
    }
}

fn bytes(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

impl Recorded {
    /// Makes External Storage with the S3 driver, over a store that holds these objects.
    pub(crate) fn storage(&self) -> ExternalStorage {
        let memory = MemoryBackend::default();
        for (key, bytes) in &self.objects {
            memory.write(Location::new(self.bucket.clone(), key.clone()), bytes.clone());
        }
        let driver = S3Driver::with_backend(Arc::new(memory), S3Options::new(self.bucket.as_str())).unwrap();
        ExternalStorage::new(Arc::new(driver)).unwrap()
    }
}
