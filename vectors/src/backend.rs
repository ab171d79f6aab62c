//! A store in memory that remembers what it was asked for, and fails where the vector says so.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use extstore::object::{
    Attempt, Content, Created, Location, ObjectBackend, ObjectStat, ObjectVersion, OpenObject, Renewed,
    Request,
};
use extstore::{ErrorKind, MemoryBackend, Result, Retry};

use crate::schema::{ClientOperation, DriverSpec};

/// The kind of every injected fault.
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

    /// Every request so far, failed ones included.
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

/// Which of our requests does what an official client operation does.
pub(crate) fn stands_for(operation: ClientOperation, request: Request) -> bool {
    match operation {
        ClientOperation::Exists => request == Request::Stat,
        ClientOperation::Put | ClientOperation::Set => matches!(request, Request::Create | Request::Renew),
    }
}

#[async_trait]
impl ObjectBackend for Recorder {
    async fn create(&self, attempt: &Attempt, location: &Location, content: &Content) -> Result<Created> {
        self.record(Request::Create, location)?;
        self.memory.create(attempt, location, content).await
    }

    async fn open(&self, attempt: &Attempt, location: &Location) -> Result<OpenObject> {
        self.record(Request::Open, location)?;
        self.memory.open(attempt, location).await
    }

    async fn stat(&self, attempt: &Attempt, location: &Location) -> Result<ObjectStat> {
        self.record(Request::Stat, location)?;
        self.memory.stat(attempt, location).await
    }

    async fn renew(
        &self,
        attempt: &Attempt,
        location: &Location,
        content: &Content,
        version: Option<&ObjectVersion>,
    ) -> Result<Renewed> {
        self.record(Request::Renew, location)?;
        self.memory.renew(attempt, location, content, version).await
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        self.describe.clone()
    }

    fn permission(&self, _: Request) -> &'static str {
        "no permission"
    }
}
