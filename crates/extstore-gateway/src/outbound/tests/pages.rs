//! Tests that a workflow task's completion fits the requests that the server takes.

use std::sync::Arc;

use extstore_wire::Rpc;
use http::HeaderValue;
use prost::Message as _;
use temporalio_protos::google::rpc::Status as RpcStatus;
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::{Command, ScheduleActivityTaskCommandAttributes};
use temporalio_protos::temporal::api::common::v1::Header;
use temporalio_protos::temporal::api::protocol::v1::Message as ProtocolMessage;
use temporalio_protos::temporal::api::workflowservice::v1::{
    RespondWorkflowTaskCompletedRequest, RespondWorkflowTaskFailedRequest,
};

use crate::completion::{MAX_PAGE, MAX_REQUEST};
use crate::state::NamespaceLimits;
use crate::testing::{Recorder, answer, call, is_reference, payload, payloads, scope};
use crate::{Answer, Call, Code, GatewayBuilder, Status, Upstream};

type Completion = RespondWorkflowTaskCompletedRequest;

const MIB: u64 = 1 << 20;
const ONE_REQUEST: NamespaceLimits = NamespaceLimits::DEFAULT;
const PAGES: NamespaceLimits = NamespaceLimits { takes_pages: true, ..NamespaceLimits::DEFAULT };

#[tokio::test]
async fn what_is_too_large_after_offloading_goes_out_in_pages() {
    let recorder = recorder(PAGES, |gateway| gateway);
    let mut commands = vec![activity(5_000_000)];
    commands.extend((0..60).map(|_| activity(100_000)));
    let request = Completion { commands, messages: vec![ProtocolMessage::default()], ..completion() };
    send(&recorder, &request).await.unwrap();
    let sent = sent(&recorder);
    let [large, first, second, last] = sent.as_slice() else { panic!("{} requests", sent.len()) };
    for (number, page) in [large, first, second].into_iter().enumerate() {
        assert_eq!((page.page_number, page.intermediate_page), (number as i32, true));
        assert!(page.encoded_len() <= MAX_PAGE);
        assert_eq!((&page.task_token, &page.identity), (&request.task_token, &request.identity));
        assert_eq!((&page.namespace, &page.resource_id), (&request.namespace, &request.resource_id));
        assert!(page.messages.is_empty());
    }
    let expected = Completion { commands: Vec::new(), page_number: 3, ..request.clone() };
    assert_eq!(*last, expected, "the final page has all but the commands");
    assert_eq!(large.commands.len(), 1, "the SDK sent it with more than a page holds");
    let commands = [large.commands.clone(), first.commands.clone(), second.commands.clone()].concat();
    assert_eq!(commands[1..], request.commands[1..], "in their order");
    assert!(is_reference(&input(&commands[0]).payloads[0]));
    assert_eq!(events(&recorder), ["completion_cut 4 0"]);
}

#[tokio::test(start_paused = true)]
async fn all_pages_are_sent_again_after_the_server_has_lost_them() {
    let recorder = recorder(PAGES, |gateway| gateway);
    recorder.upstream.answers.lock().unwrap().extend([Ok(empty()), Ok(empty()), Err(buffer_lost())]);
    send(&recorder, &Completion { commands: many(), ..completion() }).await.unwrap();
    let numbers: Vec<_> = sent(&recorder).iter().map(|page| page.page_number).collect();
    assert_eq!(numbers, [0, 1, 2, 0, 1, 2]);
    assert_eq!(events(&recorder), ["completion_cut 3 0"], "it was cut once");
}

#[tokio::test(start_paused = true)]
async fn each_page_has_the_rest_of_the_time() {
    let recorder = recorder(PAGES, |gateway| gateway);
    recorder.upstream.answers.lock().unwrap().extend([Ok(empty()), Ok(empty()), Err(buffer_lost())]);
    send_within(&recorder, "10S").await.unwrap();
    let calls = recorder.upstream.calls.lock().unwrap();
    let time_outs: Vec<_> = calls.iter().map(|call| call.headers["grpc-timeout"].to_str().unwrap()).collect();
    assert_eq!(time_outs, ["10000m", "10000m", "10000m", "9900m", "9900m", "9900m"]);
}

#[tokio::test(start_paused = true)]
async fn no_page_is_sent_again_after_the_time_is_over() {
    let recorder = recorder(PAGES, |gateway| gateway);
    recorder.upstream.answers.lock().unwrap().extend(vec![Err(buffer_lost()); 100]);
    let status = send_within(&recorder, "50m").await.unwrap_err();
    assert_eq!((status.code, sent(&recorder).len()), (Code::DEADLINE_EXCEEDED, 1));
}

/// The task of a completion in pages counts in the same metrics as any other.
#[tokio::test]
async fn pages_that_the_server_refuses_as_too_large_count_as_a_failed_task() {
    let recorder = recorder(PAGES, |gateway| gateway);
    let refusal = Status::new(Code(8), "grpc: received message larger than max (200123 vs. 100000)");
    recorder.upstream.answers.lock().unwrap().push(Err(refusal));
    let request = Completion { commands: many(), ..completion() };
    assert_eq!(send(&recorder, &request).await.unwrap_err().code, Code::NOT_FOUND);
    assert_fails_as_too_large(&recorder, "limit: 100000 bytes");
    assert_eq!(*recorder.upstream.failed.lock().unwrap(), ["PayloadsTooLarge"]);
}

#[tokio::test(start_paused = true)]
async fn the_sdk_hears_of_pages_that_stay_lost_and_of_any_other_error_at_once() {
    let recorder = recorder(PAGES, |gateway| gateway);
    let request = Completion { commands: many(), ..completion() };
    recorder.upstream.answers.lock().unwrap().extend(vec![Err(buffer_lost()); 100]);
    assert_eq!(send(&recorder, &request).await.unwrap_err().code, Code(10));
    let other = Recorder { upstream: Arc::default(), ..recorder };
    other.upstream.answers.lock().unwrap().push(Err(Status::new(Code::NOT_FOUND, "timed out")));
    assert_eq!(send(&other, &request).await.unwrap_err().code, Code::NOT_FOUND);
    assert!(sent(&other).iter().all(|page| page.intermediate_page), "no final page");
}

#[tokio::test]
async fn where_the_namespace_takes_no_pages_the_largest_payloads_leave_until_it_fits() {
    let recorder = recorder(ONE_REQUEST, |gateway| gateway);
    let mut commands = many();
    commands.push(activity(150_000));
    send(&recorder, &Completion { commands, ..completion() }).await.unwrap();
    let sent = sent(&recorder);
    let [one] = sent.as_slice() else { panic!("{} requests", sent.len()) };
    let length = one.encoded_len();
    assert!((MAX_PAGE - 110_000..=MAX_PAGE).contains(&length), "no more than needed: {length}");
    assert!(is_reference(&input(&one.commands[60]).payloads[0]), "the largest first");
    let stored = recorder.stores().len();
    assert_eq!(events(&recorder), [format!("completion_cut 1 {stored}")]);
}

#[tokio::test]
async fn a_command_that_fits_no_page_loses_its_largest_payloads_first() {
    let recorder = recorder(PAGES, |gateway| gateway);
    let fields = (0..45).map(|number| (number.to_string(), payload(100_000))).collect();
    let attributes =
        ScheduleActivityTaskCommandAttributes { header: Some(Header { fields }), ..Default::default() };
    let commands = vec![activity(1_000), command(attributes)];
    send(&recorder, &Completion { commands, ..completion() }).await.unwrap();
    let sent = sent(&recorder);
    assert!(sent.iter().all(|page| page.encoded_len() <= MAX_REQUEST));
    assert_eq!(sent.iter().map(|page| page.commands.len()).sum::<usize>(), 2);
    assert!((1..=5).contains(&recorder.stores().len()), "{} left", recorder.stores().len());
}

/// The task fails and is retried; the server would end the run.
#[tokio::test]
async fn what_fits_no_way_fails_the_task_before_the_server_ends_the_run() {
    let without = recorder(ONE_REQUEST, |gateway| gateway.with_offload_to_fit(false));
    let rolling_out = with_threshold(u64::MAX, ONE_REQUEST, |gateway| gateway);
    for recorder in [without, rolling_out] {
        let status = send(&recorder, &Completion { commands: many(), ..completion() }).await.unwrap_err();
        assert_eq!(status.code, Code::NOT_FOUND);
        assert_fails_as_too_large(&recorder, "limit: 4194304 bytes");
        assert!(recorder.stores().is_empty());
    }
}

#[tokio::test]
async fn the_pages_of_an_sdk_pass_as_they_are() {
    let recorder = recorder(PAGES, |gateway| gateway);
    let commands = (0..34).map(|_| activity(100_000)).collect();
    let request = Completion { commands, intermediate_page: true, page_number: 3, ..completion() };
    send(&recorder, &request).await.unwrap();
    assert_eq!(sent(&recorder), [request]);
    assert!(events(&recorder).is_empty());
}

/// The gateway hides `workflow_task_completion_size_limit_error` from the SDK, which measures before payloads are
/// offloaded.
#[tokio::test]
async fn the_pages_of_an_sdk_keep_the_namespaces_limit_of_all_pages_together() {
    let limits = NamespaceLimits { completion: 2 * MIB, ..PAGES };
    let page = |page_number| Completion {
        commands: (0..14).map(|_| activity(100_000)).collect(),
        intermediate_page: true,
        page_number,
        ..completion()
    };
    let offloading = recorder(limits, |gateway| gateway);
    for number in [0, 1, 0, 1] {
        send(&offloading, &page(number)).await.unwrap();
    }
    let sizes: Vec<_> = sent(&offloading).iter().map(Completion::encoded_len).collect();
    assert!(sizes[0] > 1_400_000 && sizes[0] + sizes[1] <= 2 << 20, "{sizes:?}");
    assert!(sizes[2] + sizes[3] <= 2 << 20, "{sizes:?}");

    let refusing = recorder(limits, |gateway| gateway.with_offload_to_fit(false));
    send(&refusing, &page(0)).await.unwrap();
    assert_eq!(send(&refusing, &page(1)).await.unwrap_err().code, Code::NOT_FOUND);
    assert_fails_as_too_large(&refusing, "[TMPRL1103]");
}

/// A server or a proxy before it may take less than the gateway assumes.
#[tokio::test]
async fn a_completion_that_the_server_refuses_as_too_large_fails_its_task() {
    let recorder = recorder(ONE_REQUEST, |gateway| gateway);
    let text = "grpc: received message larger than max (200123 vs. 100000)";
    recorder.upstream.answers.lock().unwrap().push(Err(Status::new(Code(8), text)));
    let request = Completion { commands: vec![activity(200_000)], ..completion() };
    assert_eq!(send(&recorder, &request).await.unwrap_err().code, Code::NOT_FOUND);
    assert_fails_as_too_large(&recorder, "limit: 100000 bytes");
}

#[tokio::test]
async fn references_that_are_larger_than_their_payloads_do_not_make_a_completion_too_large() {
    let recorder = with_threshold(0, ONE_REQUEST, |gateway| gateway);
    let commands = (0..13_000).map(|_| activity(150)).collect();
    let request = Completion { commands, ..completion() };
    send(&recorder, &request).await.unwrap();
    assert_eq!(sent(&recorder), [request]);
}

fn recorder(limits: NamespaceLimits, options: impl FnOnce(GatewayBuilder) -> GatewayBuilder) -> Recorder {
    with_threshold(256 << 10, limits, options)
}

fn with_threshold(
    bytes: u64,
    limits: NamespaceLimits,
    options: impl FnOnce(GatewayBuilder) -> GatewayBuilder,
) -> Recorder {
    let recorder = Recorder::with(|storage| storage.with_payload_size_threshold(bytes), options);
    recorder.gateway.0.limits.keep(&scope("orders"), limits);
    recorder
}

async fn send(recorder: &Recorder, request: &Completion) -> Result<Answer, Status> {
    send_call(recorder, call(Rpc::RespondWorkflowTaskCompleted, request.encode_to_vec().into())).await
}

/// Sends a completion that needs pages, whose caller waits so long.
async fn send_within(recorder: &Recorder, time_out: &'static str) -> Result<Answer, Status> {
    let request = Completion { commands: many(), ..completion() };
    let mut call = call(Rpc::RespondWorkflowTaskCompleted, request.encode_to_vec().into());
    call.headers.insert("grpc-timeout", HeaderValue::from_static(time_out));
    send_call(recorder, call).await
}

async fn send_call(recorder: &Recorder, call: Call) -> Result<Answer, Status> {
    recorder.gateway.call(call, Arc::clone(&recorder.upstream) as Arc<dyn Upstream>).await
}

fn completion() -> Completion {
    Completion {
        task_token: b"token-1".to_vec(),
        namespace: "orders".into(),
        identity: "worker".into(),
        resource_id: "workflow:order-1".into(),
        ..Default::default()
    }
}

/// Makes sixty activities with inputs of 100 KB: more than one request, each below the threshold.
fn many() -> Vec<Command> {
    (0..60).map(|_| activity(100_000)).collect()
}

fn activity(size: usize) -> Command {
    command(ScheduleActivityTaskCommandAttributes { input: payloads(size), ..Default::default() })
}

fn command(attributes: ScheduleActivityTaskCommandAttributes) -> Command {
    let attributes = Some(Attributes::ScheduleActivityTaskCommandAttributes(attributes));
    Command { attributes, ..Default::default() }
}

fn input(command: &Command) -> &temporalio_protos::temporal::api::common::v1::Payloads {
    match &command.attributes {
        Some(Attributes::ScheduleActivityTaskCommandAttributes(activity)) => activity.input.as_ref().unwrap(),
        _ => panic!("another command"),
    }
}

/// Decodes the completions that the server got.
fn sent(recorder: &Recorder) -> Vec<Completion> {
    let calls = recorder.upstream.calls.lock().unwrap();
    let completions = calls.iter().filter(|call| call.method == Rpc::RespondWorkflowTaskCompleted.method());
    completions.map(|call| Completion::decode(call.body.to_bytes()).unwrap()).collect()
}

fn events(recorder: &Recorder) -> Vec<String> {
    recorder.events.lock().unwrap().clone()
}

fn assert_fails_as_too_large(recorder: &Recorder, text: &str) {
    let calls = recorder.upstream.calls.lock().unwrap();
    let report = calls.last().unwrap();
    assert_eq!(report.method, "RespondWorkflowTaskFailed");
    let report = RespondWorkflowTaskFailedRequest::decode(report.body.to_bytes()).unwrap();
    assert_eq!((report.task_token.as_slice(), report.cause), (&b"token-1"[..], 37));
    let message = report.failure.unwrap().message;
    assert!(message.contains(text), "{message}");
    assert_eq!(recorder.events.lock().unwrap().last().unwrap(), "failed workflow_task");
}

fn empty() -> Answer {
    answer(&())
}

fn buffer_lost() -> Status {
    let mut status = RpcStatus { code: 10, ..Default::default() };
    status.details.push(Default::default());
    status.details[0].type_url =
        "type.googleapis.com/temporal.api.errordetails.v1.WorkflowTaskCompletionBufferLostFailure".to_owned();
    Status::new(Code(10), "the pages are lost").with_details(status.encode_to_vec())
}
