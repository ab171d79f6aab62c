//! Runs the vectors of one payload stored.

use std::collections::BTreeSet;

use extstore::object::Location;
use extstore::{Error, Payload};

use crate::backend::stands_for;
use crate::compare;
use crate::deviations::{self, Rule};
use crate::official::{self, Class};
use crate::place::{Place, path};
use crate::rig::Rig;
use crate::schema::{FailureSpec, StoreExpected, StoreVector, StoredSpec};
use crate::subject::Subject;
use crate::verdict::{Verdict, ensure, same, same_bytes};

/// Bounds the stored bytes that stand in the vector itself.
const SHOWN: usize = 4096;

/// Holds a vector with everything that is needed to judge it.
struct Case<'a> {
    subject: &'a Subject,
    vector: &'a StoreVector,
    payload: Payload,
    rig: Rig,
}

pub(crate) async fn run(subject: &Subject, vector: &StoreVector) -> Verdict {
    let target = vector.target.as_ref().map(|target| target.target()).transpose()?;
    let payload = vector.payload.payload()?;
    let rig = match Rig::new(subject, &vector.driver) {
        Ok(rig) => rig,
        Err(error) => return refused(vector, &error),
    };
    let outcome = rig.offload(vector.threshold, target.as_ref(), vec![payload.clone()]).await;
    let case = Case { subject, vector, payload, rig };
    match (&vector.expected, outcome) {
        (StoreExpected::Inline { calls }, Ok(found)) => {
            ensure(found == [case.payload.clone()], "the payload did not stay inline, unchanged")?;
            ensure(calls.is_empty(), "a payload that stays inline needs no call")?;
            same("requests", &0, &case.rig.recorder.requests().len())?;
            Ok(BTreeSet::new())
        }
        (StoreExpected::Stored(expected), Ok(found)) => case.stored(expected, only(&found)?),
        (StoreExpected::Failure(expected), Ok(found)) => case.not_failed(expected, only(&found)?),
        (StoreExpected::Failure(expected), Err(error)) => case.failed(expected, &error),
        (_, Err(error)) => Err(error.to_string().into()),
    }
}

fn only(found: &[Payload]) -> Result<&Payload, String> {
    match found {
        [only] => Ok(only),
        _ => Err(format!("one payload became {}", found.len())),
    }
}

/// The driver could not be made.
fn refused(vector: &StoreVector, error: &Error) -> Verdict {
    let StoreExpected::Failure(expected) = &vector.expected else { return Err(error.to_string().into()) };
    let class = official::recognise(&expected.error)?;
    official::agrees(&expected.error, class, error, 0, expected.calls.len())?;
    Ok(BTreeSet::new())
}

impl Case<'_> {
    fn stored(&self, expected: &StoredSpec, found: &Payload) -> Verdict {
        let (reference, rule) = compare::reference(self.subject, found, &expected.reference)?;
        same("driver_name", expected.driver_name.as_str(), reference.driver_name())?;
        let ours = compare::object(self.subject, &self.rig, reference.claim(), &self.payload)?;
        same("key", &rule, &deviations::key(self.subject, &expected.key, &ours.key)?)?;
        let claimed = expected.reference.claim_data.get(self.subject.claims.key[0]);
        same("key of the claim", &Some(&expected.key), &claimed)?;
        same("key_utf8_len", &expected.key_utf8_len, &expected.key.len())?;
        self.content(expected)?;
        let official = Location::new(ours.container.as_str(), expected.key.as_str());
        let requests: Vec<Location> =
            self.rig.recorder.requests().into_iter().map(|(_, location)| location).collect();
        compare::calls(&expected.calls, &path(&official), &requests, &ours)?;
        same("objects", &1, &self.rig.recorder.memory.list().len())?;
        Ok(rule.into_iter().collect())
    }

    /// The stored bytes are the payload's: this was compared; now they must be the official ones.
    fn content(&self, expected: &StoredSpec) -> Result<(), String> {
        let stored = self.payload.canonical();
        match &expected.serialized {
            Some(serialized) => same_bytes("serialized", &serialized.0, &stored.to_bytes())?,
            None => ensure(stored.encoded_len() > SHOWN, "the stored bytes are small enough to be shown")?,
        }
        same("serialized_len", &expected.serialized_len, &stored.encoded_len())?;
        same("size_bytes", &expected.reference.size_bytes, &(self.payload.encoded_len() as u64))?;
        let digest = extstore::Digest::of(stored.body()).to_hex();
        same("serialized_sha256", &expected.serialized_sha256, &digest)
    }

    fn failed(&self, expected: &FailureSpec, error: &Error) -> Verdict {
        let class = official::recognise(&expected.error)?;
        let requests = self.rig.recorder.requests();
        official::agrees(&expected.error, class, error, requests.len(), expected.calls.len())?;
        let Some((_, ours)) = requests.first() else {
            ensure(expected.calls.is_empty(), "an error before any request has no call")?;
            return Ok(BTreeSet::new());
        };
        for (name, value) in &self.vector.driver.describe {
            let told = |(told, text): &(&str, String)| told == name && text == value;
            ensure(error.vendor().details.iter().any(told), format!("the error does not tell {name:?}"))?;
        }
        self.place(class, expected, ours)
    }

    /// Allows deviation D4: the official driver fails in a request that ours does not make.
    fn not_failed(&self, expected: &FailureSpec, found: &Payload) -> Verdict {
        let class = official::recognise(&expected.error)?;
        let requests = self.rig.recorder.requests();
        let makes = |operation| requests.iter().any(|(request, _)| stands_for(operation, *request));
        let spared = self.vector.driver.fail.is_some_and(|operation| !makes(operation));
        ensure(
            class == Class::StoreFailed && spared,
            format!("expected {class:?}, and the payload was stored"),
        )?;
        let reference = compare::plain(found, self.payload.encoded_len() as u64)?;
        same("driver name", self.vector.driver.name(), reference.driver_name())?;
        let ours = compare::object(self.subject, &self.rig, reference.claim(), &self.payload)?;
        let mut rules = self.place(class, expected, &ours)?;
        rules.insert(Rule::D4);
        Ok(rules)
    }

    /// Checks where the official error and the calls before it were, which may be our place before D1.
    fn place(&self, class: Class, expected: &FailureSpec, ours: &Location) -> Verdict {
        ensure(!expected.calls.is_empty(), "a failure of the client follows a call")?;
        let text = &expected.error.message;
        let mut mismatch = format!("no request was expected: {class:?}");
        for (key, rule) in deviations::official_keys(self.subject, &ours.key) {
            let location = Location::new(ours.container.as_str(), key);
            let place =
                Place { subject: self.subject, location: &location, describe: &self.vector.driver.describe };
            match place.failed(text, "store failed") {
                Ok(()) => {
                    compare::call_paths(&expected.calls, &path(&location))?;
                    return Ok(rule.into_iter().collect());
                }
                Err(other) => mismatch = other,
            }
        }
        Err(mismatch.into())
    }
}
