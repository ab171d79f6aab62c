//! Sends single requests: PUT, HEAD and GET of one object.

use std::fmt;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_sdk_s3::types::ChecksumMode;
use extstore::object::{Content, Location, ObjectStat, ObjectVersion};
use extstore::{Error, ErrorKind, Hasher, Result};

use crate::credentials::Credentials;
use crate::error::{from_sdk, from_stream};
use crate::headers::Headers;
use crate::put_hook::{PutHook, Upload};
use crate::segments::Segments;
use crate::server_clock::ServerClock;
use crate::signing::SignedPayload;
use crate::stat::{self, encode_checksum, require_e_tag};
use crate::{S3Options, client};

/// Sends requests with the derived client, and remembers which headers the store honours.
pub(crate) struct Requests {
    pub(crate) client: Client,
    pub(crate) headers: Headers,
    hook: Option<PutHook>,
    credentials: Credentials,
}

/// Says under which condition an upload takes effect.
#[derive(Clone, Copy)]
pub(crate) enum When<'a> {
    Absent,
    Version(&'a ObjectVersion),
    Always,
}

impl Requests {
    pub(crate) fn new(client: &Client, options: &S3Options) -> Self {
        let credentials = Credentials::new(client.config().identity_cache());
        Self {
            client: client::derive(client, options.object.timeouts(), &credentials),
            headers: Headers::new(options),
            hook: options.put_hook.clone(),
            credentials,
        }
    }

    /// Uploads the whole content in one PUT; with `checksum`, the store checks it against its digest.
    pub(crate) async fn put(&self, upload: Upload<'_>, when: When<'_>, checksum: bool) -> Result<ObjectStat> {
        let (location, content) = (upload.location(), upload.content());
        let request = self.client.put_object();
        let request = match &self.hook {
            Some(hook) => hook.apply(request, &upload),
            None => request,
        };
        stat::refuse_archive(request.get_storage_class().as_ref())?;
        let request = match when {
            When::Absent => request.if_none_match("*").set_if_match(None),
            When::Version(version) => request.if_match(&version.0).set_if_none_match(None),
            When::Always => request.set_if_none_match(None).set_if_match(None),
        };
        let (clock, used) = (ServerClock::default(), self.credentials.generation());
        let stored = request
            .bucket(&location.container)
            .key(&location.key)
            .set_checksum_sha256(checksum.then(|| encode_checksum(content.digest())))
            // A stream even where there is one segment: of a body in memory the vendor's client prints the bytes
            // when it reports certain errors.
            .body(ByteStream::new(SdkBody::from_body_1_x(Segments::of(content.body()))))
            .customize()
            .interceptor(SignedPayload(content.digest()))
            .interceptor(clock.clone())
            .send()
            .await
            .map_err(|error| self.failed(error, used))?;
        let stat = stat::of_put(stored, content, &clock)?;
        self.note_upload(location, content, checksum).await?;
        Ok(stat)
    }

    async fn note_upload(&self, location: &Location, content: &Content, checksum: bool) -> Result<()> {
        if checksum {
            self.headers.note_checksum_accepted();
            return Ok(());
        }
        self.headers.note_checksum_missing();
        if self.headers.is_verified() { Ok(()) } else { self.verify(location, content).await }
    }

    /// Reads the first upload back that no checksum protected, and compares it with what was sent.
    async fn verify(&self, location: &Location, content: &Content) -> Result<()> {
        let mut body = match self.get(location, None).await {
            Ok(object) => object.body,
            // A process that only stores may lack the permission to read.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                self.headers.note_verified();
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let mut hasher = Hasher::default();
        while let Some(chunk) = body.next().await {
            hasher.update(&chunk.map_err(from_stream)?);
        }
        if hasher.finish() != content.digest() {
            return Err(ErrorKind::Unavailable.error("the content was damaged on its way to the store"));
        }
        self.headers.note_verified();
        Ok(())
    }

    /// Opens an object, or a range of its bytes.
    pub(crate) async fn get(&self, location: &Location, range: Option<&str>) -> Result<GetObjectOutput> {
        let used = self.credentials.generation();
        let request = self.client.get_object().bucket(&location.container).key(&location.key);
        let object = request.set_range(range.map(Into::into)).send().await;
        let object = object.map_err(|error| self.failed(error, used))?;
        require_e_tag(object.e_tag())?;
        Ok(object)
    }

    /// Sends a HEAD. Where the store refuses it without saying why, a GET of one byte makes the store say so.
    pub(crate) async fn stat(&self, location: &Location) -> Result<ObjectStat> {
        let asks_for_checksum = self.headers.asks_for_checksum();
        let refusal = match self.head(location, asks_for_checksum).await {
            Err(error) if error.vendor().status == Some(400) && error.vendor().code.is_none() => error,
            answer => return answer,
        };
        match self.get(location, Some("bytes=0-0")).await {
            // An empty object has no first byte.
            Err(error) if error.vendor().status != Some(416) => return Err(error),
            _ => {}
        }
        if !asks_for_checksum {
            return Err(refusal);
        }
        let stat = self.head(location, false).await?;
        self.headers.note_checksum_mode_missing();
        Ok(stat)
    }

    async fn head(&self, location: &Location, asks_for_checksum: bool) -> Result<ObjectStat> {
        let (clock, used) = (ServerClock::default(), self.credentials.generation());
        let head = self
            .client
            .head_object()
            .bucket(&location.container)
            .key(&location.key)
            .set_checksum_mode(asks_for_checksum.then_some(ChecksumMode::Enabled))
            .customize()
            .interceptor(clock.clone())
            .send()
            .await
            .map_err(|error| self.failed(error, used))?;
        stat::of_head(head, &clock)
    }

    fn failed<E>(&self, error: SdkError<E, HttpResponse>, used: u64) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.credentials.review(from_sdk(error), used)
    }
}

impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requests")
            .field("region", &self.client.config().region())
            .field("hook", &self.hook)
            .finish_non_exhaustive()
    }
}
