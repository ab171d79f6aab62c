//! Single requests to S3.

use std::fmt;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::operation::put_object::PutObjectOutput;
use aws_sdk_s3::types::{ChecksumMode, ChecksumType};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use extstore::object::{
    Content, Create, Created, Location, ObjectBackend, ObjectStat, ObjectVersion, Open, OpenObject, Renew,
    Renewed, Request, Stat, StoreIdentity,
};
use extstore::{Digest, ErrorKind, Result, async_trait};
use futures_util::stream::unfold;

use crate::conditions::{Conditions, failed, may_be_unknown};
use crate::error::{from_sdk, from_stream};
use crate::request::{PutHook, ServerClock, SignedPayload, stream};
use crate::{S3Options, client};

pub(crate) struct S3Backend {
    client: Client,
    hook: Option<PutHook>,
    conditions: Conditions,
    identity: StoreIdentity,
}

/// Under which condition an upload takes effect.
enum When<'a> {
    Absent,
    Version(&'a ObjectVersion),
    Always,
}

impl S3Backend {
    pub(crate) fn new(client: &Client, options: &S3Options) -> Self {
        Self {
            client: client::derive(client, options.object.timeouts()),
            hook: options.put_hook.clone(),
            conditions: Conditions::new(options.conditional_writes),
            identity: StoreIdentity::unique(),
        }
    }

    /// One PUT of the whole content, which the store checks against its digest.
    async fn put(&self, location: &Location, content: &Content, when: When<'_>) -> Result<()> {
        let request = self.client.put_object();
        let request = match &self.hook {
            Some(hook) => hook.apply(request),
            None => request,
        };
        let request = match when {
            When::Absent => request.if_none_match("*").set_if_match(None),
            When::Version(version) => request.if_match(&version.0).set_if_none_match(None),
            When::Always => request.set_if_none_match(None).set_if_match(None),
        };
        let stored = request
            .bucket(&location.container)
            .key(&location.key)
            .checksum_sha256(BASE64_STANDARD.encode(content.digest().as_bytes()))
            .body(stream(content.body()))
            .customize()
            .interceptor(SignedPayload(content.digest()))
            .send()
            .await
            .map_err(from_sdk)?;
        confirm(&stored, content.digest())
    }

    /// For stores without conditional writes. Two writers can both see nothing and both write; they write the same.
    async fn look_and_put(&self, location: &Location, content: &Content) -> Result<Created> {
        match self.head(location).await {
            Ok(_) => return Ok(Created::Exists(None)),
            // Without the permission to look, only writing makes sure.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {}
            Err(error) => return Err(error),
        }
        self.put(location, content, When::Always).await.map(|()| Created::Created(ObjectStat::unknown()))
    }

    /// A creation of what this process had created before: asks again, and the answer tells what the first was worth.
    async fn look_twice(&self, location: &Location, content: &Content) {
        match self.put(location, content, When::Absent).await {
            Ok(()) => self.conditions.create_turned_out_missing(),
            Err(error) if failed(&error) => self.conditions.create_is_honoured(),
            // The next repetition asks again.
            Err(_) => {}
        }
    }

    async fn head(&self, location: &Location) -> Result<ObjectStat> {
        let clock = ServerClock::default();
        let head = self
            .client
            .head_object()
            .bucket(&location.container)
            .key(&location.key)
            .checksum_mode(ChecksumMode::Enabled)
            .customize()
            .interceptor(clock.clone())
            .send()
            .await
            .map_err(from_sdk)?;
        Ok(stat_of(head, &clock))
    }
}

fn stat_of(head: HeadObjectOutput, clock: &ServerClock) -> ObjectStat {
    let written = head.last_modified.and_then(|written| written.try_into().ok());
    let age = written.map(|written| clock.now().duration_since(written).unwrap_or_default());
    // An object uploaded in parts has a checksum of checksums, which says nothing about our digest.
    let digest = match head.checksum_type {
        Some(ChecksumType::Composite) => None,
        _ => head.checksum_sha256.as_deref().and_then(decode_checksum),
    };
    let len = head.content_length.and_then(|len| u64::try_from(len).ok()).unwrap_or(0);
    ObjectStat::new(len).with_digest(digest).with_age(age).with_version(head.e_tag.map(ObjectVersion))
}

fn decode_checksum(text: &str) -> Option<Digest> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok().map(Digest::from_bytes)
}

/// A status says little of who answered: captive portals and misrouted proxies say 200 too, and an acknowledged upload
/// is never looked at again. Every store names the version that it wrote, and some repeat its checksum.
fn confirm(stored: &PutObjectOutput, digest: Digest) -> Result<()> {
    let differs = |checksum: &str| decode_checksum(checksum) != Some(digest);
    if stored.e_tag.is_none() || stored.checksum_sha256.as_deref().is_some_and(differs) {
        return Err(ErrorKind::Unavailable.error("the answer to the upload is not a store's"));
    }
    Ok(())
}

#[async_trait]
impl ObjectBackend for S3Backend {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        if self.conditions.create_is_missing() {
            return self.look_and_put(create.location(), create.content()).await;
        }
        match self.put(create.location(), create.content(), When::Absent).await {
            Ok(()) => {
                if self.conditions.created_twice(create.location()) {
                    self.look_twice(create.location(), create.content()).await;
                }
                Ok(Created::Created(ObjectStat::unknown()))
            }
            Err(error) if failed(&error) => {
                self.conditions.create_is_honoured();
                Ok(Created::Exists(None))
            }
            Err(error) if may_be_unknown(&error) && self.conditions.create_is_unknown() => {
                let created = self.look_and_put(create.location(), create.content()).await?;
                self.conditions.create_turned_out_missing();
                Ok(created)
            }
            Err(error) => Err(error),
        }
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        let request = self.client.get_object().bucket(&open.location().container).key(&open.location().key);
        let object = request.send().await.map_err(from_sdk)?;
        let len = object.content_length.and_then(|len| u64::try_from(len).ok());
        let chunks = unfold(object.body, |mut body| async move {
            let chunk = body.next().await?;
            Some((chunk.map_err(from_stream), body))
        });
        Ok(OpenObject::new(len, chunks))
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.head(stat.location()).await
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        let Some(version) = renew.version().filter(|_| !self.conditions.renew_is_missing()) else {
            return self
                .put(renew.location(), renew.content(), When::Always)
                .await
                .map(|()| Renewed::Renewed(ObjectStat::unknown()));
        };
        match self.put(renew.location(), renew.content(), When::Version(version)).await {
            Ok(()) => Ok(Renewed::Renewed(ObjectStat::unknown())),
            Err(error) if failed(&error) => Ok(Renewed::Changed),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Renewed::Gone),
            Err(error) if may_be_unknown(&error) => {
                self.put(renew.location(), renew.content(), When::Always).await?;
                self.conditions.renew_turned_out_missing();
                Ok(Renewed::Renewed(ObjectStat::unknown()))
            }
            Err(error) => Err(error),
        }
    }

    fn identity(&self) -> StoreIdentity {
        self.identity.clone()
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        let region = self.client.config().region();
        region.map(|region| ("client_region", region.to_string())).into_iter().collect()
    }

    fn permission(&self, request: Request) -> &'static str {
        match request {
            Request::Create | Request::Renew => "s3:PutObject",
            _ => {
                "s3:GetObject (or s3:ListBucket: without it S3 says the same of an object that does not exist)"
            }
        }
    }
}

impl fmt::Debug for S3Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Backend")
            .field("region", &self.client.config().region())
            .field("hook", &self.hook)
            .finish_non_exhaustive()
    }
}
