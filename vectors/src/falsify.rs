//! Proves that the runner can say no: every expectation of every vector is falsified, one at a time, and
//! each falsified vector must fail.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::directory::{Item, Work};
use crate::execute::execute;
use crate::official::recognise;
use crate::report::Outcome;
use crate::schema::ErrorSpec;
use crate::subject::Subject;

mod value;

/// Lists errors of every class, which take each other's place in falsified vectors.
const ERRORS: [(&str, &str); 17] = [
    ("ValueError", "ExternalStorage.drivers must contain at least one driver of another kind."),
    ("ValueError", "Driver 'x' returned 0 claims, expected 7"),
    ("ValueError", "Payload size 7 bytes exceeds the configured max_payload_size of 6 bytes"),
    ("ValueError", "No driver found with name ''"),
    ("ValueError", "No driver found with name 'x'"),
    ("RuntimeError", "Failed parsing"),
    ("TypeError", "__init__() missing 1 required positional argument: 'driver_claim'"),
    ("KeyError", "key"),
    (
        "ValueError",
        "X claim is missing required content hash information [key=x]: claim_data must contain 'a'",
    ),
    ("ValueError", "X unsupported hash algorithm [key=x]: expected sha256, got x"),
    ("ValueError", "X integrity check failed [key=x]: expected sha256:0, got sha256:1"),
    ("DecodeError", "Wire format was corrupt"),
    ("ApplicationError", "PayloadNotFoundError: Payload not found for key 'x'"),
    ("RuntimeError", "X retrieve failed [key=x]"),
    ("RuntimeError", "X store failed [key=x]"),
    ("RuntimeError", "[TMPRL1105] Detected externally stored payload(s)"),
    ("RuntimeError", "[TMPRL1106] Encountered an encoded external storage reference"),
];

/// Counts the falsified expectations, and those that no run noticed.
pub(crate) struct Falsified {
    vectors: usize,
    expectations: usize,
    /// Falsified vectors that did not fail, and vectors in which nothing could be falsified.
    survivors: Vec<String>,
}

impl Falsified {
    pub(crate) fn passed(&self) -> bool {
        self.survivors.is_empty()
    }

    pub(crate) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        self.survivors.iter().try_for_each(|survivor| writeln!(out, "not refused: {survivor}"))?;
        let (vectors, expectations, survivors) = (self.vectors, self.expectations, self.survivors.len());
        writeln!(out, "falsified {expectations} expectations of {vectors} vectors: {survivors} not refused")
    }
}

pub(crate) async fn run(subject: &Subject, items: &[Item]) -> Falsified {
    let mut found = Falsified { vectors: items.len(), expectations: 0, survivors: Vec::new() };
    for item in items {
        let name = format!("{} {}", item.file, item.name);
        let falsified = falsify(&item.work);
        if falsified.is_empty() {
            found.survivors.push(format!("{name}: nothing was falsified"));
        }
        for (what, work) in falsified {
            found.expectations += 1;
            let (outcome, reason) = execute(subject, &work).await;
            if outcome != Outcome::Fail {
                found.survivors.push(format!("{name}, {what}: {outcome:?} {reason}"));
            }
        }
    }
    found
}

/// Copies of a vector, each with one expectation falsified, and what it is.
fn falsify(work: &Work) -> Vec<(String, Work)> {
    match work {
        Work::Store(vector) => vectors(vector, Work::Store),
        Work::Batch(vector) => vectors(vector, Work::Batch),
        Work::Read(vector) => vectors(vector, Work::Read),
        Work::Config(vector) => vectors(vector, Work::Config),
        Work::History { history, objects } => {
            let changed = |objects| Work::History { history: history.clone(), objects };
            replaced(objects, "objects", leaves("objects", &objects["objects"]), changed)
        }
        Work::Unknown(_) => Vec::new(),
    }
}

fn vectors(vector: &Value, work: fn(Value) -> Work) -> Vec<(String, Work)> {
    let expected = &vector["expected"];
    let mut falsified = leaves("expected", expected);
    falsified.extend(errors(expected));
    if expected.get("error").is_some() {
        falsified.push(("expected: no error".to_owned(), success(vector)));
    }
    replaced(vector, "expected", falsified, work)
}

fn replaced(
    document: &Value,
    field: &str,
    falsified: Vec<(String, Value)>,
    work: impl Fn(Value) -> Work,
) -> Vec<(String, Work)> {
    let replace = |(what, value)| {
        let mut changed = document.clone();
        changed[field] = value;
        (what, work(changed))
    };
    falsified.into_iter().map(replace).collect()
}

/// Shows a vector that expects an error as it would look if nothing had happened.
fn success(vector: &Value) -> Value {
    let mut expected =
        json!({ "stored": false, "unchanged": true, "calls": [], "results": [], "distinct_objects": 0 });
    if let (Some(into), Some(input)) = (expected.as_object_mut(), vector["input"].as_object()) {
        into.extend(input.clone());
    }
    expected
}

/// Returns the same expectation with an error of every other class.
fn errors(expected: &Value) -> Vec<(String, Value)> {
    let class = |error: &Value| {
        let spec: Option<ErrorSpec> = serde_json::from_value(error.clone()).ok();
        spec.and_then(|spec| recognise(&spec).ok())
    };
    let known = expected.get("error").and_then(class);
    let error = |(error_type, message): (&str, &str)| json!({ "type": error_type, "message": message });
    let others = ERRORS.into_iter().map(error).filter(|error| known.is_none() || class(error) != known);
    let replace = |error: Value| {
        let what = format!("expected: {}", error["message"]);
        let calls = expected.get("calls").cloned().unwrap_or_else(|| json!([]));
        (what, json!({ "error": error, "calls": calls }))
    };
    others.map(replace).collect()
}

/// Returns every copy of `value` in which one leaf is falsified.
fn leaves(path: &str, value: &Value) -> Vec<(String, Value)> {
    let mut falsified = value::falsify(path, value);
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                falsified.extend(leaves(&format!("{path}[{index}]"), item).into_iter().map(
                    |(what, changed)| {
                        let mut items = items.clone();
                        items[index] = changed;
                        (what, Value::Array(items))
                    },
                ));
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(name, _)| is_fixed(fields, name)) {
                falsified.extend(leaves(&format!("{path}.{name}"), field).into_iter().map(
                    |(what, changed)| {
                        let mut fields = fields.clone();
                        fields.insert(name.clone(), changed);
                        (what, Value::Object(fields))
                    },
                ));
            }
        }
        _ => {}
    }
    falsified
}

/// Says whether a field is an expectation. The vectors' README says which are not: what the official driver
/// sends in a batch, the cause of an error, and the words of errors that a parser made.
fn is_fixed(fields: &Map<String, Value>, name: &str) -> bool {
    match name {
        "calls_official" | "cause" => false,
        "message" => {
            let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
            !text(name).starts_with("Failed parsing")
                && !["KeyError", "TypeError", "DecodeError"].contains(&text("type"))
        }
        _ => true,
    }
}
