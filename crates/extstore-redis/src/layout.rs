//! Spells keys and claims as the official Redis sample does.

use extstore::object::{ClaimFields, KeyFormat, Layout, Location, escape_percent};

#[derive(Debug)]
pub(crate) struct RedisLayout;

/// Redis keys may be 512 MiB long, so there is no limit. Dots are kept: nothing resolves them between colons.
static KEYS: KeyFormat = KeyFormat::new(':', escape).with_empty_namespace_omitted();

/// Keeps what Python's `quote(identity, safe="")` keeps.
fn escape(identity: &str) -> String {
    escape_percent(identity, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'))
}

static CLAIMS: ClaimFields = ClaimFields::new(&["key"]);

impl Layout for RedisLayout {
    fn keys(&self) -> &KeyFormat {
        &KEYS
    }

    fn claims(&self) -> &ClaimFields {
        &CLAIMS
    }

    fn describe(&self, location: &Location) -> String {
        format!("key={}", location.key)
    }
}

#[cfg(test)]
mod tests {
    use extstore::{Body, Digest, Target};

    use super::*;

    #[test]
    fn identities_are_quoted_and_an_empty_namespace_is_left_out() {
        let digest = Digest::of(&Body::default());
        let key = |namespace| KEYS.key("p", None, Some(&Target::activity(namespace, "a:b", "~é.")), &digest);
        assert_eq!(key("n"), format!("p:v0:ns:n:at:a%3Ab:ai:~%C3%A9.:ri:null:d:sha256:{digest}"));
        assert_eq!(key(""), format!("p:v0:at:a%3Ab:ai:~%C3%A9.:ri:null:d:sha256:{digest}"));
    }
}
