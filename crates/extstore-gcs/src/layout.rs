//! Spells object names and claims as the official Google Cloud Storage drivers do.

use extstore::object::{ClaimFields, KeyFormat, Layout, Location, escape_percent};

/// Bounds an object name, in UTF-8 bytes: <https://cloud.google.com/storage/docs/objects#naming>.
const MAX_NAME_BYTES: usize = 1024;

#[derive(Debug)]
pub(crate) struct GcsLayout;

static KEYS: KeyFormat = KeyFormat::new('/', escape).with_max_bytes(MAX_NAME_BYTES);

/// Python names the object `object_name`, Go `key`, TypeScript `object`, and each needs its own.
static CLAIMS: ClaimFields = ClaimFields::new(&["object_name", "key", "object"]).with_container(&["bucket"]);

impl Layout for GcsLayout {
    fn keys(&self) -> &KeyFormat {
        &KEYS
    }

    fn claims(&self) -> &ClaimFields {
        &CLAIMS
    }

    fn describe(&self, location: &Location) -> String {
        format!("bucket={} object={}", location.container, location.key)
    }
}

/// Percent-encodes what the official drivers encode and leaves all other Unicode as it is. The service
/// refuses the names `.` and `..`, and clients resolve them as segments, so those two are encoded whole.
fn escape(identity: &str) -> String {
    match identity {
        "." => return "%2E".to_owned(),
        ".." => return "%2E%2E".to_owned(),
        _ => {}
    }
    let mut out = String::with_capacity(identity.len());
    for character in identity.chars() {
        if is_reserved(character) {
            out.push_str(&escape_percent(character.encode_utf8(&mut [0; 4]), |_| false));
        } else {
            out.push(character);
        }
    }
    out
}

/// `is_control` is U+0000 to U+001F and U+007F to U+009F. `%` is encoded so that no two identities become equal.
fn is_reserved(character: char) -> bool {
    character.is_control() || r##"#[]*?:"<>|/%"##.contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters_are_encoded_by_byte_and_unicode_is_kept() {
        assert_eq!(escape("order #1/ü~x*(a)"), "order %231%2Fü~x%2A(a)");
        assert_eq!(escape("a\u{85}b\u{7f}\0"), "a%C2%85b%7F%00");
        assert_eq!(escape(r"100%2F\a|b"), r"100%252F\a%7Cb");
    }

    #[test]
    fn only_whole_dot_segments_are_encoded() {
        assert_eq!([".", "..", "...", "a.b"].map(escape), ["%2E", "%2E%2E", "...", "a.b"]);
    }
}
