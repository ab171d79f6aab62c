use extstore::object::{ClaimFields, KeyFormat, Layout, Location, escape_percent};

/// How this store spells keys and claims.
#[derive(Debug)]
pub(crate) struct SqliteLayout;

static KEYS: KeyFormat = KeyFormat {
    separator: '/',
    // Injective and free of `/`; a dot is escaped too, so that no key has a `..` segment.
    escape: |identity| {
        escape_percent(identity, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    },
    max_bytes: Some(1024),
    omit_empty_namespace: false,
};

static CLAIMS: ClaimFields = ClaimFields {
    container: &[],
    key: &["key"],
    algorithm: ClaimFields::ALGORITHM,
    digest: ClaimFields::DIGEST,
};

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
