//! Brings the crates' answers together so that every vector of the directory appears exactly once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::{Failure, While};

/// Names a vector that the directory holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) file: String,
    pub(crate) name: String,
}

/// Holds what one crate reports.
#[derive(Debug, Deserialize)]
pub(crate) struct Reported {
    pub(crate) vectors: Vec<Vector>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Vector {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) outcome: Ending,
    #[serde(default, deserialize_with = "text_or_null")]
    pub(crate) reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    Pass,
    Fail,
    Deviation,
    NotRun,
}

#[derive(Debug, Serialize)]
pub(crate) struct Merged {
    pub(crate) summary: Summary,
    pub(crate) vectors: Vec<Vector>,
    /// The failures beside the vectors: a crate that gave no answer, for example.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Summary {
    pub(crate) pass: usize,
    pub(crate) fail: usize,
    pub(crate) deviation: usize,
    pub(crate) not_run: usize,
}

impl Ending {
    pub(crate) fn is_failure(self) -> bool {
        matches!(self, Self::Fail | Self::NotRun)
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "FAIL",
            Self::Deviation => "deviation",
            Self::NotRun => "NOT RUN",
        }
    }
}

/// Lists the vectors of a directory: each of a file's `vectors`, and each history as one.
pub(crate) fn expected(directory: &Path) -> Result<Vec<Expected>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).while_doing(directory.display())? {
        files.push(entry.while_doing(directory.display())?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut expected = Vec::new();
    for path in files {
        let bytes = fs::read(&path).while_doing(path.display())?;
        let document: Value = serde_json::from_slice(&bytes).while_doing(path.display())?;
        expected.extend(vectors_of(&path, &document));
    }
    Ok(expected)
}

/// Lists the vectors of a file; a file that is neither a list of vectors nor a history, such as the objects of a
/// history, holds none.
fn vectors_of(path: &Path, document: &Value) -> Vec<Expected> {
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let of = |name: &str| Expected { file: part(path.file_name()), name: name.to_owned() };
    if let Some(vectors) = document["vectors"].as_array() {
        vectors.iter().map(|vector| of(vector["name"].as_str().unwrap_or("(without a name)"))).collect()
    } else if document["events"].is_array() {
        vec![of(&part(path.file_stem()))]
    } else {
        Vec::new()
    }
}

impl Merged {
    /// Merges the reports: every expected vector occurs once, and whatever does not fit is a failure that says why.
    pub(crate) fn of(
        expected: &[Expected],
        reported: Vec<(&'static str, Reported)>,
        mut errors: Vec<String>,
    ) -> Self {
        let mut answers: BTreeMap<(String, String), Vec<(&str, Vector)>> = BTreeMap::new();
        for (package, report) in reported {
            for vector in report.vectors {
                answers
                    .entry((vector.file.clone(), vector.name.clone()))
                    .or_default()
                    .push((package, vector));
            }
        }
        let mut vectors = Vec::new();
        for Expected { file, name } in expected {
            let answer = answers.remove(&(file.clone(), name.clone())).unwrap_or_default();
            vectors.push(one(file, name, answer));
        }
        for ((file, name), answer) in answers {
            errors
                .push(format!("{} reports {file} {name}, which the directory does not hold", names(&answer)));
        }
        Self { summary: Summary::of(&vectors), vectors, errors }
    }

    pub(crate) fn passed(&self) -> bool {
        let Summary { pass, fail, deviation, not_run } = self.summary;
        self.errors.is_empty() && fail == 0 && not_run == 0 && pass + deviation > 0
    }
}

/// Returns the one answer for a vector.
fn one(file: &str, name: &str, mut answer: Vec<(&str, Vector)>) -> Vector {
    // A crate answers "not run" for what it leaves to another; that is no second answer.
    if answer.iter().any(|(_, vector)| vector.outcome != Ending::NotRun) {
        answer.retain(|(_, vector)| vector.outcome != Ending::NotRun);
    }
    let own = |outcome, reason| Vector { file: file.to_owned(), name: name.to_owned(), outcome, reason };
    if answer.len() > 1 && answer[0].1.outcome != Ending::NotRun {
        return own(Ending::Fail, format!("reported more than once: {}", names(&answer)));
    }
    answer
        .pop()
        .map(|(_, vector)| vector)
        .unwrap_or_else(|| own(Ending::NotRun, "no crate answers for it".to_owned()))
}

fn names(answer: &[(&str, Vector)]) -> String {
    let names: Vec<_> = answer.iter().map(|(package, _)| *package).collect();
    names.join(", ")
}

impl Summary {
    fn of(vectors: &[Vector]) -> Self {
        let count = |ending| vectors.iter().filter(|vector| vector.outcome == ending).count();
        Self {
            pass: count(Ending::Pass),
            fail: count(Ending::Fail),
            deviation: count(Ending::Deviation),
            not_run: count(Ending::NotRun),
        }
    }
}

fn text_or_null<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(names: &[&str]) -> Vec<Expected> {
        names.iter().map(|name| Expected { file: "a.json".into(), name: (*name).into() }).collect()
    }

    fn says(package: &'static str, answers: &[(&str, &str)]) -> (&'static str, Reported) {
        let vectors: Vec<_> = answers
            .iter()
            .map(|(name, outcome)| serde_json::json!({"file": "a.json", "name": name, "outcome": outcome, "reason": null}))
            .collect();
        (package, serde_json::from_value(serde_json::json!({"vectors": vectors})).expect("a valid report"))
    }

    #[test]
    fn every_vector_appears_once() {
        let merged = Merged::of(
            &expected(&["one", "two"]),
            vec![says("s3", &[("one", "pass"), ("two", "not_run")]), says("gcs", &[("two", "deviation")])],
            Vec::new(),
        );
        assert_eq!(merged.summary, Summary { pass: 1, deviation: 1, ..Summary::default() });
        assert!(merged.passed());
    }

    #[test]
    fn what_nobody_answers_for_is_not_run() {
        let merged = Merged::of(&expected(&["one", "two"]), vec![says("s3", &[("one", "pass")])], Vec::new());
        assert_eq!((merged.summary.not_run, merged.passed()), (1, false));
    }

    #[test]
    fn two_answers_and_strangers_fail() {
        let twice =
            vec![says("s3", &[("one", "pass")]), says("gcs", &[("one", "pass"), ("stranger", "pass")])];
        let merged = Merged::of(&expected(&["one"]), twice, Vec::new());
        assert_eq!((merged.summary.fail, merged.errors.len(), merged.passed()), (1, 1, false));
    }

    #[test]
    fn a_crate_that_breaks_fails_the_run() {
        let merged = Merged::of(
            &expected(&["one"]),
            vec![says("s3", &[("one", "pass")])],
            vec!["gcs: no report".into()],
        );
        assert!(!merged.passed());
    }

    #[test]
    fn an_empty_directory_does_not_pass() {
        assert!(!Merged::of(&[], Vec::new(), Vec::new()).passed());
    }

    #[test]
    fn a_history_is_one_vector_and_its_objects_are_none() {
        let history = vectors_of(Path::new("d/history-x.json"), &serde_json::json!({"events": []}));
        assert_eq!(history, [Expected { file: "history-x.json".into(), name: "history-x".into() }]);
        assert_eq!(
            vectors_of(Path::new("d/history-x-objects.json"), &serde_json::json!({"objects": []})),
            []
        );
    }
}
