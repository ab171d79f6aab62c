//! Tests both directions together: one call uses the facts that an earlier one taught.

use std::sync::Arc;

use bytes::Bytes;
use extstore::{ExecutionTarget, Target};
use extstore_wire::Rpc;
use prost::Message;
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::{Command, CompleteWorkflowExecutionCommandAttributes};
use temporalio_protos::temporal::api::enums::v1::QueryResultType;
use temporalio_protos::temporal::api::history::v1::history_event::Attributes as EventAttributes;
use temporalio_protos::temporal::api::history::v1::{
    History, HistoryEvent, WorkflowExecutionStartedEventAttributes,
};
use temporalio_protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use crate::state::FailedQuery;
use crate::testing::{
    LARGE, Recorder, answer, call, execution, is_reference, payloads, scope, workflow_type,
};
use crate::{Call, Gateway, Upstream};

mod deadlines;

#[tokio::test]
async fn a_child_gets_its_input_back_and_its_result_targets_the_parent() {
    let recorder = Recorder::new();
    let input = payloads(LARGE);
    let start = StartWorkflowExecutionRequest {
        namespace: "orders".into(),
        workflow_id: "order-1".into(),
        workflow_type: workflow_type("Order"),
        input: input.clone(),
        ..Default::default()
    };
    let _: StartWorkflowExecutionResponse = send(&recorder, Rpc::StartWorkflowExecution, &start).await;
    let sent: StartWorkflowExecutionRequest = last_sent(&recorder);
    assert!(is_reference(&sent.input.as_ref().unwrap().payloads[0]));

    let started = WorkflowExecutionStartedEventAttributes {
        input: sent.input,
        parent_workflow_namespace: "sales".into(),
        parent_workflow_execution: execution("sale-1", "run-0"),
        ..Default::default()
    };
    recorder.upstream.answers.lock().unwrap().push(Ok(answer(&task(started))));
    let poll = PollWorkflowTaskQueueRequest { namespace: "orders".into(), ..Default::default() };
    let polled: PollWorkflowTaskQueueResponse = send(&recorder, Rpc::PollWorkflowTaskQueue, &poll).await;
    let first = &polled.history.unwrap().events[0];
    let Some(EventAttributes::WorkflowExecutionStartedEventAttributes(started)) = &first.attributes else {
        panic!("the first event")
    };
    assert_eq!(started.input, input);

    let result = CompleteWorkflowExecutionCommandAttributes { result: payloads(LARGE) };
    let attributes = Some(Attributes::CompleteWorkflowExecutionCommandAttributes(result));
    let completed = RespondWorkflowTaskCompletedRequest {
        task_token: polled.task_token,
        namespace: "orders".into(),
        commands: vec![Command { attributes, ..Default::default() }],
        ..Default::default()
    };
    let _: RespondWorkflowTaskCompletedResponse =
        send(&recorder, Rpc::RespondWorkflowTaskCompleted, &completed).await;
    let parent = ExecutionTarget::new("sales").with_id("sale-1").with_run_id("run-0");
    assert_eq!(recorder.stores()[1].target, Some(Target::Workflow(parent)));
}

/// Without storage a reference must not reach user code: the query with the reference fails, and its task does not.
#[tokio::test]
async fn without_storage_a_query_with_a_reference_is_answered_with_the_code() {
    let mut recorder = Recorder::new();
    let stored = SignalWorkflowExecutionRequest { input: payloads(LARGE), ..Default::default() };
    let reference = recorder.sent(Rpc::SignalWorkflowExecution, &stored).await.input;
    recorder.gateway = Gateway::without_storage().build();

    let query = WorkflowQuery { query_type: "state".into(), query_args: reference, ..Default::default() };
    let mut task = task(WorkflowExecutionStartedEventAttributes::default());
    task.queries.insert("q-1".into(), query);
    recorder.upstream.answers.lock().unwrap().push(Ok(answer(&task)));
    let poll = PollWorkflowTaskQueueRequest { namespace: "orders".into(), ..Default::default() };
    let polled: PollWorkflowTaskQueueResponse = send(&recorder, Rpc::PollWorkflowTaskQueue, &poll).await;
    assert!(polled.queries.is_empty() && !polled.task_token.is_empty());

    let completed = RespondWorkflowTaskCompletedRequest {
        task_token: polled.task_token,
        namespace: "orders".into(),
        ..Default::default()
    };
    let _: RespondWorkflowTaskCompletedResponse =
        send(&recorder, Rpc::RespondWorkflowTaskCompleted, &completed).await;
    let sent: RespondWorkflowTaskCompletedRequest = last_sent(&recorder);
    let answer = &sent.query_results["q-1"];
    assert_eq!(answer.result_type(), QueryResultType::Failed);
    assert!(answer.error_message.contains("[TMPRL1105]"), "{}", answer.error_message);
}

#[tokio::test]
async fn an_rpc_without_payloads_is_forwarded_unchanged() {
    let recorder = Recorder::new();
    let body = Bytes::from_static(b"\xff is no message, and passes");
    let service = "temporal.api.workflowservice.v1.WorkflowService";
    let call = Call::new(service, "GetSystemInfo", http::HeaderMap::new(), body.clone());
    recorder.gateway.call(call, Arc::clone(&recorder.upstream) as Arc<dyn Upstream>).await.unwrap();
    assert_eq!(recorder.upstream.calls.lock().unwrap()[0].body.to_bytes(), body);
    assert_eq!(*recorder.events.lock().unwrap(), [""; 0]);
}

async fn send<T: Message + Default>(recorder: &Recorder, rpc: Rpc, request: &impl Message) -> T {
    let call = call(rpc, request.encode_to_vec().into());
    let upstream = Arc::clone(&recorder.upstream) as Arc<dyn Upstream>;
    T::decode(recorder.gateway.call(call, upstream).await.unwrap().body.to_bytes()).unwrap()
}

fn last_sent<T: Message + Default>(recorder: &Recorder) -> T {
    let calls = recorder.upstream.calls.lock().unwrap();
    T::decode(calls.last().expect("something was sent").body.to_bytes()).unwrap()
}

fn task(started: WorkflowExecutionStartedEventAttributes) -> PollWorkflowTaskQueueResponse {
    let attributes = Some(EventAttributes::WorkflowExecutionStartedEventAttributes(started));
    PollWorkflowTaskQueueResponse {
        task_token: b"token-1".to_vec(),
        workflow_execution: execution("order-1", "run-1"),
        workflow_type: workflow_type("Order"),
        attempt: 1,
        history: Some(History {
            events: vec![HistoryEvent { event_id: 1, attributes, ..Default::default() }],
        }),
        ..Default::default()
    }
}

/// The documentation lists what a replica does not know that did not see the poll.
#[tokio::test]
async fn another_replica_completes_a_task_with_less_knowledge() {
    let [polling, completing] = [Recorder::new(), Recorder::new()];
    let started = WorkflowExecutionStartedEventAttributes {
        parent_workflow_namespace: "sales".into(),
        parent_workflow_execution: execution("sale-1", "run-0"),
        ..Default::default()
    };
    let query = FailedQuery { id: "q-1".into(), text: "no".into() };
    polling.gateway.0.failed_queries.keep(&scope("orders"), b"token-1", vec![query]);
    polling.poll(&PollWorkflowTaskQueueResponse { attempt: 2, ..task(started) }, "orders");

    let result = CompleteWorkflowExecutionCommandAttributes { result: payloads(LARGE) };
    let attributes = Some(Attributes::CompleteWorkflowExecutionCommandAttributes(result));
    let completed = RespondWorkflowTaskCompletedRequest {
        task_token: b"token-1".to_vec(),
        namespace: "orders".into(),
        resource_id: "workflow:order-1".into(),
        commands: vec![Command { attributes, ..Default::default() }],
        ..Default::default()
    };
    let parent = ExecutionTarget::new("sales").with_id("sale-1").with_run_id("run-0");
    let child = ExecutionTarget::new("orders").with_id("order-1");
    for (replica, target, answers, reports) in [(&polling, parent, 1, 0), (&completing, child, 0, 1)] {
        let _: RespondWorkflowTaskCompletedResponse =
            send(replica, Rpc::RespondWorkflowTaskCompleted, &completed).await;
        assert_eq!(replica.stores()[0].target, Some(Target::Workflow(target)));
        let sent: RespondWorkflowTaskCompletedRequest = last_sent(replica);
        assert_eq!(sent.query_results.len(), answers);
        *replica.driver.poison.lock().unwrap() = Some(b"xxx");
        let failing = call(Rpc::RespondWorkflowTaskCompleted, completed.encode_to_vec().into());
        let upstream = Arc::clone(&replica.upstream) as Arc<dyn Upstream>;
        replica.gateway.call(failing, upstream).await.unwrap_err();
        assert_eq!(replica.upstream.calls.lock().unwrap().len(), 1 + reports, "the second attempt");
    }
}
