//! Makes texts and bytes that are told apart by their beginnings.

use crate::blob::Blob;

/// Sets a large text's length to 1 MiB: four times the threshold.
pub(crate) const LARGE: usize = 1 << 20;

/// Makes a text of this many bytes that begins with the tag. It is not random, so workflows may make it too.
pub(crate) fn text(tag: &str, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes);
    text.push_str(tag);
    text.extend(std::iter::repeat_n('.', bytes.saturating_sub(tag.len())));
    text
}

/// Returns the beginning of a text, and its length: enough to compare large ones.
pub(crate) fn tag_of(text: &str) -> (&str, usize) {
    (text.trim_end_matches('.'), text.len())
}

impl Blob {
    /// Makes so many bytes with a number at the beginning.
    pub(crate) fn numbered(number: u32, bytes: usize) -> Self {
        let mut blob = vec![b'.'; bytes];
        blob[..4].copy_from_slice(&number.to_be_bytes());
        Self(blob)
    }

    pub(crate) fn number(&self) -> u32 {
        self.0.first_chunk().map_or(0, |number| u32::from_be_bytes(*number))
    }
}
