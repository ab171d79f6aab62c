use std::time::Duration;

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use extstore::Result;
use extstore::object::{Cache, Container, ObjectOptions, Readable, RetryPolicy, Timeouts};

use crate::Bucket;
use crate::request::PutHook;

/// What the S3 driver can be told, with its defaults.
#[derive(Clone, Debug)]
#[must_use]
pub struct S3Options {
    pub(crate) object: ObjectOptions,
    pub(crate) put_hook: Option<PutHook>,
    pub(crate) conditional_writes: bool,
}

impl S3Options {
    /// Options for payloads stored in this bucket: a name, an access point's ARN, or [`Container::per_payload`].
    pub fn new(bucket: impl Into<Container>) -> Self {
        Self { object: ObjectOptions::new(bucket), put_hook: None, conditional_writes: true }
    }

    /// Names the driver instance; `aws.s3driver` otherwise. The name is permanent: references carry it.
    pub fn with_name(self, name: impl Into<String>) -> Self {
        self.map(|object| object.with_name(name))
    }

    /// Puts all keys under a prefix, and refuses claims outside it. Empty by default, as in the official
    /// drivers; with a prefix, claims that they wrote need [`with_readable`](Self::with_readable).
    pub fn with_key_prefix(self, prefix: impl Into<String>) -> Self {
        self.map(|object| object.with_key_prefix(prefix))
    }

    /// Allows claims that point at one more bucket, or at keys under a prefix of one. Required where the
    /// bucket is chosen per payload.
    pub fn with_readable(self, location: impl Into<Readable>) -> Self {
        self.map(|object| object.with_readable(location))
    }

    /// Refuses to store payloads of more encoded bytes than this; 50 MiB by default. One payload is one
    /// PUT, for which Amazon's own limit is 5 GiB.
    pub fn with_max_payload_size(self, bytes: u64) -> Self {
        self.map(|object| object.with_max_payload_size(bytes))
    }

    /// Refuses to read objects of more bytes than this; 128 MiB by default.
    pub fn with_read_cap(self, bytes: u64) -> Self {
        self.map(|object| object.with_read_cap(bytes))
    }

    /// Renews an object that exists already once it is this old. Set it wherever a lifecycle rule expires
    /// objects: less than the rule's days minus the longest time that a payload must stay readable.
    pub fn with_refresh_after(self, age: Duration) -> Self {
        self.map(|object| object.with_refresh_after(age))
    }

    /// Sets how often one request is tried. The vendor's own retries are off.
    pub fn with_retry(self, retry: RetryPolicy) -> Self {
        self.map(|object| object.with_retry(retry))
    }

    /// Sets how long the driver waits.
    pub fn with_timeouts(self, timeouts: Timeouts) -> Self {
        self.map(|object| object.with_timeouts(timeouts))
    }

    /// Sets how many stored keys are remembered, so that storing them again makes no request; 16,384 by default.
    pub fn with_known_keys(self, keys: usize) -> Self {
        self.map(|object| object.with_known_keys(keys))
    }

    /// Keeps payloads in memory, so that reading them again makes no request; without it nothing is kept.
    pub fn with_cache(self, cache: Cache) -> Self {
        self.map(|object| object.with_cache(cache))
    }

    /// Adds to each upload what the vendor's request builder can say: encryption, storage class, tags.
    ///
    /// The driver sets bucket, key, body, checksum and condition after the hook. Whatever reading needs too,
    /// such as a customer's own encryption key, belongs into an interceptor of the client instead.
    ///
    /// ```
    /// use extstore_s3::S3Options;
    /// use extstore_s3::aws_sdk_s3::types::{ServerSideEncryption, StorageClass};
    ///
    /// let options = S3Options::new("payloads").with_put_hook(|put| {
    ///     put.server_side_encryption(ServerSideEncryption::AwsKms)
    ///         .ssekms_key_id("alias/payloads")
    ///         .storage_class(StorageClass::IntelligentTiering)
    ///         .tagging("team=orders")
    /// });
    /// # drop(options);
    /// ```
    pub fn with_put_hook(
        mut self,
        hook: impl Fn(PutObjectFluentBuilder) -> PutObjectFluentBuilder + Send + Sync + 'static,
    ) -> Self {
        self.put_hook = Some(PutHook::new(hook));
        self
    }

    /// Says whether uploads are conditional (`If-None-Match`, `If-Match`); they are by default.
    ///
    /// A store that rejects conditions is recognised without this option, and one that ignores them by
    /// [`S3Driver::check`](crate::S3Driver::check) or when it creates the same object twice. Turn it off to
    /// have each store look for the object first from the beginning.
    pub fn with_conditional_writes(mut self, conditional: bool) -> Self {
        self.conditional_writes = conditional;
        self
    }

    fn map(mut self, change: impl FnOnce(ObjectOptions) -> ObjectOptions) -> Self {
        self.object = change(self.object);
        self
    }

    /// The bucket of all payloads, checked; `None` where it is chosen per payload.
    pub(crate) fn bucket(&self) -> Result<Option<Bucket>> {
        self.object.container().as_fixed().map(str::parse).transpose()
    }
}
