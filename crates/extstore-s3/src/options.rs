//! Collects the driver's options: the engine's and S3's own.

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use extstore::Result;
use extstore::object::{Container, ObjectOptions};

use crate::Bucket;
use crate::put_hook::{PutHook, Upload};

/// Configures an [`S3Driver`](crate::S3Driver). Options are checked when the driver is made.
///
/// * The official drivers write without a key prefix: a driver with one reads their claims only with
///   [`with_readable`](Self::with_readable).
/// * Set [`with_refresh_after`](Self::with_refresh_after) wherever a lifecycle rule expires objects.
/// * One payload is one PUT, for which Amazon's own limit is 5 GiB.
#[derive(Clone, Debug)]
#[must_use]
pub struct S3Options {
    pub(crate) object: ObjectOptions,
    pub(crate) put_hook: Option<PutHook>,
    pub(crate) conditional_writes: bool,
    pub(crate) checksums: bool,
}

impl S3Options {
    /// Makes options for payloads stored in this bucket: a name, an access point's ARN, or [`Container::per_payload`].
    pub fn new(bucket: impl Into<Container>) -> Self {
        Self { object: ObjectOptions::new(bucket), put_hook: None, conditional_writes: true, checksums: true }
    }

    extstore::object_setters!(object);

    /// Adds to each upload what the vendor's request builder can say: encryption, storage class, tags. The second
    /// argument says of which namespace and for whom the payload is.
    ///
    /// The driver sets bucket, key, body, checksum and condition after the hook. Whatever reading needs too,
    /// such as a customer's own encryption key, belongs into an interceptor of the client instead.
    ///
    /// **Storage classes.** A payload must be readable at once. The driver refuses uploads into `GLACIER` and
    /// `DEEP_ARCHIVE` with `Config`. `INTELLIGENT_TIERING` is fit only where the bucket has none of its optional archive
    /// tiers (`ARCHIVE_ACCESS`, `DEEP_ARCHIVE_ACCESS`): they make old payloads unreadable until somebody restores them.
    ///
    /// ```
    /// use extstore_s3::S3Options;
    /// use extstore_s3::aws_sdk_s3::types::ServerSideEncryption;
    ///
    /// let options = S3Options::new("payloads").with_put_hook(|put, upload| {
    ///     let team = if upload.namespace() == Some("orders") { "team=orders" } else { "team=platform" };
    ///     put.server_side_encryption(ServerSideEncryption::AwsKms)
    ///         .ssekms_key_id("alias/payloads")
    ///         .tagging(team)
    /// });
    /// # drop(options);
    /// ```
    pub fn with_put_hook(
        mut self,
        hook: impl Fn(PutObjectFluentBuilder, &Upload<'_>) -> PutObjectFluentBuilder + Send + Sync + 'static,
    ) -> Self {
        self.put_hook = Some(PutHook::new(hook));
        self
    }

    /// Says whether uploads are conditional (`If-None-Match`, `If-Match`); they are by default.
    ///
    /// A store that rejects conditions is recognised without this option, and one that ignores them by
    /// [`StorageDriver::check`](extstore::StorageDriver::check) or when it creates the same object twice. Turn it off to
    /// have each store look for the object first from the beginning.
    pub fn with_conditional_writes(mut self, conditional: bool) -> Self {
        self.conditional_writes = conditional;
        self
    }

    /// Says whether uploads carry `x-amz-checksum-sha256`, which the store compares with what has arrived; they do
    /// by default.
    ///
    /// A store that rejects the header is recognised without this option. Turn it off to never send it: the driver
    /// then reads its first upload back once, later ones are protected by the payload hash in their signature, and
    /// an object that exists already is read in order to be verified.
    pub fn with_checksums(mut self, checksums: bool) -> Self {
        self.checksums = checksums;
        self
    }

    /// Parses the bucket of all payloads; `None` where it is chosen per payload.
    pub(crate) fn bucket(&self) -> Result<Option<Bucket>> {
        self.object.container().as_fixed().map(str::parse).transpose()
    }
}
