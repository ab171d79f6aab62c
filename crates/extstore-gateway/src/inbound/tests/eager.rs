use extstore::ErrorKind;
use extstore_wire::Rpc;
use temporalio_protos::temporal::api::query::v1::WorkflowQuery;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use super::world::{LOST, World, failure, payloads};

fn start() -> StartWorkflowExecutionRequest {
    StartWorkflowExecutionRequest { namespace: "ns".into(), identity: "client".into(), ..Default::default() }
}

fn completion() -> RespondWorkflowTaskCompletedRequest {
    let (task_token, namespace) = (b"done".to_vec(), "ns".to_owned());
    RespondWorkflowTaskCompletedRequest {
        task_token,
        namespace,
        identity: "worker".into(),
        ..Default::default()
    }
}

async fn query_task(world: &World, token: &str, args: &str) -> PollWorkflowTaskQueueResponse {
    let queries = [(
        "q".to_owned(),
        WorkflowQuery { query_args: world.references(&[args]).await, ..Default::default() },
    )];
    let task_token = token.as_bytes().to_vec();
    PollWorkflowTaskQueueResponse { task_token, queries: queries.into(), attempt: 1, ..Default::default() }
}

async fn activity(world: &World, token: &str, input: &str) -> PollActivityTaskQueueResponse {
    let input = world.references(&[input]).await;
    PollActivityTaskQueueResponse { task_token: token.as_bytes().to_vec(), input, ..Default::default() }
}

#[tokio::test]
async fn eager_tasks_are_restored_and_remembered() {
    let world = World::new();
    world.answer(&RespondWorkflowTaskCompletedResponse {
        workflow_task: Some(query_task(&world, "next", "args").await),
        activity_tasks: vec![activity(&world, "a", "one").await, activity(&world, "b", "two").await],
        reset_history_event_id: 7,
    });
    let response: RespondWorkflowTaskCompletedResponse =
        world.received(Rpc::RespondWorkflowTaskCompleted, &completion()).await;
    assert_eq!(response.workflow_task.unwrap().queries["q"].query_args, payloads(&["args"]));
    let inputs: Vec<_> = response.activity_tasks.into_iter().map(|task| task.input).collect();
    assert_eq!(inputs, [payloads(&["one"]), payloads(&["two"])]);
    for token in ["next", "a", "b"] {
        assert!(world.gateway.0.identities.find(token.as_bytes()).is_some(), "{token}");
    }
}

#[tokio::test]
async fn an_eager_activity_that_cannot_be_restored_fails_alone() {
    let world = World::new();
    world.answer(&RespondWorkflowTaskCompletedResponse {
        activity_tasks: vec![activity(&world, "a", LOST).await, activity(&world, "b", "two").await],
        reset_history_event_id: 7,
        ..Default::default()
    });
    let response: RespondWorkflowTaskCompletedResponse =
        world.received(Rpc::RespondWorkflowTaskCompleted, &completion()).await;
    assert_eq!(response.activity_tasks.len(), 1);
    assert_eq!(response.activity_tasks[0].input, payloads(&["two"]));
    assert_eq!(response.reset_history_event_id, 7);
    let report: RespondActivityTaskFailedRequest = world.last(Rpc::RespondActivityTaskFailed);
    assert_eq!((report.task_token.as_slice(), report.cause), (b"a".as_slice(), 2));
    assert_eq!((report.namespace.as_str(), report.identity.as_str()), ("ns", "worker"));
    assert_eq!(world.events(), ["failed activity_task NotFound true"]);
}

#[tokio::test]
async fn an_eager_workflow_task_that_cannot_be_restored_is_left_out_of_the_start() {
    let world = World::new();
    let mut task = query_task(&world, "first", "args").await;
    let query = task.queries.remove("q");
    let history = temporalio_protos::temporal::api::history::v1::History::default();
    task = PollWorkflowTaskQueueResponse { query, history: Some(history), ..task };
    let response = StartWorkflowExecutionResponse {
        run_id: "run".into(),
        eager_workflow_task: Some(task),
        ..Default::default()
    };
    world.answer(&response);
    world.store.fail(failure(ErrorKind::Unavailable));
    let received: StartWorkflowExecutionResponse =
        world.received(Rpc::StartWorkflowExecution, &start()).await;
    assert_eq!(received, StartWorkflowExecutionResponse { eager_workflow_task: None, ..response });
    assert_eq!(world.methods(), ["StartWorkflowExecution", "RespondQueryTaskCompleted"]);
}

#[tokio::test]
async fn eager_tasks_that_nobody_waits_for_go_back() {
    let mut world = World::new();
    world.answer(&RespondWorkflowTaskCompletedResponse {
        workflow_task: Some(query_task(&world, "next", "args").await),
        activity_tasks: vec![activity(&world, "a", "one").await],
        ..Default::default()
    });
    let mut arrivals = world.store.hold();
    let completing = tokio::spawn(world.start(Rpc::RespondWorkflowTaskCompleted, &completion()));
    arrivals.recv().await.expect("the payloads are fetched");
    completing.abort();
    for method in ["RespondWorkflowTaskCompleted", "RespondWorkflowTaskFailed", "RespondActivityTaskFailed"] {
        assert_eq!(world.called.recv().await.unwrap(), method);
    }
    assert_eq!(world.events(), Vec::<String>::new());
}

#[tokio::test]
async fn replayed_history_of_an_eager_task_is_left_to_a_resolver() {
    let world = World::with(|options| options.with_resolving_data_converter(true));
    let history = super::lazy::history(&world, 4..=6).await;
    let task = PollWorkflowTaskQueueResponse {
        previous_started_event_id: 5,
        history,
        queries: [].into(),
        ..query_task(&world, "next", "args").await
    };
    world.answer(&RespondWorkflowTaskCompletedResponse { workflow_task: Some(task), ..Default::default() });
    let response: RespondWorkflowTaskCompletedResponse =
        world.received(Rpc::RespondWorkflowTaskCompleted, &completion()).await;
    let task = response.workflow_task.unwrap();
    assert_eq!(super::lazy::restored(task.history), [6]);
}
