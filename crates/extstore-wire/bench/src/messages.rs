//! Makes the messages that are measured.

use std::collections::HashMap;

use temporalio_protos::temporal::api::common::v1::{
    ActivityType, Header, Payload, Payloads, WorkflowExecution, WorkflowType,
};
use temporalio_protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_protos::temporal::api::history::v1::{
    ActivityTaskCompletedEventAttributes, ActivityTaskScheduledEventAttributes,
    ActivityTaskStartedEventAttributes, History, HistoryEvent, WorkflowExecutionSignaledEventAttributes,
    WorkflowTaskCompletedEventAttributes, WorkflowTaskScheduledEventAttributes,
    WorkflowTaskStartedEventAttributes,
};
use temporalio_protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_protos::temporal::api::workflowservice::v1::PollWorkflowTaskQueueResponse;

/// Signals, each with one payload of `size` bytes.
pub(crate) fn payload_in_each_event(events: usize, size: usize) -> PollWorkflowTaskQueueResponse {
    poll((0..events).map(|at| event(at, signaled(size))).collect())
}

/// Makes workflow tasks that run activities one after another: each takes a payload with a header and returns another
/// one.
pub(crate) fn usual_history(events: usize, size: usize) -> PollWorkflowTaskQueueResponse {
    let attributes = |at: usize| match at % 6 {
        0 => Attributes::WorkflowTaskScheduledEventAttributes(WorkflowTaskScheduledEventAttributes {
            task_queue: Some(task_queue()),
            attempt: 1,
            ..Default::default()
        }),
        1 => Attributes::WorkflowTaskStartedEventAttributes(WorkflowTaskStartedEventAttributes {
            scheduled_event_id: at as i64,
            identity: "worker@host".to_owned(),
            request_id: "5f2c1c0a-8f0e-4d3a-9b57-6f3f0a0c8a11".to_owned(),
            history_size_bytes: 120_000,
            ..Default::default()
        }),
        2 => Attributes::WorkflowTaskCompletedEventAttributes(WorkflowTaskCompletedEventAttributes {
            scheduled_event_id: at as i64 - 1,
            started_event_id: at as i64,
            identity: "worker@host".to_owned(),
            ..Default::default()
        }),
        3 => scheduled(at, size),
        4 => Attributes::ActivityTaskStartedEventAttributes(ActivityTaskStartedEventAttributes {
            scheduled_event_id: at as i64,
            identity: "worker@host".to_owned(),
            request_id: "9d0d1d44-0c38-4a3c-8f23-0a3a0f6f2c10".to_owned(),
            attempt: 1,
            ..Default::default()
        }),
        _ => Attributes::ActivityTaskCompletedEventAttributes(ActivityTaskCompletedEventAttributes {
            result: Some(payloads(size, 2)),
            scheduled_event_id: at as i64 - 1,
            started_event_id: at as i64,
            identity: "worker@host".to_owned(),
            ..Default::default()
        }),
    };
    poll((0..events).map(|at| event(at, attributes(at))).collect())
}

fn poll(events: Vec<HistoryEvent>) -> PollWorkflowTaskQueueResponse {
    PollWorkflowTaskQueueResponse {
        task_token: vec![7; 114],
        workflow_execution: Some(WorkflowExecution {
            workflow_id: "order-4711".to_owned(),
            run_id: "01a1fcfd-16f4-75b2-a629-48a59d24e62f".to_owned(),
        }),
        workflow_type: Some(WorkflowType { name: "OrderWorkflow".to_owned() }),
        started_event_id: events.len() as i64,
        attempt: 1,
        history: Some(History { events }),
        ..Default::default()
    }
}

fn event(at: usize, attributes: Attributes) -> HistoryEvent {
    HistoryEvent {
        event_id: at as i64 + 1,
        event_time: Some(prost_time(at)),
        event_type: 1,
        task_id: 1_049_075 + at as i64,
        attributes: Some(attributes),
        ..Default::default()
    }
}

fn prost_time<T: From<std::time::SystemTime>>(at: usize) -> T {
    T::from(std::time::UNIX_EPOCH + std::time::Duration::from_millis(1_795_000_000_000 + at as u64))
}

fn signaled(size: usize) -> Attributes {
    Attributes::WorkflowExecutionSignaledEventAttributes(WorkflowExecutionSignaledEventAttributes {
        signal_name: "add-line".to_owned(),
        input: Some(payloads(size, 1)),
        identity: "client@host".to_owned(),
        ..Default::default()
    })
}

fn scheduled(at: usize, size: usize) -> Attributes {
    Attributes::ActivityTaskScheduledEventAttributes(ActivityTaskScheduledEventAttributes {
        activity_id: at.to_string(),
        activity_type: Some(ActivityType { name: "reserve_stock".to_owned() }),
        task_queue: Some(task_queue()),
        header: Some(Header { fields: HashMap::from([("traceparent".to_owned(), payload(60))]) }),
        input: Some(payloads(size, 2)),
        workflow_task_completed_event_id: at as i64,
        ..Default::default()
    })
}

fn task_queue() -> TaskQueue {
    TaskQueue { name: "orders".to_owned(), kind: 1, ..Default::default() }
}

/// Makes so many payloads of `size` bytes together.
fn payloads(size: usize, count: usize) -> Payloads {
    Payloads { payloads: vec![payload(size / count); count] }
}

fn payload(size: usize) -> Payload {
    Payload {
        metadata: HashMap::from([("encoding".to_owned(), b"json/plain".to_vec())]),
        data: vec![b'x'; size],
        ..Default::default()
    }
}
