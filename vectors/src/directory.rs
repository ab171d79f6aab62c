//! Finds the vectors of a directory and says which binary runs each.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::config;

/// Names the only version of the schema.
const SCHEMA: u64 = 1;
const OBJECTS: &str = "-objects";

/// Holds one vector whose JSON is not interpreted yet.
pub(crate) struct Item {
    pub(crate) file: String,
    pub(crate) name: String,
    /// The type of the vector's first driver; `None` where the vector names none.
    pub(crate) owner: Option<String>,
    pub(crate) work: Work,
}

/// Names the kind of a vector.
#[derive(Clone)]
pub(crate) enum Work {
    Store(Value),
    Batch(Value),
    Read(Value),
    Config(Value),
    History {
        history: Value,
        objects: Value,
    },
    /// The vector does not follow the schema, for this reason.
    Unknown(String),
}

/// Returns all vectors, in the order of the files' names.
pub(crate) fn load(directory: &Path) -> Result<Vec<Item>, String> {
    let place = |error: std::io::Error| format!("{}: {error}", directory.display());
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(directory).map_err(place)? {
        let path = entry.map_err(place)?.path();
        if let (Some("json"), Some(stem)) =
            (extension(&path), path.file_stem().and_then(|stem| stem.to_str()))
        {
            let document = fs::read(&path).map_err(place)?;
            files.insert(
                stem.to_owned(),
                serde_json::from_slice(&document).map_err(|error| error.to_string()),
            );
        }
    }
    if files.is_empty() {
        return Err(format!("{}: there are no vectors", directory.display()));
    }
    Ok(files.iter().flat_map(|(stem, document)| items(stem, document, &files)).collect())
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|extension| extension.to_str())
}

fn items(
    stem: &str,
    document: &Result<Value, String>,
    files: &BTreeMap<String, Result<Value, String>>,
) -> Vec<Item> {
    let document = match document {
        Ok(document) => document,
        Err(error) => return vec![item(stem, stem, Work::Unknown(format!("it is not JSON: {error}")))],
    };
    if document.get("events").is_some() {
        return vec![item(stem, stem, history(stem, document, files))];
    }
    if stem.strip_suffix(OBJECTS).is_some_and(|history| files.contains_key(history)) {
        return Vec::new();
    }
    let Some(vectors) = document.get("vectors").and_then(Value::as_array) else {
        return vec![item(stem, stem, Work::Unknown("it has no vectors".to_owned()))];
    };
    vectors.iter().map(|vector| item(stem, name(vector), of_kind(document, vector))).collect()
}

fn name(vector: &Value) -> &str {
    vector.get("name").and_then(Value::as_str).unwrap_or("(without a name)")
}

fn item(stem: &str, name: &str, work: Work) -> Item {
    let owner = work.owner().map(str::to_owned);
    Item { file: format!("{stem}.json"), name: name.to_owned(), owner, work }
}

fn of_kind(document: &Value, vector: &Value) -> Work {
    let schema = document.get("schema").and_then(Value::as_u64);
    let kind = document.get("kind").and_then(Value::as_str).unwrap_or_default();
    match kind {
        _ if schema != Some(SCHEMA) => Work::Unknown(format!("its schema is not {SCHEMA}")),
        "store" => Work::Store(vector.clone()),
        "store-batch" => Work::Batch(vector.clone()),
        "read" => Work::Read(vector.clone()),
        "config" => Work::Config(vector.clone()),
        other => Work::Unknown(format!("its kind {other:?} is not known")),
    }
}

fn history(stem: &str, document: &Value, files: &BTreeMap<String, Result<Value, String>>) -> Work {
    match files.get(&format!("{stem}{OBJECTS}")) {
        Some(Ok(objects)) => Work::History { history: document.clone(), objects: objects.clone() },
        Some(Err(error)) => Work::Unknown(format!("its objects are not JSON: {error}")),
        None => Work::Unknown(format!("there is no {stem}{OBJECTS}.json")),
    }
}

impl Work {
    fn owner(&self) -> Option<&str> {
        match self {
            Self::Store(vector) | Self::Batch(vector) => vector.pointer("/driver/type")?.as_str(),
            Self::Read(vector) => vector.pointer("/drivers/0/type")?.as_str(),
            Self::Config(vector) => config::driver_type(vector.get("case")?),
            Self::History { objects, .. } => objects.pointer("/driver/type")?.as_str(),
            Self::Unknown(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Write as _;

    use super::*;

    fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
        let file = |entry: std::io::Result<fs::DirEntry>| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        };
        fs::read_dir(directory).unwrap().map(file).collect()
    }

    #[test]
    fn the_committed_vectors_are_an_exact_copy() {
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/vectors");
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors");
        if !original.is_dir() {
            // Standard error itself, so that the test harness does not swallow it.
            let text = "NOT COMPARED: the directory that the committed vectors were copied from is not here";
            writeln!(std::io::stderr(), "{text}").unwrap();
            return;
        }
        assert!(files(&committed) == files(&original), "conformance/vectors differs from its original");
    }
}
