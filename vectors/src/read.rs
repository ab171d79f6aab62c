//! Runs the vectors of one payload read: references of every form and SDK, and everything that is wrong with them.

use std::collections::BTreeSet;

use extstore::object::{Location, Readable};
use extstore::{Claim, Error, ErrorKind, HASH_ALGORITHM, Payload, Reference};

mod case;
mod plausible;

use crate::codec::Xor;
use crate::compare;
use crate::deviations::Rule;
use crate::facts::{self, Facts};
use crate::official::{self, Class};
use crate::place::path;
use crate::reader::{Observed, Reader};
use crate::schema::{FailureSpec, PayloadExpected, ReadExpected, ReadVector};
use crate::subject::Subject;
use crate::verdict::{Disagreement, Verdict, ensure, same};
use case::Case;

pub(crate) async fn run(subject: &Subject, vector: &ReadVector) -> Verdict {
    let input = Payload::decode(vector.input.payload_proto.0.clone()).map_err(|error| error.to_string())?;
    let codec = vector.codec.map(Xor::from);
    let facts = Facts::of(&input, codec);
    let case = Case { subject, vector, input, codec, facts };
    let reader = Reader { subject, vector, codec, legacy: true, readable: Vec::new() };
    if vector.external_storage && case.facts.as_ref().is_some_and(|facts| facts.legacy) {
        case.legacy_is_refused(&reader).await?;
    }
    let observed = reader.read(&case.input).await?;
    let reason = match case.judge(&observed) {
        Ok(rules) => return Ok(rules),
        Err(reason) => reason,
    };
    match case.policy_refuses(&observed) {
        Some(completed) => case.allowed(&reader, &completed).await,
        None => Err(reason.into()),
    }
}

impl Case<'_> {
    /// Legacy references are read where the option is on, and refused by name where it is off.
    async fn legacy_is_refused(&self, reader: &Reader<'_>) -> Result<(), Disagreement> {
        let observed = Reader { legacy: false, ..reader.clone() }.read(&self.input).await?;
        let kind = observed.outcome.as_ref().err().map(Error::kind);
        same("kind without the option for legacy references", &Some(ErrorKind::Unsupported), &kind)?;
        same("requests without the option for legacy references", &0, &observed.requests.len())?;
        Ok(())
    }

    fn judge(&self, observed: &Observed) -> Result<BTreeSet<Rule>, String> {
        match (&self.vector.expected, &observed.outcome) {
            (ReadExpected::Payload(expected), Ok(found)) => {
                self.payload(expected, found, &observed.requests).map(|()| BTreeSet::new())
            }
            (ReadExpected::Payload(_), Err(error)) => Err(error.to_string()),
            (ReadExpected::Failure(expected), Err(error)) => {
                self.failure(expected, error, observed.requests.len())
            }
            (ReadExpected::Failure(expected), Ok(found)) => self.python_refuses(expected, found),
        }
    }

    fn payload(
        &self,
        expected: &PayloadExpected,
        found: &Payload,
        requests: &[Location],
    ) -> Result<(), String> {
        compare::payload(&expected.payload_proto.0, found)?;
        compare::json(&expected.payload_json, found)?;
        same("unchanged", &expected.unchanged, &(*found == self.input))?;
        match self.place() {
            Some(place) => compare::calls(&expected.calls, &path(&place), requests, &place),
            None => {
                ensure(expected.calls.is_empty() && requests.is_empty(), "no request has a place to go to")
            }
        }
    }

    fn failure(
        &self,
        expected: &FailureSpec,
        error: &Error,
        requests: usize,
    ) -> Result<BTreeSet<Rule>, String> {
        let class = official::recognise(&expected.error)?;
        let official_requests = expected.calls.len();
        // D5: content that does not match is read once more before it is called damaged.
        let is_read_again =
            class == Class::Integrity && official_requests > 0 && requests == official_requests + 1;
        let compared = requests - usize::from(is_read_again);
        if class == Class::Integrity && error.kind() == ErrorKind::InvalidClaim {
            same("requests", &0, &requests)?;
            ensure(
                self.claim_contradicts_itself(),
                "the claim was refused although nothing is wrong with it",
            )?;
        } else {
            official::agrees(&expected.error, class, error, compared, official_requests)?;
        }
        if class == Class::RetrieveFailed {
            self.diagnosed(error)?;
        }
        self.plausible(class, expected)?;
        Ok(is_read_again.then_some(Rule::D5).into_iter().collect())
    }

    /// Expects in our error what the storage client reports about itself.
    fn diagnosed(&self, error: &Error) -> Result<(), String> {
        self.describe().iter().try_for_each(|(name, value)| {
            let told = |(told, text): &(&str, String)| told == name && text == value;
            ensure(error.vendor().details.iter().any(told), format!("the error does not tell {name:?}"))
        })
    }

    /// Allows deviation D2: Python refuses the spelling of another SDK or a field that it does not know.
    fn python_refuses(&self, expected: &FailureSpec, found: &Payload) -> Result<BTreeSet<Rule>, String> {
        let class = official::recognise(&expected.error)?;
        let claim = self.claim();
        let [container, key, algorithm, digest] = compare::fields(&self.subject.claims);
        let foreign = |names| claim.as_ref().is_some_and(|claim| facts::is_foreign(claim, names));
        let covered = match class {
            Class::Unparsable | Class::BadArgument => {
                self.facts.as_ref().is_some_and(Facts::has_unknown_fields)
            }
            Class::MissingField => foreign(container) || foreign(key),
            Class::MissingHash => foreign(algorithm) || foreign(digest),
            _ => false,
        };
        ensure(covered, format!("expected {class:?}, and the payload was returned"))?;
        self.plausible(class, expected)?;
        let stored = self.stored().ok_or("there is no object behind the claim")?;
        let stored = self.decode(stored)?;
        compare::payload(&stored.to_bytes(), found)?;
        Ok(BTreeSet::from([Rule::D2]))
    }

    /// Says for deviation D3 whether the policy for claims has a reason to refuse; if so, returns the reference as it
    /// would have to be.
    fn policy_refuses(&self, observed: &Observed) -> Option<Payload> {
        let refused = observed.outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::InvalidClaim);
        let (facts, mut claim) = (self.facts.as_ref()?, self.claim()?);
        let location = self.location_of(&claim)?;
        let [.., algorithm, digest] = compare::fields(&self.subject.claims);
        let given = |names: &&[&str]| facts::any(&claim, names).is_some();
        let incomplete = ![algorithm, digest].iter().all(given);
        let has_reason = incomplete || !self.is_readable(&location);
        if !refused || !observed.requests.is_empty() || !has_reason {
            return None;
        }
        let hash = self.hash_at(&location);
        for (names, value) in [(algorithm, HASH_ALGORITHM), (digest, hash.as_str())] {
            if facts::any(&claim, names).is_none() {
                claim.retain(|name, _| !names.contains(&name.as_str()));
                claim.insert(names[0].to_owned(), value.to_owned());
            }
        }
        Some(Reference::new(facts.driver_name(), claim.into_iter().collect::<Claim>()).to_payload(0))
    }

    /// With the location allowed and the hash given, everything is as the vector says.
    async fn allowed(&self, reader: &Reader<'_>, completed: &Payload) -> Verdict {
        let reader = Reader { readable: vec![Readable::anywhere()], ..reader.clone() };
        let observed = reader.read(completed).await?;
        let rules = self.judge(&observed).map_err(|reason| format!("once the policy allows it: {reason}"))?;
        Ok(rules.into_iter().chain([Rule::D3]).collect())
    }
}
