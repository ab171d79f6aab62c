//! Collects the driver's options: the engine's, and the bucket.

use extstore::object::{Container, ObjectOptions};

/// Configures a [`GcsDriver`](crate::GcsDriver). Options are checked when the driver is made.
///
/// A bucket per payload is a [`Container::per_payload`]; it needs [`with_readable`](Self::with_readable)
/// for every bucket that claims may name.
#[derive(Clone, Debug)]
#[must_use]
pub struct GcsOptions {
    pub(crate) object: ObjectOptions,
}

impl GcsOptions {
    /// Makes options for objects in `bucket`.
    pub fn new(bucket: impl Into<Container>) -> Self {
        Self { object: ObjectOptions::new(bucket) }
    }

    extstore::object_setters!(object);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use extstore::{ErrorKind, MemoryBackend, StorageDriver as _};

    use super::*;
    use crate::GcsDriver;

    fn make(options: GcsOptions) -> extstore::Result<GcsDriver> {
        GcsDriver::with_backend(Arc::new(MemoryBackend::default()), options)
    }

    #[test]
    fn a_wrong_option_is_named() {
        let per_payload = Container::per_payload(|_, _| Ok("payments".to_owned()));
        let cases = [
            (GcsOptions::new(""), "bucket"),
            (GcsOptions::new("payments").with_name(""), "name"),
            (GcsOptions::new("payments").with_max_payload_size(0), "max_payload_size"),
            (GcsOptions::new(per_payload), "with_readable"),
        ];
        for (options, text) in cases {
            let error = make(options).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().contains(text), "{error}");
        }
    }

    #[test]
    fn the_name_is_the_type_unless_it_is_given() {
        assert_eq!(make(GcsOptions::new("payments")).unwrap().name(), "gcp.gcsdriver");
        assert_eq!(make(GcsOptions::new("payments").with_name("eu")).unwrap().name(), "eu");
    }
}
