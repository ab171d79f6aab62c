//! Implements the engine's calls with requests to S3.

use std::future::Future;
use std::sync::Arc;

use extstore::object::{
    Create, Created, ObjectBackend, ObjectStat, Open, OpenObject, Renew, Renewed, Request, Stat,
    StoreIdentity,
};
use extstore::{Error, ErrorKind, Result, async_trait};
use futures_util::stream::unfold;

use crate::S3Options;
use crate::error::from_stream;
use crate::headers::{Headers, condition_failed, may_be_unknown};
use crate::put_hook::Upload;
use crate::requests::{Requests, When};
use crate::store::Store;

#[derive(Debug)]
pub(crate) struct S3Backend {
    requests: Requests,
    store: Arc<Store>,
}

impl S3Backend {
    pub(crate) fn new(store: Arc<Store>, options: &S3Options) -> Self {
        Self { requests: Requests::new(store.client(), options), store }
    }

    fn headers(&self) -> &Headers {
        &self.requests.headers
    }

    /// Makes an upload with its checksum, and again without it where the store may not know that header.
    async fn upload<T, F>(&self, upload: impl Fn(bool) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let refusal = match upload(!self.headers().checksum_is_missing()).await {
            Err(error) if may_be_unknown(&error) && self.headers().checksum_is_unknown() => error,
            outcome => return outcome,
        };
        or_refusal(upload(false).await, refusal)
    }

    async fn create_object(&self, upload: Upload<'_>, checksum: bool) -> Result<Created> {
        if self.headers().create_is_missing() {
            return self.look_and_put(upload, checksum).await;
        }
        match self.requests.put(upload, When::Absent, checksum).await {
            Ok(stat) => {
                if self.headers().note_creation(upload.location()) {
                    self.create_again(upload, checksum).await;
                }
                Ok(Created::Created(stat))
            }
            Err(error) if condition_failed(&error) => {
                self.headers().note_create_honoured();
                Ok(Created::Exists(None))
            }
            Err(error) if may_be_unknown(&error) && self.headers().create_is_unknown() => {
                let created = or_refusal(self.look_and_put(upload, checksum).await, error)?;
                // Where an object is there already, nothing was sent without the condition.
                if matches!(created, Created::Created(_)) {
                    self.headers().note_create_missing();
                }
                Ok(created)
            }
            Err(error) => Err(error),
        }
    }

    /// Creates an object in a store without conditional writes. Two writers can both see nothing and both write;
    /// they write the same.
    async fn look_and_put(&self, upload: Upload<'_>, checksum: bool) -> Result<Created> {
        match self.requests.stat(upload.location()).await {
            Ok(stat) => return Ok(Created::Exists(Some(stat))),
            // Without the permission to look, only writing makes sure.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {}
            Err(error) => return Err(error),
        }
        self.requests.put(upload, When::Always, checksum).await.map(Created::Created)
    }

    /// Repeats a creation of what this process had created before: the answer tells whether the condition is honoured.
    async fn create_again(&self, upload: Upload<'_>, checksum: bool) {
        match self.requests.put(upload, When::Absent, checksum).await {
            Ok(_) => self.headers().note_create_missing(),
            Err(error) if condition_failed(&error) => self.headers().note_create_honoured(),
            // The next repetition asks again.
            Err(_) => {}
        }
    }

    async fn renew_object(&self, renew: Renew<'_>, checksum: bool) -> Result<Renewed> {
        let put = |when| self.requests.put(Upload::renewing(renew), when, checksum);
        let Some(version) = renew.version().filter(|_| !self.headers().renew_is_missing()) else {
            return put(When::Always).await.map(Renewed::Renewed);
        };
        match put(When::Version(version)).await {
            Ok(stat) => Ok(Renewed::Renewed(stat)),
            Err(error) if condition_failed(&error) => Ok(Renewed::Changed),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Renewed::Gone),
            Err(error) if may_be_unknown(&error) => {
                let stat = or_refusal(put(When::Always).await, error)?;
                self.headers().note_renew_missing();
                Ok(Renewed::Renewed(stat))
            }
            Err(error) => Err(error),
        }
    }
}

/// Reports the refusal of the whole request where what was left of it was refused in the same way.
fn or_refusal<T>(outcome: Result<T>, refusal: Error) -> Result<T> {
    outcome.map_err(|error| if may_be_unknown(&error) { refusal } else { error })
}

#[async_trait]
impl ObjectBackend for S3Backend {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        self.upload(|checksum| self.create_object(Upload::creating(create), checksum)).await
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        let object = self.requests.get(open.location(), None).await?;
        let len = object.content_length.and_then(|len| u64::try_from(len).ok());
        let chunks = unfold(object.body, |mut body| async move {
            let chunk = body.next().await?;
            Some((chunk.map_err(from_stream), body))
        });
        Ok(OpenObject::new(len, chunks))
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.requests.stat(stat.location()).await
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        self.upload(|checksum| self.renew_object(renew, checksum)).await
    }

    fn identity(&self) -> StoreIdentity {
        self.store.identity()
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        let region = self.requests.client.config().region();
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
