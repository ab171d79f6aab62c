//! Provides a gateway whose driver and upstream record what they get, and the parts of requests.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use extstore::{
    Claim, Error, ErrorKind, Event, ExternalStorage, ExternalStorageBuilder, MemoryDriver, Payload as Stored,
    RetrieveContext, StorageDriver, StoreContext, Target,
};
use extstore_wire::{Rpc, Scan};
use http::HeaderMap;
use prost::Message;
use temporalio_protos::temporal::api::common::v1::{
    Memo, Payload, Payloads, WorkflowExecution, WorkflowType,
};
use temporalio_protos::temporal::api::workflowservice::v1::PollWorkflowTaskQueueResponse;

use crate::exchange::Exchange;
use crate::identity::Identities;
use crate::outbound::{self, Offloaded};
use crate::scope::Scope;
use crate::{Answer, Call, FailedTask, Gateway, Status, Upstream};

pub(crate) mod fixture;

/// Sets the threshold of most tests, in bytes.
pub(crate) const THRESHOLD: usize = 1000;
/// Sets a size that is offloaded, in bytes; `SMALL` stays inline.
pub(crate) const LARGE: usize = 2000;
pub(crate) const SMALL: usize = 10;

/// Stores payloads in memory, records their targets, and fails for payloads with the poison.
pub(crate) struct RecordingDriver {
    memory: MemoryDriver,
    pub(crate) stores: Mutex<Vec<Store>>,
    pub(crate) payloads: Mutex<Vec<Stored>>,
    /// Payloads that contain these bytes cannot be stored.
    pub(crate) poison: Mutex<Option<&'static [u8]>>,
}

/// Describes one stored payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Store {
    pub(crate) namespace: Option<String>,
    pub(crate) target: Option<Target>,
}

#[async_trait]
impl StorageDriver for RecordingDriver {
    fn name(&self) -> &str {
        "memory"
    }

    fn driver_type(&self) -> &str {
        "memory"
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Stored>) -> extstore::Result<Vec<Claim>> {
        let poison = *self.poison.lock().unwrap();
        let is_poisoned = |payload: &Stored| {
            poison.is_some_and(|poison| payload.data().windows(poison.len()).any(|window| window == poison))
        };
        if payloads.iter().any(is_poisoned) {
            return Err(outage());
        }
        let store =
            Store { namespace: context.namespace().map(str::to_owned), target: context.target().cloned() };
        self.stores.lock().unwrap().extend(payloads.iter().map(|_| store.clone()));
        self.payloads.lock().unwrap().extend(payloads.iter().cloned());
        self.memory.store(context, payloads).await
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> extstore::Result<Vec<Stored>> {
        self.memory.retrieve(context, claims).await
    }
}

/// Makes the error of an unavailable store. Its text must not leave the process.
pub(crate) fn outage() -> Error {
    ErrorKind::Unavailable.error("bucket payments is down")
}

/// Holds a gateway over a [`RecordingDriver`], and what it did.
pub(crate) struct Recorder {
    pub(crate) gateway: Gateway,
    pub(crate) driver: Arc<RecordingDriver>,
    pub(crate) upstream: Arc<RecordingUpstream>,
    /// The events: `passed_on malformed`, `failed query`.
    pub(crate) events: Arc<Mutex<Vec<String>>>,
}

/// Records calls, and answers each with the next of its answers or with an empty message.
#[derive(Default)]
pub(crate) struct RecordingUpstream {
    pub(crate) calls: Mutex<Vec<Call>>,
    pub(crate) answers: Mutex<Vec<Result<Answer, Status>>>,
    /// The reasons of failed tasks.
    pub(crate) failed: Mutex<Vec<&'static str>>,
}

#[async_trait]
impl Upstream for RecordingUpstream {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        self.calls.lock().unwrap().push(call);
        let mut answers = self.answers.lock().unwrap();
        if answers.is_empty() { Ok(answer(&())) } else { answers.remove(0) }
    }

    fn note_failed(&self, task: &FailedTask<'_>) {
        self.failed.lock().unwrap().push(task.reason);
    }
}

impl Recorder {
    pub(crate) fn new() -> Self {
        Self::with(|storage| storage.with_payload_size_threshold(THRESHOLD as u64), |gateway| gateway)
    }

    pub(crate) fn with(
        storage: impl FnOnce(ExternalStorageBuilder) -> ExternalStorageBuilder,
        options: impl FnOnce(crate::GatewayBuilder) -> crate::GatewayBuilder,
    ) -> Self {
        let driver = Arc::new(RecordingDriver {
            memory: MemoryDriver::default(),
            stores: Mutex::default(),
            payloads: Mutex::default(),
            poison: Mutex::default(),
        });
        let events = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&events);
        let observer = move |event: &Event<'_>| match event {
            Event::Left { reason, references, .. } => {
                seen.lock().unwrap().push(format!("left {reason} {references}"));
            }
            Event::PassedOn { reason, .. } => seen.lock().unwrap().push(format!("passed_on {reason}")),
            Event::CompletionCut { pages, payloads, .. } => {
                seen.lock().unwrap().push(format!("completion_cut {pages} {payloads}"));
            }
            Event::Failed { path, .. } => seen.lock().unwrap().push(format!("failed {path}")),
            _ => {}
        };
        let builder = ExternalStorage::builder()
            .with_driver(Arc::clone(&driver) as Arc<dyn StorageDriver>)
            .with_observer(observer);
        let gateway = options(Gateway::builder(storage(builder).build().unwrap())).build();
        Self { gateway, driver, upstream: Arc::default(), events }
    }

    pub(crate) fn identities(&self) -> &Identities {
        &self.gateway.0.identities
    }

    pub(crate) fn exchange(&self, rpc: Rpc, call: &Call) -> Exchange {
        let upstream = Arc::clone(&self.upstream) as Arc<dyn Upstream>;
        Exchange::new(Arc::clone(&self.gateway.0), upstream, rpc, call)
    }

    /// Offloads a request.
    pub(crate) async fn offload(&self, rpc: Rpc, request: &impl Message) -> Offloaded {
        self.offload_bytes(rpc, request.encode_to_vec().into()).await
    }

    pub(crate) async fn offload_bytes(&self, rpc: Rpc, body: Bytes) -> Offloaded {
        let call = call(rpc, body);
        outbound::offload(&self.exchange(rpc, &call), call).await
    }

    /// Offloads a request and decodes the one that is forwarded.
    pub(crate) async fn sent<T: Message + Default>(&self, rpc: Rpc, request: &T) -> T {
        match self.offload(rpc, request).await {
            Offloaded::Forward(call) => T::decode(call.body.to_bytes()).unwrap(),
            Offloaded::Pages { .. } => panic!("the request goes on in pages"),
            Offloaded::Answered(answer) => panic!("the request does not go on: {answer:?}"),
        }
    }

    /// Returns the targets of the payloads that one request stored, sorted and without repetition.
    pub(crate) async fn targets<T: Message + Default>(&self, rpc: Rpc, request: &T) -> Vec<Option<Target>> {
        self.driver.stores.lock().unwrap().clear();
        self.sent(rpc, request).await;
        let mut targets: Vec<Option<Target>> =
            self.driver.stores.lock().unwrap().iter().map(|store| store.target.clone()).collect();
        targets.sort();
        targets.dedup();
        targets
    }

    pub(crate) fn stores(&self) -> Vec<Store> {
        self.driver.stores.lock().unwrap().clone()
    }

    /// Polls a workflow task, and returns its token.
    pub(crate) fn poll(&self, task: &PollWorkflowTaskQueueResponse, namespace: &str) -> Vec<u8> {
        let scan = Scan::all(Rpc::PollWorkflowTaskQueue.response(), task.encode_to_vec()).unwrap();
        self.identities().learn_task(scan.root(), &scope(namespace)).expect("the answer holds a task");
        task.task_token.clone()
    }
}

pub(crate) fn call(rpc: Rpc, body: Bytes) -> Call {
    Call::new(rpc.service(), rpc.method(), HeaderMap::new(), body)
}

pub(crate) fn answer(message: &impl Message) -> Answer {
    Answer::new(HeaderMap::new(), Bytes::from(message.encode_to_vec()))
}

/// Makes a payload that differs from all others.
pub(crate) fn payload(size: usize) -> Payload {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let mut data = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_be_bytes().to_vec();
    data.resize(size.max(8), b'x');
    Payload {
        metadata: [("encoding".to_owned(), b"binary/plain".to_vec())].into(),
        data,
        external_payloads: vec![],
    }
}

pub(crate) fn payloads(size: usize) -> Option<Payloads> {
    Some(Payloads { payloads: vec![payload(size)] })
}

pub(crate) fn memo(size: usize) -> Option<Memo> {
    Some(Memo { fields: [("note".to_owned(), payload(size))].into() })
}

pub(crate) fn execution(id: &str, run: &str) -> Option<WorkflowExecution> {
    Some(WorkflowExecution { workflow_id: id.to_owned(), run_id: run.to_owned() })
}

pub(crate) fn workflow_type(name: &str) -> Option<WorkflowType> {
    Some(WorkflowType { name: name.to_owned() })
}

/// Says whether a payload is a reference.
pub(crate) fn is_reference(payload: &Payload) -> bool {
    let has =
        |key: &str, value: &str| payload.metadata.get(key).is_some_and(|found| found == value.as_bytes());
    has("encoding", "json/protobuf") && has("messageType", "temporal.api.sdk.v1.ExternalStorageReference")
}

/// Returns the scope of a namespace of [`RecordingUpstream`].
pub(crate) fn scope(namespace: &str) -> Scope {
    Scope::new("server", namespace)
}
