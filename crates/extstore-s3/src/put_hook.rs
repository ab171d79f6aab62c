//! Holds the user's function that changes each upload, and what it is told.

use std::fmt;
use std::sync::Arc;

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use extstore::Target;
use extstore::object::{Content, Create, Location, Renew};

type Hook = dyn Fn(PutObjectFluentBuilder, &Upload<'_>) -> PutObjectFluentBuilder + Send + Sync;

/// Describes one upload to a [put hook](crate::S3Options::with_put_hook).
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    location: &'a Location,
    content: &'a Content,
    namespace: Option<&'a str>,
    target: Option<&'a Target>,
}

impl<'a> Upload<'a> {
    pub(crate) fn creating(create: Create<'a>) -> Self {
        Self {
            location: create.location(),
            content: create.content(),
            namespace: create.namespace(),
            target: create.target(),
        }
    }

    pub(crate) fn renewing(renew: Renew<'a>) -> Self {
        Self {
            location: renew.location(),
            content: renew.content(),
            namespace: renew.namespace(),
            target: renew.target(),
        }
    }

    pub(crate) fn content(&self) -> &'a Content {
        self.content
    }

    /// Returns the bucket and the key.
    #[must_use]
    pub fn location(&self) -> &'a Location {
        self.location
    }

    /// Returns the namespace that the payload belongs to; `None` where the host does not know it.
    #[must_use]
    pub fn namespace(&self) -> Option<&'a str> {
        self.namespace
    }

    /// Returns the execution that reads the payload again; `None` where the host does not know it.
    #[must_use]
    pub fn target(&self) -> Option<&'a Target> {
        self.target
    }
}

/// Holds the user's function. The driver sets bucket, key, body, checksum and condition after it.
#[derive(Clone)]
pub(crate) struct PutHook(Arc<Hook>);

impl PutHook {
    pub(crate) fn new(
        hook: impl Fn(PutObjectFluentBuilder, &Upload<'_>) -> PutObjectFluentBuilder + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(hook))
    }

    pub(crate) fn apply(
        &self,
        request: PutObjectFluentBuilder,
        upload: &Upload<'_>,
    ) -> PutObjectFluentBuilder {
        (self.0)(request, upload)
    }
}

impl fmt::Debug for PutHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PutHook")
    }
}
