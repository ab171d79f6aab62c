use extstore::{ExecutionTarget, Target};
use extstore_wire::{MessageType, Rpc, Scan};
use prost::Message as _;
use temporalio_protos::temporal::api::common::v1::DataBlob;
use temporalio_protos::temporal::api::enums::v1::EncodingType;
use temporalio_protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_protos::temporal::api::history::v1::{
    History, HistoryEvent, WorkflowExecutionStartedEventAttributes, WorkflowTaskStartedEventAttributes,
};
use temporalio_protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_protos::temporal::api::workflowservice::v1::{
    GetWorkflowExecutionHistoryResponse, PollActivityTaskQueueResponse, PollWorkflowTaskQueueResponse,
};

use super::*;
use crate::testing::{LARGE, execution, payload, scope, workflow_type};

#[test]
fn a_workflow_task_is_found_by_its_token() {
    let identities = Identities::default();
    assert!(learn(&identities, &task()).is_some());
    let found = identities.find(&scope("orders"), b"token-1").unwrap();
    let expected = ExecutionTarget::new("orders").with_type("Order").with_id("order-1").with_run_id("run-1");
    assert_eq!(found.target, Some(Target::Workflow(expected)));
    assert_eq!((found.kind, found.attempt, found.previous_started_event_id), (TaskKind::Workflow, 3, 12));
    assert_eq!((found.namespace.as_str(), &found.parent), ("orders", &None));
    assert!(identities.find(&scope("orders"), b"token-2").is_none());
}

#[test]
fn an_empty_poll_adds_no_task() {
    let identities = Identities::default();
    assert!(learn(&identities, &PollWorkflowTaskQueueResponse::default()).is_none());
    assert!(identities.find(&scope("orders"), b"").is_none());
}

#[test]
fn a_legacy_query_is_a_task_of_another_kind() {
    let identities = Identities::default();
    let query = WorkflowQuery { query_type: "state".into(), ..Default::default() };
    let in_task = [("q-1".to_owned(), query.clone())].into();
    let workflow_task = learn(&identities, &PollWorkflowTaskQueueResponse { queries: in_task, ..task() });
    assert_eq!(workflow_task.unwrap().kind, TaskKind::Workflow);
    let legacy = learn(&identities, &PollWorkflowTaskQueueResponse { query: Some(query), ..task() });
    assert_eq!(legacy.unwrap().kind, TaskKind::Query);
}

#[test]
fn an_absent_attempt_is_the_first_and_absent_ids_give_no_target() {
    let task = PollActivityTaskQueueResponse { task_token: b"a".to_vec(), ..Default::default() };
    let scan = Scan::all(Rpc::PollActivityTaskQueue.response(), task.encode_to_vec()).unwrap();
    let task = Identities::default().learn_task(scan.root(), &scope("orders")).unwrap();
    assert_eq!((task.kind, task.attempt), (TaskKind::Activity, 1));
    assert_eq!(task.target, None, "a target without an id would say something untrue");
}

#[test]
fn tokens_of_4_kib_are_kept_and_longer_ones_are_not() {
    let identities = Identities::default();
    let longest = PollWorkflowTaskQueueResponse { task_token: vec![7; 4096], ..task() };
    assert!(learn(&identities, &longest).is_some());
    assert!(identities.find(&scope("orders"), &[7; 4096]).is_some());
    let longer = PollWorkflowTaskQueueResponse { task_token: vec![8; 4097], ..task() };
    assert!(learn(&identities, &longer).is_none());
    assert!(identities.find(&scope("orders"), &[8; 4097]).is_none());
    let page = Page { task_token: Bytes::from_static(b"token-1"), previous_started_event_id: 0 };
    identities.learn_page(&scope("orders"), &[9; 4097], page);
    assert!(identities.find_page(&scope("orders"), &[9; 4097]).is_none());
}

/// An entry holds copies, so that the message that taught it can be freed.
#[test]
fn a_token_does_not_keep_its_message_alive() {
    let identities = Identities::default();
    let message = Bytes::from(task().encode_to_vec());
    let scan = Scan::all(Rpc::PollWorkflowTaskQueue.response(), message.clone()).unwrap();
    identities.learn_task(scan.root(), &scope("orders"));
    drop(scan);
    assert!(message.is_unique());
    assert!(identities.find(&scope("orders"), b"token-1").is_some());
}

#[test]
fn a_page_token_leads_to_its_task() {
    let identities = Identities::default();
    learn(&identities, &PollWorkflowTaskQueueResponse { next_page_token: b"page-2".to_vec(), ..task() });
    let page = identities.find_page(&scope("orders"), b"page-2").unwrap();
    assert_eq!((page.task_token.as_ref(), page.previous_started_event_id), (&b"token-1"[..], 12));
    assert!(identities.find_page(&scope("orders"), b"page-3").is_none());
}

/// The SDK's core asks for the history of a sticky task when it has forgotten the run: the first page follows the task.
#[test]
fn the_parent_may_be_learnt_after_the_task() {
    for raw in [false, true] {
        let identities = Identities::default();
        learn(&identities, &task());
        let history = history(Some(execution("sale-1", "run-0").unwrap()));
        let response = match raw {
            false => GetWorkflowExecutionHistoryResponse { history: Some(history), ..Default::default() },
            true => GetWorkflowExecutionHistoryResponse {
                raw_history: vec![blob(&history)],
                ..Default::default()
            },
        };
        let scan = Scan::all(Rpc::GetWorkflowExecutionHistory.response(), response.encode_to_vec()).unwrap();
        identities.learn_history(scan.root(), &scope("orders"), "run-1");
        let parent = ExecutionTarget::new("sales").with_id("sale-1").with_run_id("run-0");
        assert_eq!(identities.find(&scope("orders"), b"token-1").unwrap().parent, Some(parent), "raw: {raw}");
        assert!(identities.find_run(&scope("orders"), "run-1").is_some());
        assert!(identities.find_run(&scope("billing"), "run-1").is_none());
    }
}

#[test]
fn a_page_without_the_first_event_teaches_nothing() {
    let identities = Identities::default();
    let event = HistoryEvent {
        event_id: 12,
        attributes: Some(Attributes::WorkflowTaskStartedEventAttributes(
            WorkflowTaskStartedEventAttributes::default(),
        )),
        ..Default::default()
    };
    let history = Some(History { events: vec![event] });
    learn(&identities, &PollWorkflowTaskQueueResponse { history, ..task() });
    assert!(identities.find_run(&scope("orders"), "run-1").is_none());
}

/// The first event is found among events with payloads, whichever payloads the scan selects.
#[test]
fn the_first_event_is_found_among_events_with_payloads() {
    let identities = Identities::default();
    let mut history = history(Some(execution("sale-1", "run-0").unwrap()));
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) =
        &mut history.events[0].attributes
    else {
        panic!("the first event")
    };
    started.memo = crate::testing::memo(LARGE);
    history.events.insert(
        0,
        HistoryEvent {
            user_metadata: Some(temporalio_protos::temporal::api::sdk::v1::UserMetadata {
                summary: Some(payload(LARGE)),
                details: None,
            }),
            ..Default::default()
        },
    );
    let task = PollWorkflowTaskQueueResponse { history: Some(history), ..task() }.encode_to_vec();
    let response = MessageType::PollWorkflowTaskQueueResponse;
    for scan in [Scan::all(response, task.clone()).unwrap(), Scan::select(response, task, |_| false).unwrap()]
    {
        let task = identities.learn_task(scan.root(), &scope("orders")).unwrap();
        assert_eq!(task.parent.as_ref().unwrap().id, "sale-1");
    }
}

fn learn(identities: &Identities, task: &PollWorkflowTaskQueueResponse) -> Option<Arc<Task>> {
    let scan = Scan::all(Rpc::PollWorkflowTaskQueue.response(), task.encode_to_vec()).unwrap();
    identities.learn_task(scan.root(), &scope("orders"))
}

fn task() -> PollWorkflowTaskQueueResponse {
    PollWorkflowTaskQueueResponse {
        task_token: b"token-1".to_vec(),
        workflow_execution: execution("order-1", "run-1"),
        workflow_type: workflow_type("Order"),
        attempt: 3,
        previous_started_event_id: 12,
        ..Default::default()
    }
}

fn history(parent: Option<temporalio_protos::temporal::api::common::v1::WorkflowExecution>) -> History {
    let started = WorkflowExecutionStartedEventAttributes {
        workflow_type: workflow_type("Order"),
        parent_workflow_namespace: "sales".into(),
        parent_workflow_execution: parent,
        ..Default::default()
    };
    let attributes = Some(Attributes::WorkflowExecutionStartedEventAttributes(started));
    History { events: vec![HistoryEvent { event_id: 1, attributes, ..Default::default() }] }
}

fn blob(history: &History) -> DataBlob {
    DataBlob { encoding_type: EncodingType::Proto3.into(), data: history.encode_to_vec() }
}
