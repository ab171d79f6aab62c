//! Tests that a client reads the rows of a list of which one has lost a payload.

use std::sync::Arc;

use extstore::{ExternalStorage, MemoryDriver};
use extstore_temporal::{Mount, from_sdk, to_sdk};
use futures_util::StreamExt as _;
use prost::Message as _;
use temporalio_client::grpc::WorkflowService as _;
use temporalio_client::tonic::IntoRequest as _;
use temporalio_client::{Client, ClientOptions, Connection, WorkflowListOptions};
use temporalio_common::data_converters::{DataConverter, SerializationContextData};
use temporalio_common::protos::temporal::api::common::v1 as sdk;
use temporalio_common::protos::temporal::api::workflow::v1::WorkflowExecutionInfo;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse,
};

use crate::stub::{Reply, Stub};

const CONTEXT: SerializationContextData = SerializationContextData::None;
const NOTE: &str = "note";

fn storage() -> ExternalStorage {
    let driver = Arc::new(MemoryDriver::default());
    ExternalStorage::builder().with_driver(driver).with_payload_size_threshold(0).build().unwrap()
}

/// Makes a row whose memo holds a reference into this storage.
async fn row(storage: &ExternalStorage, text: &str) -> WorkflowExecutionInfo {
    let payload = DataConverter::default().to_payload(&CONTEXT, &text.to_owned()).await.unwrap();
    let stored = storage.message("default").offload(vec![(None, from_sdk(payload))]).await.unwrap();
    let memo = sdk::Memo { fields: [(NOTE.to_owned(), to_sdk(&stored[0]))].into() };
    WorkflowExecutionInfo { memo: Some(memo), ..Default::default() }
}

/// Connects a client through a mount to a server that answers with a page of two rows. The payload of the first is in no
/// store of the mount.
async fn client(mount: &Mount, storage: &ExternalStorage) -> Client {
    let executions = vec![row(&self::storage(), "lost").await, row(storage, "kept").await];
    let response = ListWorkflowExecutionsResponse { executions, next_page_token: b"next".to_vec() };
    let message = response.encode_to_vec();
    let stub = Stub::start(move |seen| {
        let is_list = seen.path.ends_with("/ListWorkflowExecutions");
        let message = if is_list { message.clone().into() } else { Default::default() };
        Reply { message, ..Reply::default() }
    })
    .await;
    let connection = Connection::connect(mount.connection(stub.options()).unwrap()).await.unwrap();
    let converter = mount.data_converter(DataConverter::default());
    Client::new(connection, ClientOptions::new("default").data_converter(converter).build()).unwrap()
}

/// Reads the page with a request of its own, and decodes each memo.
async fn page(mount: &Mount, storage: &ExternalStorage) -> (Vec<Result<String, String>>, Vec<u8>) {
    let (client, converter) = (client(mount, storage).await, mount.data_converter(DataConverter::default()));
    let request = ListWorkflowExecutionsRequest { namespace: "default".to_owned(), ..Default::default() };
    let page = client.clone().list_workflow_executions(request.into_request()).await.unwrap().into_inner();
    let mut notes = Vec::new();
    for execution in page.executions {
        let note = execution.memo.unwrap().fields.remove(NOTE).unwrap();
        let decoded = converter.from_payload::<String>(&CONTEXT, note).await;
        notes.push(decoded.map_err(|error| error.to_string()));
    }
    (notes, page.next_page_token)
}

#[tokio::test]
async fn a_lost_memo_fails_when_it_is_decoded_and_the_page_arrives() {
    let storage = storage();
    let (notes, token) = page(&Mount::new(storage.clone()), &storage).await;
    let lost = notes[0].as_ref().unwrap_err();
    assert!(lost.contains("NotFound"), "{lost}");
    assert_eq!((notes[1].as_deref(), token.as_slice()), (Ok("kept"), &b"next"[..]));
}

#[tokio::test]
async fn without_storage_each_memo_is_refused_and_the_page_arrives() {
    let (notes, token) = page(&Mount::without_storage(), &storage()).await;
    assert_eq!(notes.len(), 2);
    for note in notes {
        let refused = note.unwrap_err();
        assert!(refused.contains("[TMPRL1105]"), "{refused}");
    }
    assert_eq!(token, b"next");
}

/// `docs/temporal.md` says so, and what to do instead. Once the SDK decodes each memo for itself, that goes.
#[tokio::test]
async fn the_list_of_the_sdk_ends_at_a_lost_memo() {
    let storage = storage();
    let client = client(&Mount::new(storage.clone()), &storage).await;
    let mut list = client.list_workflows("", WorkflowListOptions::default());
    let lost = list.next().await.unwrap().map(drop).unwrap_err();
    let text = std::iter::successors(Some(&lost as &dyn std::error::Error), |error| error.source())
        .map(ToString::to_string)
        .collect::<String>();
    assert!(text.contains("NotFound"), "{text}");
    assert!(list.next().await.is_none());
}
