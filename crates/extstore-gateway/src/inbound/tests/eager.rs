use std::sync::Arc;
use std::time::Duration;

use extstore::ErrorKind;
use extstore_wire::Rpc;
use prost::Message as _;
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::{Command, ScheduleActivityTaskCommandAttributes};
use temporalio_protos::temporal::api::common::v1::Payloads;
use temporalio_protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use tokio::time::Instant;

use crate::testing::fixture::{Fixture, LOST, Server, failure, payload, payloads};
use crate::testing::{answer, call};
use crate::{Answer, Call, Status, Upstream};

fn start() -> StartWorkflowExecutionRequest {
    StartWorkflowExecutionRequest { namespace: "ns".into(), identity: "client".into(), ..Default::default() }
}

pub(super) fn completion() -> RespondWorkflowTaskCompletedRequest {
    let (task_token, namespace) = (b"done".to_vec(), "ns".to_owned());
    RespondWorkflowTaskCompletedRequest {
        task_token,
        namespace,
        identity: "worker".into(),
        ..Default::default()
    }
}

async fn query_task(fixture: &Fixture, token: &str, args: &str) -> PollWorkflowTaskQueueResponse {
    let queries = [(
        "q".to_owned(),
        WorkflowQuery { query_args: fixture.references(&[args]).await, ..Default::default() },
    )];
    let task_token = token.as_bytes().to_vec();
    PollWorkflowTaskQueueResponse { task_token, queries: queries.into(), attempt: 1, ..Default::default() }
}

pub(super) async fn activity(fixture: &Fixture, token: &str, input: &str) -> PollActivityTaskQueueResponse {
    let input = fixture.references(&[input]).await;
    PollActivityTaskQueueResponse { task_token: token.as_bytes().to_vec(), input, ..Default::default() }
}

#[tokio::test]
async fn eager_tasks_are_restored_and_remembered() {
    let fixture = Fixture::new();
    fixture.answer(&RespondWorkflowTaskCompletedResponse {
        workflow_task: Some(query_task(&fixture, "next", "args").await),
        activity_tasks: vec![activity(&fixture, "a", "one").await, activity(&fixture, "b", "two").await],
        reset_history_event_id: 7,
    });
    let response: RespondWorkflowTaskCompletedResponse =
        fixture.received(Rpc::RespondWorkflowTaskCompleted, &completion()).await;
    assert_eq!(response.workflow_task.unwrap().queries["q"].query_args, payloads(&["args"]));
    let inputs: Vec<_> = response.activity_tasks.into_iter().map(|task| task.input).collect();
    assert_eq!(inputs, [payloads(&["one"]), payloads(&["two"])]);
    for token in ["next", "a", "b"] {
        assert!(
            fixture.gateway.0.identities.find(&crate::testing::scope("ns"), token.as_bytes()).is_some(),
            "{token}"
        );
    }
}

#[tokio::test]
async fn an_eager_activity_that_cannot_be_restored_fails_alone() {
    let fixture = Fixture::new();
    fixture.answer(&RespondWorkflowTaskCompletedResponse {
        activity_tasks: vec![activity(&fixture, "a", LOST).await, activity(&fixture, "b", "two").await],
        reset_history_event_id: 7,
        ..Default::default()
    });
    let response: RespondWorkflowTaskCompletedResponse =
        fixture.received(Rpc::RespondWorkflowTaskCompleted, &completion()).await;
    assert_eq!(response.activity_tasks.len(), 1);
    assert_eq!(response.activity_tasks[0].input, payloads(&["two"]));
    assert_eq!(response.reset_history_event_id, 7);
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    assert_eq!((report.task_token.as_slice(), report.cause), (b"a".as_slice(), 2));
    assert_eq!((report.namespace.as_str(), report.identity.as_str()), ("ns", "worker"));
    assert_eq!(fixture.events(), ["failed activity_task NotFound true"]);
}

#[tokio::test]
async fn an_eager_workflow_task_that_cannot_be_restored_is_left_out_of_the_start() {
    let fixture = Fixture::new();
    let mut task = query_task(&fixture, "first", "args").await;
    let query = task.queries.remove("q");
    let history = temporalio_protos::temporal::api::history::v1::History::default();
    task = PollWorkflowTaskQueueResponse { query, history: Some(history), ..task };
    let response = StartWorkflowExecutionResponse {
        run_id: "run".into(),
        eager_workflow_task: Some(task),
        ..Default::default()
    };
    fixture.answer(&response);
    fixture.store.fail(failure(ErrorKind::Unavailable));
    let received: StartWorkflowExecutionResponse =
        fixture.received(Rpc::StartWorkflowExecution, &start()).await;
    assert_eq!(received, StartWorkflowExecutionResponse { eager_workflow_task: None, ..response });
    assert_eq!(fixture.methods(), ["StartWorkflowExecution", "RespondQueryTaskCompleted"]);
}

#[tokio::test]
async fn eager_tasks_whose_caller_is_gone_go_back() {
    let mut fixture = Fixture::new();
    fixture.answer(&RespondWorkflowTaskCompletedResponse {
        workflow_task: Some(query_task(&fixture, "next", "args").await),
        activity_tasks: vec![activity(&fixture, "a", "one").await],
        ..Default::default()
    });
    let mut arrivals = fixture.store.hold();
    let completing = tokio::spawn(fixture.start(Rpc::RespondWorkflowTaskCompleted, &completion()));
    arrivals.recv().await.expect("the payloads are fetched");
    completing.abort();
    for method in ["RespondWorkflowTaskCompleted", "RespondWorkflowTaskFailed", "RespondActivityTaskFailed"] {
        assert_eq!(fixture.called.recv().await.unwrap(), method);
    }
    assert_eq!(fixture.events(), Vec::<String>::new());
}

#[tokio::test]
async fn replayed_history_of_an_eager_task_is_left_to_the_data_converter() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    let history = super::lazy::history(&fixture, 4..=6).await;
    let task = PollWorkflowTaskQueueResponse {
        previous_started_event_id: 5,
        history,
        queries: [].into(),
        ..query_task(&fixture, "next", "args").await
    };
    fixture.answer(&RespondWorkflowTaskCompletedResponse { workflow_task: Some(task), ..Default::default() });
    let response: RespondWorkflowTaskCompletedResponse =
        fixture.received(Rpc::RespondWorkflowTaskCompleted, &completion()).await;
    let task = response.workflow_task.unwrap();
    assert_eq!(super::lazy::restored(task.history), [6]);
}

/// Starts the activities of a completion eagerly: its answer has the references of the request.
struct StartsEagerly(Arc<Server>);

#[async_trait::async_trait]
impl Upstream for StartsEagerly {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        if call.method != Rpc::RespondWorkflowTaskCompleted.method() {
            return self.0.send(call).await;
        }
        let request = RespondWorkflowTaskCompletedRequest::decode(call.body.to_bytes()).unwrap();
        let inputs = request.commands.into_iter().filter_map(|command| match command.attributes {
            Some(Attributes::ScheduleActivityTaskCommandAttributes(schedule)) => Some(schedule.input),
            _ => None,
        });
        let activity_tasks = inputs.enumerate().map(|(at, input)| {
            let task_token = at.to_string().into_bytes();
            PollActivityTaskQueueResponse { task_token, input, ..Default::default() }
        });
        let response = RespondWorkflowTaskCompletedResponse {
            activity_tasks: activity_tasks.collect(),
            ..Default::default()
        };
        self.0.send(call).await?;
        Ok(answer(&response))
    }
}

#[tokio::test]
async fn an_eager_activity_gets_what_its_own_completion_offloaded_without_a_read() {
    let fixture = Fixture::new();
    let schedule = |input| schedule(payloads(&[input]));
    let commands = vec![schedule("one"), schedule("two"), schedule("one")];
    let request = RespondWorkflowTaskCompletedRequest { commands, ..completion() };
    // Nobody lets a read end.
    let mut arrivals = fixture.store.hold();
    let completion = call(Rpc::RespondWorkflowTaskCompleted, request.encode_to_vec().into());
    let upstream = Arc::new(StartsEagerly(Arc::clone(&fixture.server)));
    let answer = fixture.gateway.call(completion, upstream).await.unwrap();
    let response = RespondWorkflowTaskCompletedResponse::decode(answer.body.to_bytes()).unwrap();
    let inputs: Vec<_> = response.activity_tasks.into_iter().map(|task| task.input).collect();
    assert_eq!(inputs, [payloads(&["one"]), payloads(&["two"]), payloads(&["one"])]);
    assert!(arrivals.try_recv().is_err(), "nothing was read");
    let sent: RespondWorkflowTaskCompletedRequest = fixture.last(Rpc::RespondWorkflowTaskCompleted);
    assert_ne!(sent.commands, request.commands, "the inputs were offloaded");
}

/// What is in memory takes room in the answer as often as the answer has it.
#[tokio::test]
async fn an_answer_with_copies_of_what_its_completion_offloaded_stays_within_the_cap() {
    const CAP: usize = 20_000;
    let fixture = Fixture::with(|options| options.with_message_cap(CAP as u64));
    let other = fixture.reference(&payload(&"other".repeat(1_000))).await;
    let own = "own".repeat(2_000);
    let commands = vec![schedule(payloads(&[own.as_str()])); 3];
    let commands = [commands, vec![schedule(Some(Payloads { payloads: vec![other] }))]].concat();
    let request = RespondWorkflowTaskCompletedRequest { commands, ..completion() };
    let completion = call(Rpc::RespondWorkflowTaskCompleted, request.encode_to_vec().into());
    let upstream = Arc::new(StartsEagerly(Arc::clone(&fixture.server)));
    let answer = fixture.gateway.call(completion, upstream).await.unwrap();
    assert!(answer.body.len() <= CAP, "{} bytes", answer.body.len());
    let response = RespondWorkflowTaskCompletedResponse::decode(answer.body.to_bytes()).unwrap();
    let tokens: Vec<_> = response.activity_tasks.iter().map(|task| task.task_token.as_slice()).collect();
    assert_eq!(tokens, [b"0", b"1", b"2"]);
    assert_eq!(fixture.events(), ["failed activity_task TooLarge true"]);
}

fn schedule(input: Option<Payloads>) -> Command {
    let schedule = ScheduleActivityTaskCommandAttributes { input, ..Default::default() };
    let attributes = Some(Attributes::ScheduleActivityTaskCommandAttributes(schedule));
    Command { attributes, ..Default::default() }
}

/// The completion's caller wants the workflow's next task, and not the activity's payload.
#[tokio::test(start_paused = true)]
async fn an_eager_task_that_storage_is_slow_for_goes_back_and_the_answer_goes_on() {
    let fixture = Fixture::new();
    fixture.answer(&RespondWorkflowTaskCompletedResponse {
        workflow_task: Some(query_task(&fixture, "next", "args").await),
        activity_tasks: vec![activity(&fixture, "a", "one").await, activity(&fixture, "b", "two").await],
        reset_history_event_id: 7,
    });
    let mut arrivals = fixture.store.hold();
    let started = Instant::now();
    let completing = tokio::spawn(fixture.start(Rpc::RespondWorkflowTaskCompleted, &completion()));
    for _ in 0..3 {
        arrivals.recv().await.expect("the payloads are fetched");
    }
    let answer = completing.await.unwrap().unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    let response = RespondWorkflowTaskCompletedResponse::decode(answer.body.to_bytes()).unwrap();
    assert_eq!(
        response,
        RespondWorkflowTaskCompletedResponse { reset_history_event_id: 7, ..Default::default() }
    );
    fixture.gateway.idle().await;
    assert_eq!(
        fixture.methods()[1..],
        ["RespondWorkflowTaskFailed", "RespondActivityTaskFailed", "RespondActivityTaskFailed"]
    );
    let report: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
    let text = report.failure.unwrap().message;
    assert!(text.contains("External storage could not restore payloads of this activity task"), "{text}");
    let failed = ["failed workflow_task Timeout true", "failed activity_task Timeout true"];
    assert_eq!(fixture.events(), [failed[0], failed[1], failed[1]]);
    let counted = ["Workflow ns ExternalStorageError", "Activity ns ExternalStorageError"];
    assert_eq!(*fixture.server.failed.lock().unwrap(), [counted[0], counted[1], counted[1]]);
}
