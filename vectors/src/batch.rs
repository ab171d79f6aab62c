//! Runs the vectors of several payloads stored in one call.

use std::collections::BTreeSet;

use extstore::{MemoryBackend, Payload};

use crate::compare;
use crate::official;
use crate::rig::Rig;
use crate::schema::{BatchExpected, BatchVector, FailureSpec, ResultSpec};
use crate::subject::Subject;
use crate::verdict::{Verdict, ensure, same};

pub(crate) async fn run(subject: &Subject, vector: &BatchVector) -> Verdict {
    let text = |error: extstore::Error| error.to_string();
    let target = vector.target.as_ref().map(|target| target.target()).transpose()?;
    let payloads = vector.payloads.iter().map(|spec| spec.payload()).collect::<Result<Vec<_>, _>>()?;
    let memory = MemoryBackend::default();
    let earlier = earlier(&payloads, &vector.already_stored)?;
    let before = Rig::over(subject, &vector.driver, memory.clone(), Vec::new()).map_err(text)?;
    before.offload(0, target.as_ref(), earlier).await.map_err(text)?;
    // A process of its own, as far as the engine's memory of known keys goes.
    let rig = Rig::over(subject, &vector.driver, memory, Vec::new()).map_err(text)?;
    let outcome = rig.offload(vector.threshold, target.as_ref(), payloads.clone()).await;
    match (&vector.expected, outcome) {
        (BatchExpected::Results { results, distinct_objects }, Ok(found)) => {
            same("distinct_objects", distinct_objects, &rig.recorder.memory.list().len())?;
            all(subject, &rig, &payloads, results, &found)
        }
        (BatchExpected::Failure(expected), Err(error)) => failed(expected, &rig, &error),
        (BatchExpected::Failure(_), Ok(_)) => {
            Err("an error was expected, and the payloads were stored".into())
        }
        (BatchExpected::Results { .. }, Err(error)) => Err(text(error).into()),
    }
}

fn earlier(payloads: &[Payload], indices: &[usize]) -> Result<Vec<Payload>, String> {
    let payload = |index: &usize| payloads.get(*index).cloned();
    indices.iter().map(|index| payload(index).ok_or_else(|| format!("there is no payload {index}"))).collect()
}

fn all(
    subject: &Subject,
    rig: &Rig,
    payloads: &[Payload],
    results: &[ResultSpec],
    found: &[Payload],
) -> Verdict {
    same("results", &results.len(), &found.len())?;
    same("payloads", &payloads.len(), &found.len())?;
    let mut rules = BTreeSet::new();
    for (index, ((payload, expected), found)) in payloads.iter().zip(results).zip(found).enumerate() {
        let rule = match expected {
            ResultSpec::Inline => ensure(found == payload, "did not stay inline, unchanged").map(|()| None),
            ResultSpec::Stored(official) => {
                same("size_bytes", &official.size_bytes, &(payload.encoded_len() as u64))?;
                compare::reference(subject, found, official).and_then(|(reference, rule)| {
                    compare::object(subject, rig, reference.claim(), payload).map(|_| rule)
                })
            }
        };
        rules.extend(rule.map_err(|reason| format!("payload {index}: {reason}"))?);
    }
    Ok(rules)
}

fn failed(expected: &FailureSpec, rig: &Rig, error: &extstore::Error) -> Verdict {
    let class = official::recognise(&expected.error)?;
    official::agrees(&expected.error, class, error, rig.recorder.requests().len(), expected.calls.len())?;
    Ok(BTreeSet::new())
}
