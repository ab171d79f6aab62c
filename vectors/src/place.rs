//! Reads the part of an official error text that says where: `S3StorageDriver store failed [bucket=…, key=…]`.

use std::collections::BTreeMap;

use extstore::object::Location;

use crate::subject::Subject;

/// Names the place in which an official driver says that it worked.
pub(crate) struct Place<'a> {
    pub(crate) subject: &'a Subject,
    pub(crate) location: &'a Location,
    /// Holds what the storage client reports about itself.
    pub(crate) describe: &'a BTreeMap<String, String>,
}

impl Place<'_> {
    /// Checks the text of a failed request, which ends with what the client reports.
    pub(crate) fn failed(&self, text: &str, what: &str) -> Result<(), String> {
        let extra = self.extra(text, what, "").ok_or_else(|| self.mismatch(text))?;
        if extra == self.described() { Ok(()) } else { Err(self.mismatch(text)) }
    }

    /// Checks a text that goes on after the place; the client's report may be left out.
    pub(crate) fn refused(&self, text: &str, what: &str, after: &str) -> Result<(), String> {
        let extra = self.extra(text, what, after).ok_or_else(|| self.mismatch(text))?;
        if extra.is_empty() || extra == self.described() { Ok(()) } else { Err(self.mismatch(text)) }
    }

    fn extra<'t>(&self, text: &'t str, what: &str, after: &str) -> Option<Vec<&'t str>> {
        let before = format!("{} {what} [{}", self.subject.official_class, self.fields());
        let extra = text.strip_prefix(&before)?.strip_suffix(&format!("]{after}"))?;
        if extra.is_empty() {
            return Some(Vec::new());
        }
        let mut parts: Vec<&str> = extra.strip_prefix(", ")?.split(", ").collect();
        parts.sort_unstable();
        Some(parts)
    }

    fn fields(&self) -> String {
        let names = self.subject.claims;
        let key = format!("{}={}", names.key[0], self.location.key);
        match names.container.first() {
            Some(container) => format!("{container}={}, {key}", self.location.container),
            None => key,
        }
    }

    fn described(&self) -> Vec<String> {
        let mut parts: Vec<String> =
            self.describe.iter().map(|(name, value)| format!("{name}={value}")).collect();
        parts.sort_unstable();
        parts
    }

    fn mismatch(&self, text: &str) -> String {
        format!("the official text speaks of another place than [{}]: {text}", self.fields())
    }
}

/// `bucket/key`, or the key where there are no buckets: how vectors write the path of a call.
pub(crate) fn path(location: &Location) -> String {
    match location.container.as_str() {
        "" => location.key.clone(),
        container => format!("{container}/{}", location.key),
    }
}
