//! Tests failures of a data converter that resolves references, as the SDK reports them.

use extstore::ErrorKind;
use extstore_wire::Rpc;
use temporalio_protos::temporal::api::failure::v1::Failure;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use crate::testing::fixture::Fixture;

fn failure(message: &str) -> Option<Failure> {
    Some(Failure { message: message.to_owned(), ..Default::default() })
}

/// Wraps the text of the codec in that of the SDK.
fn sentence(codec: &str) -> String {
    format!("Failed decoding activation: Encoding error: {codec}")
}

async fn cause_of(fixture: &Fixture, message: &str) -> i32 {
    let request =
        RespondWorkflowTaskFailedRequest { cause: 14, failure: failure(message), ..Default::default() };
    fixture.call(Rpc::RespondWorkflowTaskFailed, &request).await.unwrap();
    let sent: RespondWorkflowTaskFailedRequest = fixture.last(Rpc::RespondWorkflowTaskFailed);
    assert_eq!(sent.failure, request.failure);
    sent.cause
}

#[tokio::test]
async fn a_failure_of_the_data_converter_gets_the_cause_of_storage_and_is_counted() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    for kind in ErrorKind::ALL.iter().copied() {
        let error = kind.error("the message of a driver");
        let text = sentence(&format!("External Storage: {}", error.public()));
        assert_eq!(cause_of(&fixture, &text).await, 38, "{text}");
        assert_eq!(fixture.events().last().unwrap(), &format!("failed workflow_task {kind} true"));
    }
    let wrapped = sentence("Encoding error: External Storage: NotFound: gone");
    assert_eq!(cause_of(&fixture, &wrapped).await, 38, "a codec around the resolver's");
    assert_eq!(cause_of(&fixture, &sentence("[TMPRL1106] no reference")).await, 38);
    assert_eq!(fixture.events().last().unwrap(), "failed workflow_task Config true");
}

#[tokio::test]
async fn a_query_task_that_the_data_converter_failed_gets_the_cause_of_storage() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    let failure = failure(&sentence("External Storage: NotFound: gone"));
    let request = RespondQueryTaskCompletedRequest { failure, ..Default::default() };
    fixture.call(Rpc::RespondQueryTaskCompleted, &request).await.unwrap();
    let sent: RespondQueryTaskCompletedRequest = fixture.last(Rpc::RespondQueryTaskCompleted);
    assert_eq!(sent.cause, 38);
    assert_eq!(fixture.events(), ["failed query NotFound true"]);
}

#[tokio::test]
async fn an_activity_gets_the_cause_of_storage_only_where_its_task_could_not_be_decoded() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    let codec = "Encoding error: External Storage: NotFound: gone";
    for (text, cause) in [(format!("Failed decoding activity task: {codec}"), 2), (codec.to_owned(), 0)] {
        let request = RespondActivityTaskFailedRequest { failure: failure(&text), ..Default::default() };
        fixture.call(Rpc::RespondActivityTaskFailed, &request).await.unwrap();
        let sent: RespondActivityTaskFailedRequest = fixture.last(Rpc::RespondActivityTaskFailed);
        assert_eq!((sent.cause, sent.failure), (cause, request.failure), "{text}");
    }
    assert_eq!(fixture.events(), ["failed activity_task NotFound true"]);
}

#[tokio::test]
async fn other_failures_keep_their_cause() {
    let fixture = Fixture::with(|options| options.with_resolving_data_converter(true));
    for text in ["a defect in a workflow", "Encoding error: no JSON", "External Storage: NotFound: gone", ""]
    {
        assert_eq!(cause_of(&fixture, text).await, 14, "{text}");
    }
    let without = Fixture::new();
    assert_eq!(cause_of(&without, &sentence("External Storage: NotFound: gone")).await, 14);
    assert_eq!(fixture.events(), Vec::<String>::new());
}
