//! Recognises official errors by their text, and compares them with the error of ours by kind.

use std::ops::RangeInclusive;

use extstore::{Error, ErrorKind, Retry};

use crate::backend::INJECTED;
use crate::schema::ErrorSpec;
use crate::verdict::{ensure, same};

/// Classifies an official error by what it says, whatever its words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// The configuration, a selector's choice or a driver's option is refused.
    Configuration,
    /// A driver returned the wrong number of claims or payloads.
    Contract,
    /// The payload is above the limit.
    TooLarge,
    /// The reference names no driver.
    Nameless,
    /// The reference names a driver that is not registered.
    UnknownDriver,
    /// The reference's JSON is refused.
    Unparsable,
    /// A legacy reference lacks a part or has one too many.
    BadArgument,
    /// The claim lacks container or key.
    MissingField,
    /// The claim lacks hash or algorithm.
    MissingHash,
    /// The claim's hash is of another algorithm.
    Algorithm,
    /// The object is not what the claim says.
    Integrity,
    /// The object is not a payload.
    NotPayload,
    /// The object is not there, as Redis says it.
    Absent,
    /// The object is not there, as the other drivers say it.
    RetrieveFailed,
    /// The storage client failed.
    StoreFailed,
    /// A reference where no external storage is configured.
    NotConfigured,
    /// A marked payload in which there is no reference.
    Undecodable,
}

/// Recognises the class of an official error; the Python class and the text must both be known ones.
pub(crate) fn recognise(spec: &ErrorSpec) -> Result<Class, String> {
    let text = spec.message.as_str();
    let class = match spec.error_type.as_str() {
        "KeyError" => Some(Class::MissingField),
        "TypeError" => Some(Class::BadArgument),
        "DecodeError" => Some(Class::NotPayload),
        "ApplicationError" => absent(spec).then_some(Class::Absent),
        "RuntimeError" => runtime_error(text),
        "ValueError" => value_error(text),
        _ => None,
    };
    class.ok_or_else(|| format!("the official error is not in the table: {}: {text}", spec.error_type))
}

fn absent(spec: &ErrorSpec) -> bool {
    const NAME: &str = "PayloadNotFoundError";
    spec.message.starts_with(NAME) && spec.application_error_type.as_deref().is_none_or(|name| name == NAME)
}

fn runtime_error(text: &str) -> Option<Class> {
    match text {
        _ if text.starts_with("[TMPRL1105] ") => Some(Class::NotConfigured),
        _ if text.starts_with("[TMPRL1106] ") => Some(Class::Undecodable),
        _ if text.starts_with("Failed parsing") => Some(Class::Unparsable),
        _ if says(text, "store failed [") => Some(Class::StoreFailed),
        _ if says(text, "retrieve failed [") => Some(Class::RetrieveFailed),
        _ => None,
    }
}

fn value_error(text: &str) -> Option<Class> {
    let driver = text.starts_with("Driver '");
    match text {
        _ if text.starts_with("ExternalStorage.") => Some(Class::Configuration),
        _ if driver && text.contains("' returned by driver_selector ") => Some(Class::Configuration),
        _ if driver && text.contains("' returned ") => Some(Class::Contract),
        _ if text.ends_with(" must be greater than zero") => Some(Class::Configuration),
        _ if text.starts_with("Payload size ") => Some(Class::TooLarge),
        "No driver found with name ''" => Some(Class::Nameless),
        _ if text.starts_with("No driver found with name '") => Some(Class::UnknownDriver),
        _ if says(text, "claim is missing required content hash information [") => Some(Class::MissingHash),
        _ if says(text, "unsupported hash algorithm [") => Some(Class::Algorithm),
        _ if says(text, "integrity check failed [") => Some(Class::Integrity),
        _ => None,
    }
}

/// Says whether a driver's text says this after the name of its class. What follows may hold any identity.
fn says(text: &str, what: &str) -> bool {
    text.split_once(' ').is_some_and(|(_, rest)| rest.starts_with(what))
}

/// Compares the error of ours by kind and by the number of requests before it; by the text where ours has
/// the same.
pub(crate) fn agrees(
    spec: &ErrorSpec,
    class: Class,
    error: &Error,
    requests: usize,
    official_requests: usize,
) -> Result<(), String> {
    let (kind, allowed) = demanded(class, official_requests);
    same("kind", &kind, &error.kind())?;
    ensure(allowed.contains(&requests), format!("requests: expected {allowed:?}, found {requests}"))?;
    if let Some(final_error) = spec.non_retryable {
        same("non_retryable", &final_error, &(error.retry() == Retry::Never))?;
    }
    let needed = match class {
        Class::Configuration
        | Class::Contract
        | Class::TooLarge
        | Class::UnknownDriver
        | Class::NotConfigured
        | Class::Undecodable => spec.message.as_str(),
        _ => "",
    };
    ensure(error.message().contains(needed), format!("the text lacks {needed:?}: {}", error.message()))
}

/// Returns the error kind that ours must have, and how many requests may come before it.
fn demanded(class: Class, official: usize) -> (ErrorKind, RangeInclusive<usize>) {
    match class {
        Class::Configuration | Class::UnknownDriver | Class::NotConfigured | Class::Undecodable => {
            (ErrorKind::Config, 0..=0)
        }
        Class::Contract => (ErrorKind::Internal, 0..=0),
        Class::TooLarge => (ErrorKind::TooLarge, 0..=0),
        Class::Nameless
        | Class::Unparsable
        | Class::BadArgument
        | Class::MissingField
        | Class::MissingHash => (ErrorKind::InvalidClaim, 0..=0),
        Class::Algorithm => (ErrorKind::Unsupported, 0..=0),
        Class::Integrity => (ErrorKind::Integrity, 1..=1),
        Class::NotPayload => (ErrorKind::Integrity, 0..=official),
        Class::Absent | Class::RetrieveFailed => (ErrorKind::NotFound, 1..=official),
        Class::StoreFailed => (INJECTED, 1..=official),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(error_type: &str, message: &str) -> Result<Class, String> {
        recognise(&ErrorSpec {
            error_type: error_type.to_owned(),
            message: message.to_owned(),
            application_error_type: None,
            non_retryable: None,
        })
    }

    #[test]
    fn an_identity_in_a_text_does_not_decide_its_class() {
        let key = "S3StorageDriver store failed [bucket=b, key=x integrity check failed [y]";
        assert_eq!(class("RuntimeError", key), Ok(Class::StoreFailed));
        let name = "No driver found with name 'ExternalStorage.x must be greater than zer'";
        assert_eq!(class("ValueError", name), Ok(Class::UnknownDriver));
    }

    #[test]
    fn what_is_not_in_the_table_is_no_class() {
        for (error_type, message) in [
            ("ValueError", "something else"),
            ("ValueError", "[TMPRL1105] of another type"),
            ("RuntimeError", "S3StorageDriver integrity check failed [bucket=b]: expected"),
            ("ApplicationError", "Payload not found"),
        ] {
            assert!(class(error_type, message).is_err(), "{message}");
        }
    }
}
