//! Holds what a driver needs to find a stored payload again.

use std::collections::BTreeMap;

/// Holds ordered strings that a driver wrote and only that driver interprets.
///
/// A claim travels through the Event History, so it is untrusted when it comes back: a driver
/// checks it before any request.  (ES-008, ES-017)
///
/// Equality and serialisation cover the fields only, not the size hint.
#[derive(Clone, Debug, Default)]
pub struct Claim {
    fields: BTreeMap<String, String>,
    size_hint: Option<u64>,
}

impl Claim {
    /// Builds a claim without fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a field.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// Removes a field and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        self.fields.remove(name)
    }

    /// Iterates over all fields in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Counts the fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Says whether there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Returns the length of all names and values together, in bytes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.fields.iter().map(|(name, value)| name.len() + value.len()).sum()
    }

    /// Returns how large the stored payload is said to be, in bytes. Anyone can write this number: use it to
    /// plan, never to decide.
    #[must_use]
    pub fn size_hint(&self) -> Option<u64> {
        self.size_hint
    }

    /// Sets the size hint; it is never serialised.
    #[must_use]
    pub fn with_size_hint(mut self, bytes: Option<u64>) -> Self {
        self.size_hint = bytes;
        self
    }
}

impl PartialEq for Claim {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields
    }
}

impl Eq for Claim {}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Claim {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { fields, size_hint: None }
    }
}
