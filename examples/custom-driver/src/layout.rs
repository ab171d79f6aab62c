use extstore::object::{ClaimFields, KeyFormat, Layout, Location, escape_percent};

/// Spells keys and claims of this store.
#[derive(Debug)]
pub(crate) struct SqliteLayout;

static KEYS: KeyFormat = KeyFormat::new('/', escape).with_max_bytes(1024);

/// Escapes injectively and without `/`; a dot is escaped too, so that no key has a `..` segment.
fn escape(identity: &str) -> String {
    escape_percent(identity, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

static CLAIMS: ClaimFields = ClaimFields::new(&["key"]);

impl Layout for SqliteLayout {
    fn keys(&self) -> &KeyFormat {
        &KEYS
    }

    fn claims(&self) -> &ClaimFields {
        &CLAIMS
    }

    fn describe(&self, location: &Location) -> String {
        format!("row key={}", location.key)
    }
}
