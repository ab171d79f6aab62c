//! Tests that rows fail alone in every response of the plan, and that log and events tell of them.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use extstore::ErrorKind;
use extstore_wire::{MessageType, Rpc, Scan};
use extstore_wire_plan::prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, Value,
};
use prost::Message as _;
use temporalio_protos::temporal::api::common::v1::{Memo, Payload};
use temporalio_protos::temporal::api::workflow::v1::WorkflowExecutionInfo;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use super::super::references::is_reference;
use crate::testing::fixture::{Fixture, LOST, failure, payload};
use crate::{Answer, Code, Status};

const TOKEN: &[u8] = b"token";

fn descriptor(full_name: &str) -> MessageDescriptor {
    static POOL: OnceLock<DescriptorPool> = OnceLock::new();
    let pool =
        POOL.get_or_init(|| extstore_wire_plan::compile(None).expect("the published files compile").pool);
    pool.get_message_by_name(full_name).unwrap()
}

/// Fills responses with payloads: of each list and each map of the plan, one element whose payloads are lost and one
/// whose payloads are not.
struct Rows {
    lost: Payload,
    kept: Payload,
    /// The lists that were filled, by message and field.
    filled: BTreeSet<String>,
    inside: Vec<String>,
}

impl Rows {
    fn message(&mut self, descriptor: &MessageDescriptor, is_lost: bool) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        if descriptor.full_name() == MessageType::Payload.full_name() {
            let payload = if is_lost { &self.lost } else { &self.kept };
            message.merge(payload.encode_to_vec().as_slice()).unwrap();
            return message;
        }
        self.inside.push(descriptor.full_name().to_owned());
        let mut arms = BTreeSet::new();
        for field in descriptor.fields() {
            let is_first_arm = |arms: &mut BTreeSet<String>| {
                field.containing_oneof().is_none_or(|oneof| arms.insert(oneof.full_name().to_owned()))
            };
            match field.name() {
                "task_token" | "next_page_token" => message.set_field(&field, Value::Bytes(TOKEN.into())),
                _ if bears_payloads(&field) && !self.is_inside(&field) && is_first_arm(&mut arms) => {
                    let value = self.value(&field, is_lost);
                    message.set_field(&field, value);
                }
                _ => {}
            }
        }
        self.inside.pop();
        message
    }

    fn value(&mut self, field: &FieldDescriptor, is_lost: bool) -> Value {
        let kind = field.kind();
        let inner = kind.as_message().unwrap();
        if field.is_list() || field.is_map() {
            self.filled.insert(field.full_name().to_owned());
        }
        if field.is_map() {
            let value = inner.map_entry_value_field();
            let mut entry = |key: &str, lost| (MapKey::String(key.into()), self.value(&value, lost));
            return Value::Map([entry("lost", true), entry("kept", is_lost)].into());
        }
        if field.is_list() {
            return Value::List(vec![
                Value::Message(self.message(inner, true)),
                Value::Message(self.message(inner, is_lost)),
            ]);
        }
        Value::Message(self.message(inner, is_lost))
    }

    fn is_inside(&self, field: &FieldDescriptor) -> bool {
        let kind = field.kind();
        kind.as_message().is_some_and(|inner| self.inside.iter().any(|outer| outer == inner.full_name()))
    }
}

/// Says whether the plan finds payloads in a field; what is inside bytes is another test's matter.
fn bears_payloads(field: &FieldDescriptor) -> bool {
    let Kind::Message(inner) = field.kind() else { return false };
    let name = inner.full_name();
    let is_bytes = [MessageType::Any, MessageType::DataBlob].iter().any(|bytes| bytes.full_name() == name);
    let is_searched = name == "temporal.api.common.v1.SearchAttributes" || field.name() == "group_values";
    let inner = if field.is_map() { inner.map_entry_value_field().kind() } else { field.kind() };
    let inner = inner.as_message().and_then(|inner| MessageType::find(inner.full_name()));
    !is_bytes && !is_searched && inner.is_some_and(MessageType::bears_payloads)
}

/// Sends a request to which the server answers with a full response. Returns it, what it is with everything restored
/// that can be, and what the caller gets.
async fn answered(
    fixture: &Fixture,
    rpc: Rpc,
    is_lost: bool,
    filled: &mut BTreeSet<String>,
) -> [Result<DynamicMessage, Status>; 2] {
    let lost = fixture.reference(&payload(LOST)).await;
    let kept = fixture.reference(&payload("kept")).await;
    let response = descriptor(rpc.response().full_name());
    let mut rows = Rows { lost, kept, filled: BTreeSet::new(), inside: Vec::new() };
    fixture.answer_bytes(rows.message(&response, is_lost).encode_to_vec().into());
    rows.kept = payload("kept");
    let expected = rows.message(&response, is_lost);
    filled.append(&mut rows.filled);
    // A client's request for all events; the fields of other requests do not matter.
    let request = GetWorkflowExecutionHistoryRequest { history_event_filter_type: 1, ..Default::default() };
    let answer = match rpc {
        Rpc::GetWorkflowExecutionHistory => fixture.call(rpc, &request).await,
        _ => fixture.call(rpc, &()).await,
    };
    [Ok(expected), answer.map(|answer| DynamicMessage::decode(response, answer.body.to_bytes()).unwrap())]
}

fn shows_many_things(rpc: Rpc) -> bool {
    let name = rpc.method();
    [
        "List",
        "Scan",
        "Describe",
        "Get",
        "SetCurrent",
        "CreateNexus",
        "UpdateNexus",
        "UpdateWorkerDeploymentVersionMeta",
    ]
    .iter()
    .any(|prefix| name.starts_with(prefix))
}

/// The test takes the RPCs and their lists from the plan, so that a new one cannot be forgotten.
#[tokio::test]
async fn in_every_response_that_shows_many_things_a_payload_fails_alone() {
    let mut filled = BTreeSet::new();
    let shown = Rpc::all().filter(|rpc| rpc.response().bears_payloads() && shows_many_things(*rpc));
    for rpc in shown {
        for is_lost in [false, true] {
            let fixture = Fixture::new();
            let [expected, got] = answered(&fixture, rpc, is_lost, &mut filled).await;
            let got = got.unwrap_or_else(|status| panic!("{} fails: {}", rpc.method(), status.message));
            assert_eq!(got, expected.unwrap(), "{}", rpc.method());
            let events = fixture.events();
            let left = events.iter().filter(|event| event.starts_with("left failed")).count();
            let failed = events.iter().filter(|event| *event == "failed request NotFound false").count();
            assert!(
                left == failed && left + failed == events.len() && left <= 1,
                "{} {events:?}",
                rpc.method()
            );
            assert!(!is_lost || left == 1, "{} has a payload", rpc.method());
        }
    }
    let rows = [
        "temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse.executions",
        "temporal.api.workflowservice.v1.ListSchedulesResponse.schedules",
        "temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse.pending_activities",
        "temporal.api.history.v1.History.events",
    ];
    assert!(rows.iter().all(|row| filled.contains(*row)), "{filled:?}");
}

#[tokio::test]
async fn no_other_response_delivers_a_reference() {
    let others = Rpc::all().filter(|rpc| rpc.response().bears_payloads() && !shows_many_things(*rpc));
    for rpc in others {
        let fixture = Fixture::new();
        let [_, got] = answered(&fixture, rpc, true, &mut BTreeSet::new()).await;
        let delivered = got.map(|got| got.encode_to_vec()).unwrap_or_default();
        let scan = Scan::references(rpc.response(), delivered, is_reference).unwrap();
        assert!(scan.leaves().is_empty(), "{} delivers a reference", rpc.method());
        assert!(fixture.events().iter().any(|event| event.starts_with("failed ")), "{}", rpc.method());
    }
}

fn history(filter: i32) -> GetWorkflowExecutionHistoryRequest {
    GetWorkflowExecutionHistoryRequest { history_event_filter_type: filter, ..Default::default() }
}

/// Lets the server answer with a history whose only payload is lost.
async fn lost_history(fixture: &Fixture) {
    let events = super::lazy::history(fixture, [1]).await;
    fixture.answer(&GetWorkflowExecutionHistoryResponse { history: events, ..Default::default() });
    fixture.store.fail(failure(ErrorKind::NotFound));
}

async fn asked(fixture: &Fixture, request: &GetWorkflowExecutionHistoryRequest) -> Result<Answer, Status> {
    lost_history(fixture).await;
    fixture.call(Rpc::GetWorkflowExecutionHistory, request).await
}

#[tokio::test]
async fn a_clients_history_fails_only_where_it_is_a_result_or_an_option_says_so() {
    assert!(asked(&Fixture::new(), &history(1)).await.is_ok());
    // An SDK waits for a workflow's result with the filter for the closing event.
    let result = asked(&Fixture::new(), &history(2)).await.unwrap_err();
    assert_eq!(result.code, Code::FAILED_PRECONDITION);
    // An SDK's worker sends a page token and nothing else. Its task may be forgotten.
    let page = GetWorkflowExecutionHistoryRequest { next_page_token: b"x".to_vec(), ..Default::default() };
    assert!(asked(&Fixture::new(), &page).await.is_err());
    let whole = Fixture::with(|options| options.with_whole_histories(true));
    assert!(asked(&whole, &history(1)).await.is_err());
}

fn listed(note: Payload) -> WorkflowExecutionInfo {
    WorkflowExecutionInfo {
        memo: Some(Memo { fields: [("note".to_owned(), note)].into() }),
        ..Default::default()
    }
}

#[tokio::test]
async fn without_storage_a_list_arrives_with_its_references() {
    let fixture = Fixture::without_storage();
    let executions = vec![listed(fixture.reference(&payload("note")).await), listed(payload("inline"))];
    let list = ListWorkflowExecutionsResponse { executions, next_page_token: TOKEN.to_vec() };
    fixture.answer(&list);
    let received: ListWorkflowExecutionsResponse = fixture.received(Rpc::ListWorkflowExecutions, &()).await;
    assert_eq!(received, list);
}

/// A page of a thousand memos of 300 KiB would be above every cap.
#[tokio::test]
async fn a_list_above_the_cap_keeps_the_references_that_have_no_room_and_says_so() {
    for honest in [true, false] {
        let fixture = Fixture::with(|options| options.with_message_cap(5_000));
        let mut executions = Vec::new();
        for note in ["b".repeat(3_000), "a".repeat(2_000), "c".repeat(3_000)] {
            let mut reference = fixture.reference(&payload(&note)).await;
            if !honest {
                reference.external_payloads[0].size_bytes = 1;
            }
            executions.push(listed(reference));
        }
        fixture.answer(&ListWorkflowExecutionsResponse { executions, ..Default::default() });
        let answer = fixture.call(Rpc::ListWorkflowExecutions, &()).await.unwrap();
        assert!(answer.body.len() <= 5_000);
        assert_eq!(fixture.events(), ["left message_cap 2"]);
        assert_eq!(fixture.retrieved(), 1, "what has no room is not read");
    }
}

/// Nesting is no payload's fault, and hides no other row.
#[tokio::test]
async fn a_list_of_too_many_references_arrives_as_it_stands() {
    let fixture = Fixture::new();
    let metadata = [("__temporal_external_storage_reference".to_owned(), b"true".to_vec())].into();
    let tiny = Payload { metadata, ..Default::default() };
    let list = ListWorkflowExecutionsResponse {
        executions: vec![listed(tiny); Scan::MAX_RECORDS + 1],
        next_page_token: TOKEN.to_vec(),
    };
    fixture.answer(&list);
    let received: ListWorkflowExecutionsResponse = fixture.received(Rpc::ListWorkflowExecutions, &()).await;
    assert_eq!(received, list);
    assert_eq!(fixture.events(), ["left failed 1", "failed request TooLarge false"]);
}
