//! Turns what a case sees into a failure where it is not what must hold.

use std::fmt;

use extstore::{Error, Payload};

use super::{CaseResult, Stop};

/// Takes the only element out of a batch of one.
pub(crate) fn only<T>(items: Vec<T>) -> Result<T, Stop> {
    let count = items.len();
    let mut items = items.into_iter();
    match (items.next(), count) {
        (Some(item), 1) => Ok(item),
        _ => Err(fail("one result for one input", format!("{count} results"))),
    }
}

/// Fails unless both lists hold the same payloads in the same places. It prints lengths, never bytes.
pub(crate) fn expect_payloads(observed: &[Payload], expected: &[Payload]) -> CaseResult {
    expect_eq("number of payloads", observed.len(), expected.len())?;
    let differing = observed.iter().zip(expected).position(|(observed, expected)| observed != expected);
    let Some(index) = differing else { return Ok(()) };
    let place = format!("payload {} of {}", index + 1, expected.len());
    Err(fail(
        format!("{place} equal to what was stored: {:?}", expected[index]),
        format!("another payload: {:?}", observed[index]),
    ))
}

/// Makes a failure of an expectation and an observation. Neither may hold payload bytes.
pub(crate) fn fail(expected: impl fmt::Display, observed: impl fmt::Display) -> Stop {
    Stop::Fail { expected: expected.to_string(), observed: observed.to_string() }
}

/// Fails unless `holds`.
pub(crate) fn expect<D: fmt::Display>(
    holds: bool,
    expected: impl fmt::Display,
    observed: impl FnOnce() -> D,
) -> CaseResult {
    if holds { Ok(()) } else { Err(fail(expected, observed())) }
}

/// Fails unless both are equal; `what` names them in the report.
pub(crate) fn expect_eq<T: PartialEq + fmt::Debug>(what: &str, observed: T, expected: T) -> CaseResult {
    expect(observed == expected, format!("{what}: {expected:?}"), || format!("{observed:?}"))
}

/// Turns an unexpected error into a failure of the case.
pub(crate) trait OrFail<T> {
    /// Fails with the error as what was observed.
    fn or_fail(self, expected: &str) -> Result<T, Stop>;
}

impl<T> OrFail<T> for Result<T, Error> {
    fn or_fail(self, expected: &str) -> Result<T, Stop> {
        self.map_err(|error| fail(expected, error))
    }
}

/// Fails unless the result is an error of one of the kinds.
pub(crate) fn expect_kind<T>(
    result: Result<T, Error>,
    kinds: &[extstore::ErrorKind],
    what: &str,
) -> Result<Error, Stop> {
    match result {
        Err(error) if kinds.contains(&error.kind()) => Ok(error),
        Err(error) => Err(fail(format!("{what}: an error of kind {kinds:?}"), error)),
        Ok(_) => Err(fail(format!("{what}: an error of kind {kinds:?}"), "Ok")),
    }
}
