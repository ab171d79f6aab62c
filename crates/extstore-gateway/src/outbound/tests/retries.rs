//! Tests requests that an SDK sends again with the original payloads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use extstore::object::{
    Create, Created, ObjectBackend, ObjectOptions, ObjectStat, Open, OpenObject, Renew, Renewed, Request,
    Stat, StoreIdentity,
};
use extstore::{ExternalStorage, MemoryBackend, MemoryDriver, async_trait};
use extstore_wire::Rpc;
use prost::Message as _;
use temporalio_protos::temporal::api::workflowservice::v1::SignalWorkflowExecutionRequest;

use crate::exchange::Exchange;
use crate::outbound::{self, Offloaded};
use crate::testing::{RecordingUpstream, call, execution, payloads};
use crate::{Gateway, Upstream};

/// The object engine remembers the stored payloads, so the second attempt makes no request to the store.
#[tokio::test]
async fn a_request_that_is_sent_again_uploads_nothing_twice() {
    let backend = Arc::new(Counting::default());
    let driver =
        MemoryDriver::with_backend(Arc::clone(&backend) as Arc<dyn ObjectBackend>, ObjectOptions::new(""));
    let storage = ExternalStorage::new(Arc::new(driver.unwrap())).unwrap();
    let gateway = Gateway::builder(storage).build();
    let request = SignalWorkflowExecutionRequest {
        namespace: "orders".into(),
        workflow_execution: execution("order-1", "run-1"),
        input: payloads(300_000),
        ..Default::default()
    };
    let mut sent = Vec::new();
    for _ in 0..2 {
        let call = call(Rpc::SignalWorkflowExecution, request.encode_to_vec().into());
        let upstream: Arc<dyn Upstream> = Arc::new(RecordingUpstream::default());
        let exchange = Exchange::new(Arc::clone(&gateway.0), upstream, Rpc::SignalWorkflowExecution, &call);
        let Offloaded::Forward(call) = outbound::offload(&exchange, call).await else { panic!("it goes on") };
        sent.push(call.body.to_bytes());
    }
    assert_eq!(sent[0], sent[1]);
    assert!(sent[0].len() < 1000);
    assert_eq!(backend.creates.load(Ordering::Relaxed), 1);
    assert_eq!(backend.others.load(Ordering::Relaxed), 0);
}

#[derive(Debug, Default)]
struct Counting {
    inner: MemoryBackend,
    creates: AtomicUsize,
    others: AtomicUsize,
}

impl Counting {
    fn other(&self) -> &MemoryBackend {
        self.others.fetch_add(1, Ordering::Relaxed);
        &self.inner
    }
}

#[async_trait]
impl ObjectBackend for Counting {
    async fn create(&self, create: Create<'_>) -> extstore::Result<Created> {
        self.creates.fetch_add(1, Ordering::Relaxed);
        self.inner.create(create).await
    }

    async fn open(&self, open: Open<'_>) -> extstore::Result<OpenObject> {
        self.other().open(open).await
    }

    async fn stat(&self, stat: Stat<'_>) -> extstore::Result<ObjectStat> {
        self.other().stat(stat).await
    }

    async fn renew(&self, renew: Renew<'_>) -> extstore::Result<Renewed> {
        self.other().renew(renew).await
    }

    fn identity(&self) -> StoreIdentity {
        self.inner.identity()
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        self.inner.diagnostics()
    }

    fn permission(&self, request: Request) -> &'static str {
        self.inner.permission(request)
    }
}
