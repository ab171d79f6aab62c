//! Keeps objects in memory, remembers what it was asked for, and fails where the vector says so.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use extstore::object::{
    Create, Created, Location, ObjectBackend, ObjectStat, Open, OpenObject, Renew, Renewed, Request, Stat,
    StoreIdentity,
};
use extstore::{ErrorKind, MemoryBackend, Result, Retry};

use crate::schema::{ClientOperation, DriverSpec};

/// Names the kind of every injected fault.
pub(crate) const INJECTED: ErrorKind = ErrorKind::Unavailable;

#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    pub(crate) memory: MemoryBackend,
    requests: Arc<Mutex<Vec<(Request, Location)>>>,
    fail: Option<ClientOperation>,
    describe: Vec<(&'static str, String)>,
}

impl Recorder {
    pub(crate) fn new(spec: &DriverSpec, memory: MemoryBackend) -> Self {
        // Diagnostics have static names; a vector has at most a few, so leaking them costs nothing.
        let leak = |name: &String| -> &'static str { Box::leak(name.clone().into_boxed_str()) };
        let describe = spec.describe.iter().map(|(name, value)| (leak(name), value.clone())).collect();
        Self { memory, requests: Arc::default(), fail: spec.fail, describe }
    }

    /// Returns every request so far, failed ones included.
    pub(crate) fn requests(&self) -> Vec<(Request, Location)> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn record(&self, request: Request, location: &Location) -> Result<()> {
        let entry = (request, location.clone());
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        if self.fail.is_some_and(|operation| stands_for(operation, request)) {
            // One attempt: the official drivers leave retries to the task.
            return Err(INJECTED.error("the vector's fault").with_retry(Retry::Never));
        }
        Ok(())
    }
}

/// Says whether a request of ours does what an official client operation does.
pub(crate) fn stands_for(operation: ClientOperation, request: Request) -> bool {
    match operation {
        ClientOperation::Exists => request == Request::Stat,
        ClientOperation::Put | ClientOperation::Set => matches!(request, Request::Create | Request::Renew),
    }
}

#[async_trait]
impl ObjectBackend for Recorder {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        self.record(Request::Create, create.location())?;
        self.memory.create(create).await
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        self.record(Request::Open, open.location())?;
        self.memory.open(open).await
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.record(Request::Stat, stat.location())?;
        self.memory.stat(stat).await
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        self.record(Request::Renew, renew.location())?;
        self.memory.renew(renew).await
    }

    fn identity(&self) -> StoreIdentity {
        self.memory.identity()
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        self.describe.clone()
    }

    fn permission(&self, _: Request) -> &'static str {
        "no permission"
    }
}
