//! Provides a store, a server and a gateway between them, in one process.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use extstore::{
    Claim, Error, ErrorKind, Event, ExternalStorage, MemoryDriver, Payload as Stored, RetrieveContext,
    StorageDriver, StoreContext,
};
use extstore_wire::Rpc;
use futures_util::future::BoxFuture;
use http::HeaderMap;
use prost::Message;
use temporalio_protos::temporal::api::common::v1::{Payload, Payloads};
use tokio::sync::{Semaphore, mpsc};

use super::call;
use crate::{Answer, Call, Gateway, GatewayBuilder, Status, Upstream};

/// Begins the stored payloads that cannot be read.
pub(crate) const LOST: &str = "this one is lost";
/// Names a location, which must not leave the process.
pub(crate) const LOCATION: &str = "bucket=payments key=v0/ns/secret";

/// Stores payloads in memory, and fails or waits on request.
pub(crate) struct Store {
    memory: MemoryDriver,
    /// The error of every call.
    pub(crate) failure: Mutex<Option<Error>>,
    /// A retrieve waits for a permit after it has reported itself to `gated`.
    pub(crate) gate: Semaphore,
    pub(crate) gated: Mutex<Option<mpsc::UnboundedSender<()>>>,
    pub(crate) retrieved: AtomicUsize,
    /// Retrieves that were dropped before they ended.
    pub(crate) dropped: AtomicUsize,
}

struct Dropped<'a>(&'a AtomicUsize, bool);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        if !self.1 {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[async_trait]
impl StorageDriver for Store {
    fn name(&self) -> &str {
        "store"
    }

    fn driver_type(&self) -> &str {
        "memory"
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Stored>) -> extstore::Result<Vec<Claim>> {
        match self.failure() {
            Some(error) => Err(error),
            None => self.memory.store(context, payloads).await,
        }
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> extstore::Result<Vec<Stored>> {
        let mut dropped = Dropped(&self.dropped, false);
        let gated = self.gated.lock().unwrap().clone();
        if let Some(arrived) = gated {
            arrived.send(()).unwrap();
            self.gate.acquire().await.unwrap().forget();
        }
        dropped.1 = true;
        if let Some(error) = self.failure() {
            return Err(error);
        }
        let payloads = self.memory.retrieve(context, claims).await?;
        self.retrieved.fetch_add(payloads.len(), Ordering::SeqCst);
        let is_lost = |payload: &Stored| payload.data().starts_with(LOST.as_bytes());
        match payloads.iter().position(is_lost) {
            Some(at) => Err(failure(ErrorKind::NotFound).with_index(at, payloads.len())),
            None => Ok(payloads),
        }
    }
}

impl Store {
    fn failure(&self) -> Option<Error> {
        self.failure.lock().unwrap().clone()
    }

    pub(crate) fn fail(&self, error: Error) {
        *self.failure.lock().unwrap() = Some(error);
    }

    /// Makes retrieves wait; each reports itself to the returned receiver first.
    pub(crate) fn hold(&self) -> mpsc::UnboundedReceiver<()> {
        #[expect(
            clippy::disallowed_methods,
            reason = "a test makes few calls, and none may wait for its reader"
        )]
        let (arrived, arrivals) = mpsc::unbounded_channel();
        *self.gated.lock().unwrap() = Some(arrived);
        arrivals
    }
}

/// Makes an error whose text and location must stay in the process.
pub(crate) fn failure(kind: ErrorKind) -> Error {
    kind.error("the message of a driver").with_location(LOCATION)
}

/// Records calls, and answers each with the next of its answers or with an empty message.
pub(crate) struct Server {
    pub(crate) calls: Mutex<Vec<Call>>,
    answers: Mutex<Vec<Result<Answer, Status>>>,
    /// Gets the method of each call.
    called: mpsc::UnboundedSender<String>,
    /// Polls wait for a permit while this is set.
    pub(crate) polls: Mutex<Option<Arc<Semaphore>>>,
    /// Calls that were dropped before they were answered.
    pub(crate) dropped: AtomicUsize,
    /// The failed tasks: `Workflow ns ExternalStorageError`.
    pub(crate) failed: Mutex<Vec<String>>,
}

#[async_trait]
impl Upstream for Server {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        let mut dropped = Dropped(&self.dropped, false);
        let polls = self.polls.lock().unwrap().clone().filter(|_| call.method.starts_with("Poll"));
        self.called.send(call.method.clone()).unwrap();
        self.calls.lock().unwrap().push(call);
        if let Some(polls) = polls {
            polls.acquire().await.unwrap().forget();
        }
        dropped.1 = true;
        let mut answers = self.answers.lock().unwrap();
        if answers.is_empty() { Ok(Answer::empty()) } else { answers.remove(0) }
    }

    fn note_failed(&self, task: &crate::FailedTask<'_>) {
        let crate::FailedTask { kind, namespace, reason } = task;
        self.failed.lock().unwrap().push(format!("{kind:?} {namespace} {reason}"));
    }
}

pub(crate) struct Fixture {
    pub(crate) gateway: Gateway,
    pub(crate) storage: ExternalStorage,
    pub(crate) store: Arc<Store>,
    pub(crate) server: Arc<Server>,
    pub(crate) called: mpsc::UnboundedReceiver<String>,
    /// The events: `failed workflow_task NotFound true`, `passed_on malformed`.
    pub(crate) events: Arc<Mutex<Vec<String>>>,
    /// Payloads that were read from the store, delivered or not.
    pub(crate) read: Arc<AtomicUsize>,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with(|options| options)
    }

    pub(crate) fn with(options: impl FnOnce(GatewayBuilder) -> GatewayBuilder) -> Self {
        let store = Arc::new(Store {
            memory: MemoryDriver::default(),
            failure: Mutex::default(),
            gate: Semaphore::new(0),
            gated: Mutex::default(),
            retrieved: AtomicUsize::default(),
            dropped: AtomicUsize::default(),
        });
        let events = Arc::new(Mutex::new(Vec::new()));
        let (seen, read) = (Arc::clone(&events), Arc::new(AtomicUsize::default()));
        let reads = Arc::clone(&read);
        let observer = move |event: &Event<'_>| match event {
            Event::Request { request: "open", error: None, .. } => {
                reads.fetch_add(1, Ordering::SeqCst);
            }
            Event::Left { reason, references, .. } => {
                seen.lock().unwrap().push(format!("left {reason} {references}"));
            }
            Event::PassedOn { reason, .. } => seen.lock().unwrap().push(format!("passed_on {reason}")),
            Event::Failed { path, kind, reported, .. } => {
                seen.lock().unwrap().push(format!("failed {path} {kind} {reported}"));
            }
            _ => {}
        };
        let storage = ExternalStorage::builder()
            .with_driver(Arc::clone(&store) as Arc<dyn StorageDriver>)
            .with_payload_size_threshold(0)
            .with_observer(observer)
            .build()
            .unwrap();
        #[expect(
            clippy::disallowed_methods,
            reason = "a test makes few calls, and none may wait for its reader"
        )]
        let (called_here, called) = mpsc::unbounded_channel();
        let server = Arc::new(Server {
            calls: Mutex::default(),
            answers: Mutex::default(),
            called: called_here,
            polls: Mutex::default(),
            dropped: AtomicUsize::default(),
            failed: Mutex::default(),
        });
        let gateway = options(Gateway::builder(storage.clone())).build();
        Self { gateway, storage, store, server, called, events, read }
    }

    /// Makes a fixture without storage in the gateway.
    pub(crate) fn without_storage() -> Self {
        let fixture = Self::new();
        Self { gateway: Gateway::without_storage().with_resolving_data_converter(true).build(), ..fixture }
    }

    /// Stores a payload, and returns its reference.
    pub(crate) async fn reference(&self, payload: &Payload) -> Payload {
        let stored = Stored::decode(payload.encode_to_vec()).unwrap();
        let message = self.storage.message("default");
        let offloaded = message.offload(vec![(None, stored)]).await.unwrap();
        Payload::decode(offloaded[0].to_bytes()).unwrap()
    }

    pub(crate) async fn references(&self, texts: &[&str]) -> Option<Payloads> {
        let mut payloads = Vec::new();
        for text in texts {
            payloads.push(self.reference(&payload(text)).await);
        }
        Some(Payloads { payloads })
    }

    pub(crate) fn answer(&self, message: &impl Message) {
        self.answer_bytes(message.encode_to_vec().into());
    }

    pub(crate) fn answer_bytes(&self, body: Bytes) {
        let answer = Answer::new(HeaderMap::new(), body);
        self.server.answers.lock().unwrap().push(Ok(answer));
    }

    pub(crate) fn refuse(&self, status: Status) {
        self.server.answers.lock().unwrap().push(Err(status));
    }

    /// Sends a request through `Gateway::call`.
    pub(crate) async fn call(&self, rpc: Rpc, request: &impl Message) -> Result<Answer, Status> {
        self.start(rpc, request).await
    }

    pub(crate) fn start(
        &self,
        rpc: Rpc,
        request: &impl Message,
    ) -> BoxFuture<'static, Result<Answer, Status>> {
        let call = call(rpc, request.encode_to_vec().into());
        let (gateway, server) = (self.gateway.clone(), Arc::clone(&self.server) as Arc<dyn Upstream>);
        Box::pin(async move { gateway.call(call, server).await })
    }

    /// Sends a request and decodes its answer.
    pub(crate) async fn received<T: Message + Default>(&self, rpc: Rpc, request: &impl Message) -> T {
        let answer = self.call(rpc, request).await.expect("the request is answered");
        T::decode(answer.body.to_bytes()).unwrap()
    }

    /// Returns the methods of the server's calls, in their order.
    pub(crate) fn methods(&self) -> Vec<String> {
        self.server.calls.lock().unwrap().iter().map(|call| call.method.clone()).collect()
    }

    /// Decodes the last request that the server got.
    pub(crate) fn last<T: Message + Default>(&self, rpc: Rpc) -> T {
        let calls = self.server.calls.lock().unwrap();
        let call = calls.last().expect("the server was called");
        assert_eq!(call.method, rpc.method());
        T::decode(call.body.to_bytes()).unwrap()
    }

    pub(crate) fn events(&self) -> Vec<String> {
        self.events.lock().unwrap().clone()
    }

    pub(crate) fn retrieved(&self) -> usize {
        self.store.retrieved.load(Ordering::SeqCst)
    }
}

pub(crate) fn payload(text: &str) -> Payload {
    Payload {
        metadata: [("encoding".to_owned(), b"json/plain".to_vec())].into(),
        data: text.as_bytes().to_vec(),
        external_payloads: vec![],
    }
}

pub(crate) fn payloads(texts: &[&str]) -> Option<Payloads> {
    Some(Payloads { payloads: texts.iter().map(|text| payload(text)).collect() })
}
