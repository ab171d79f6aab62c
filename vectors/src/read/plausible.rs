//! Compares an official error's text with the vector itself. A text that cannot be about this input is wrong,
//! however well its class fits.

use extstore::{HASH_ALGORITHM, REFERENCE_MARKER};

use super::case::{Case, hash};
use crate::compare;
use crate::facts;
use crate::official::Class;
use crate::place::{Place, path};
use crate::schema::FailureSpec;
use crate::verdict::ensure;

impl Case<'_> {
    pub(super) fn plausible(&self, class: Class, expected: &FailureSpec) -> Result<(), String> {
        match self.place() {
            Some(place) => compare::call_paths(&expected.calls, &path(&place))?,
            None => ensure(expected.calls.is_empty(), "no call has a place to go to")?,
        }
        let message = &expected.error.message;
        let holds = match class {
            Class::NotConfigured => !self.vector.external_storage,
            Class::Undecodable => self.input.metadata(REFERENCE_MARKER).is_some(),
            Class::Nameless | Class::Unparsable | Class::BadArgument => self.reference_is(class),
            Class::MissingField => {
                self.claim().is_some_and(|claim| !facts::has_location(self.subject, &claim))
            }
            Class::NotPayload => {
                self.stored().is_none_or(|object| !self.contradicts(object) && self.decode(object).is_err())
            }
            Class::Absent => {
                let key = self.place().map(|place| place.key).unwrap_or_default();
                let text = format!("PayloadNotFoundError: Payload not found for key '{key}'");
                self.stored().is_none() && *message == text
            }
            Class::MissingHash | Class::Algorithm | Class::Integrity | Class::RetrieveFailed => {
                return self.placed(class, expected);
            }
            Class::Configuration | Class::UnknownDriver => true,
            Class::Contract | Class::TooLarge | Class::StoreFailed => false,
        };
        ensure(holds, format!("the official error is not about this input: {message}"))
    }

    /// Says whether the reference is wrong as the class says, before its claim is looked at.
    fn reference_is(&self, class: Class) -> bool {
        let Some(facts) = &self.facts else { return false };
        let unknown = facts.has_unknown_fields();
        match (class, facts.legacy) {
            (Class::Nameless, _) => facts.is_json() && facts.driver_name().is_empty(),
            (Class::Unparsable, true) => !facts.is_json(),
            (Class::Unparsable, false) => unknown || facts.is_malformed(),
            (_, true) => facts.is_json() && (unknown || !facts.is_complete_legacy()),
            (_, false) => false,
        }
    }

    /// Checks the texts that name a place.
    fn placed(&self, class: Class, expected: &FailureSpec) -> Result<(), String> {
        let message = &expected.error.message;
        let (Some(claim), Some(location)) = (self.claim(), self.place()) else {
            return Err(format!("the official text names a place, and the claim names none: {message}"));
        };
        // Python looks at the hash when it has the object.
        ensure(!expected.calls.is_empty(), "a text that names a place follows a call")?;
        let describe = self.describe();
        let place = Place { subject: self.subject, location: &location, describe: &describe };
        let [.., algorithm, digest] = compare::fields(&self.subject.claims);
        let value = |names| facts::official(&claim, names).unwrap_or_default();
        match class {
            Class::MissingHash => {
                let what = "claim is missing required content hash information";
                let after = format!(": claim_data must contain '{}' and '{}'", algorithm[0], digest[0]);
                ensure(!facts::has_hash(self.subject, &claim), "the claim has a hash")?;
                place.refused(message, what, &after)
            }
            Class::Algorithm => {
                let after = format!(": expected {}, got {}", HASH_ALGORITHM, value(algorithm));
                place.refused(message, "unsupported hash algorithm", &after)
            }
            Class::Integrity => {
                let found = self.stored().map(|object| hash(&object.data.0)).unwrap_or_default();
                let after = format!(": expected sha256:{}, got sha256:{found}", value(digest));
                place.refused(message, "integrity check failed", &after)
            }
            _ => {
                ensure(self.stored().is_none(), "the object is there")?;
                place.failed(message, "retrieve failed")
            }
        }
    }
}
