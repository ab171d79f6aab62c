//! Wraps a memory store whose requests a test delays, and whose responses it replaces.

use std::fmt;

use futures_util::future::{BoxFuture, FutureExt as _, ready};

use super::*;

type Before = Box<dyn Fn(Request, &Attempt, &Location) -> BoxFuture<'static, Result<()>> + Send + Sync>;
type Opened = Box<dyn Fn(Bytes) -> OpenObject + Send + Sync>;

pub(super) struct Hooked {
    pub(super) store: MemoryBackend,
    before: Before,
    opened: Opened,
}

impl Hooked {
    pub(super) fn new() -> Self {
        let before = Box::new(|_: Request, _: &Attempt, _: &Location| ready(Ok(())).boxed());
        Self { store: MemoryBackend::default(), before, opened: Box::new(OpenObject::whole) }
    }

    /// Runs `before` ahead of each request; its error is the answer.
    pub(super) fn before(
        mut self,
        before: impl Fn(Request, &Attempt, &Location) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        self.before = Box::new(before);
        self
    }

    /// Answers with what `opened` makes of the stored bytes.
    pub(super) fn opened(mut self, opened: impl Fn(Bytes) -> OpenObject + Send + Sync + 'static) -> Self {
        self.opened = Box::new(opened);
        self
    }

    pub(super) fn driver(self) -> MemoryDriver {
        self.driver_with(ObjectOptions::new(""))
    }

    pub(super) fn driver_with(self, options: ObjectOptions) -> MemoryDriver {
        MemoryDriver::with_backend(Arc::new(self), options).unwrap()
    }
}

#[async_trait]
impl ObjectBackend for Hooked {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        (self.before)(Request::Create, create.attempt(), create.location()).await?;
        self.store.create(create).await
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        (self.before)(Request::Open, open.attempt(), open.location()).await?;
        let missing = || ErrorKind::NotFound.error("there is no object at this location");
        self.store.read(open.location()).map(&self.opened).ok_or_else(missing)
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        (self.before)(Request::Stat, stat.attempt(), stat.location()).await?;
        self.store.stat(stat).await
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        (self.before)(Request::Renew, renew.attempt(), renew.location()).await?;
        self.store.renew(renew).await
    }

    fn identity(&self) -> StoreIdentity {
        self.store.identity()
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, _: Request) -> &'static str {
        "none"
    }
}

impl fmt::Debug for Hooked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooked").field("store", &self.store).finish_non_exhaustive()
    }
}
