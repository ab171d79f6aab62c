//! Makes the driver over either backend, with S3's spelling of keys and claims.

use std::sync::Arc;

use extstore::Result;
use extstore::object::{
    ClaimFields, KeyFormat, Layout, Location, ObjectBackend, ObjectDriver, ObjectOptions, escape_percent,
};

/// Names the driver's type.
pub(crate) const HTTP_DRIVER_TYPE: &str = "conformance.httpdriver";

/// Makes a driver of the object engine over a backend of this module.
///
/// # Errors
///
/// `Config` that names the option.
pub(crate) fn driver(
    backend: Arc<dyn ObjectBackend>,
    layout: HttpLayout,
    options: ObjectOptions,
) -> Result<ObjectDriver> {
    ObjectDriver::new(HTTP_DRIVER_TYPE, backend, Arc::new(layout), options)
}

/// Spells keys and claims as S3 does. A wrong driver changes a part of it.
#[derive(Clone, Debug)]
pub(crate) struct HttpLayout {
    /// The spelling of keys.
    pub(crate) keys: KeyFormat,
    /// The spelling of claims.
    pub(crate) claims: ClaimFields,
}

impl Default for HttpLayout {
    fn default() -> Self {
        let keys = KeyFormat::new('/', escape).with_max_bytes(1024);
        let claims = ClaimFields::new(&["key"]).with_container(&["bucket"]);
        Self { keys, claims }
    }
}

fn escape(identity: &str) -> String {
    match identity {
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => escape_percent(identity, |byte| byte.is_ascii_alphanumeric() || b"!-_.*'()".contains(&byte)),
    }
}

impl Layout for HttpLayout {
    fn keys(&self) -> &KeyFormat {
        &self.keys
    }

    fn claims(&self) -> &ClaimFields {
        &self.claims
    }

    fn describe(&self, location: &Location) -> String {
        format!("bucket={} key={}", location.container, location.key)
    }
}
