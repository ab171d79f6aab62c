//! Names the place where a case keeps its data.

/// Names the place where one case keeps its data. The text is unique per run and case and holds `[a-z0-9-]` only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope(String);

impl Scope {
    /// Makes a scope from its text, as a child process receives it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the name as text that fits a bucket, a directory or a key prefix.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
