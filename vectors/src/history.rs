//! Reads a real history: every reference in it resolves to the object that it should.

use std::collections::{BTreeMap, BTreeSet};

use extstore::object::Location;
use extstore::{Body, Detected, Digest, ExternalStorage, MemoryBackend, Payload, Reference};
use serde::Deserialize;
use serde_json::Value;

use crate::proto_json;
use crate::rig::Rig;
use crate::schema::{Base64, DriverSpec};
use crate::subject::Subject;
use crate::verdict::{Verdict, ensure, same};

/// Holds the objects that a history refers to.
#[derive(Deserialize)]
pub(crate) struct Objects {
    driver: Named,
    bucket: Option<String>,
    objects: Vec<Object>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(rename = "type")]
    driver_type: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Object {
    key: String,
    data: Base64,
    sha256: String,
    references: usize,
    size: Option<usize>,
}

pub(crate) async fn run(subject: &Subject, history: &Value, objects: &Objects) -> Verdict {
    let text = |error: extstore::Error| error.to_string();
    let bucket = objects.bucket.as_deref();
    let memory = MemoryBackend::default();
    for object in &objects.objects {
        object.is_consistent()?;
        memory.write(location(bucket, &object.key), object.data.0.clone());
    }
    let driver = DriverSpec::new(&objects.driver.driver_type, objects.driver.name.as_deref(), bucket);
    let rig = Rig::over(subject, &driver, memory, Vec::new()).map_err(text)?;
    let storage = ExternalStorage::new(rig.driver.clone()).map_err(text)?;
    let payloads = payloads(history)?;
    let restored = storage.message("").restore(payloads.clone()).await.map_err(text)?;
    let mut references = BTreeMap::new();
    for (before, after) in payloads.iter().zip(&restored) {
        if let Some(key) = resolved(subject, objects, before, after)? {
            *references.entry(key).or_insert(0) += 1;
        }
    }
    for object in &objects.objects {
        let found = references.get(&object.key).copied().unwrap_or(0);
        same(&format!("references to {:?}", object.key), &object.references, &found)?;
    }
    ensure(!references.is_empty(), "the history has no reference")?;
    Ok(BTreeSet::new())
}

fn location(bucket: Option<&str>, key: &str) -> Location {
    Location::new(bucket.unwrap_or_default(), key)
}

/// Compares one payload before and after; the key of its object where it is a reference.
fn resolved(
    subject: &Subject,
    objects: &Objects,
    before: &Payload,
    after: &Payload,
) -> Result<Option<String>, String> {
    if Reference::detect(before) == Detected::No {
        return ensure(before == after, "an inline payload changed").map(|()| None);
    }
    let text = |error: extstore::Error| error.to_string();
    let reference = Reference::parse(before).map_err(text)?;
    let (at, _) = subject.claims.read(reference.claim()).map_err(text)?;
    let object = objects.objects.iter().find(|object| object.key == at.key);
    let object = object.ok_or_else(|| format!("no object is listed under {:?}", at.key))?;
    same("hash of a restored payload", &object.sha256, &hash(after.body()))?;
    same("size of a reference", &vec![object.data.0.len() as u64], &before.external_sizes().collect())?;
    Ok(Some(at.key))
}

impl Object {
    fn is_consistent(&self) -> Result<(), String> {
        same("hash of an object", &self.sha256, &hash(&Body::from(self.data.0.clone())))?;
        same("size of an object", &self.size.unwrap_or(self.data.0.len()), &self.data.0.len())
    }
}

fn hash(body: &Body) -> String {
    Digest::of(body).to_hex()
}

/// Every payload in the history, wherever it stands.
fn payloads(value: &Value) -> Result<Vec<Payload>, String> {
    if proto_json::is_payload(value) {
        return Ok(vec![proto_json::read(value)?]);
    }
    let children: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    };
    let found = children.into_iter().map(payloads).collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().flatten().collect())
}
