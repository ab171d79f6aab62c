//! Renders an error: one line for logs, many lines for a person.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};

use super::{Error, Inner, Vendor};

/// Bounds the text that is printed, in characters, because identities come from outside: a key has up to 1,024 bytes.
const TEXT_LIMIT: usize = 1200;
/// Bounds the request id that is printed, in characters. Amazon's longest, `x-amz-id-2`, has 76.
const ID_LIMIT: usize = 128;

pub(super) fn line(inner: &Inner, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}: ", inner.kind)?;
    if let Some(operation) = inner.operation {
        f.write_str(operation)?;
        match (inner.index, inner.total) {
            (Some(index), Some(total)) => write!(f, " payload {} of {total}", index.saturating_add(1))?,
            _ if matches!(operation, "store" | "retrieve") => f.write_str(" payloads")?,
            _ => {}
        }
        if let Some(driver) = &inner.driver {
            write!(f, " with driver {driver:?}")?;
        }
        if let Some(location) = &inner.location {
            let preposition = if operation == "retrieve" { "from" } else { "at" };
            write!(f, " {preposition} {}", printable(location, TEXT_LIMIT))?;
        }
        f.write_str(": ")?;
    }
    f.write_str(&printable(&inner.message, TEXT_LIMIT))?;
    facts(inner, f)?;
    for (index, failure) in inner.failures.iter().enumerate() {
        write!(f, "{} {failure}", if index == 0 { ":" } else { ";" })?;
    }
    Ok(())
}

fn facts(inner: &Inner, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut facts = String::new();
    let vendor = &inner.vendor;
    push(&mut facts, "status", vendor.status);
    push(&mut facts, "code", vendor.code.as_deref().map(|code| printable(code, TEXT_LIMIT)));
    push(&mut facts, "request id", request_id(vendor));
    for (name, value) in &vendor.details {
        push(&mut facts, name, Some(printable(value, TEXT_LIMIT)));
    }
    push(&mut facts, "attempts", (inner.attempts > 0).then_some(inner.attempts));
    if facts.is_empty() { Ok(()) } else { write!(f, " ({facts})") }
}

fn push(facts: &mut String, name: &str, value: Option<impl fmt::Display>) {
    if let Some(value) = value {
        let separator = if facts.is_empty() { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(facts, "{separator}{name} {value}");
    }
}

/// Returns the store's request id in printable form: its text comes from outside and is not trusted.
pub(super) fn request_id(vendor: &Vendor) -> Option<String> {
    vendor.request_id.as_deref().map(|id| printable(id, ID_LIMIT))
}

/// Cuts a text that comes from outside, and escapes control characters, which could forge a log line.
fn printable(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit));
    for character in text.chars().take(limit) {
        if character.is_control() {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    if text.chars().nth(limit).is_some() {
        out.push('…');
    }
    out
}

pub(super) fn report(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{error}")?;
    write!(f, "\n  do: {}", error.kind().advice())?;
    write!(f, "\n  retry: {:?}", error.retry())?;
    let mut cause = error.source();
    while let Some(source) = cause {
        write!(f, "\n  caused by: {source}")?;
        cause = source.source();
    }
    for failure in error.failures() {
        write!(f, "\n  failed: {}", format!("{failure:?}").replace('\n', "\n  "))?;
    }
    Ok(())
}
