//! Tests completions in pages that an SDK sends again because one of the pages did not arrive.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use extstore_wire::Rpc;
use prost::Message as _;
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::{Command, ScheduleActivityTaskCommandAttributes};
use temporalio_protos::temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest;

use crate::state::NamespaceLimits;
use crate::testing::{Recorder, answer, call, payloads, scope};
use crate::{Answer, Call, Code, Status, Upstream};

/// Keeps pages as Temporal does: of several pages of one number the first counts, and the final page takes
/// all with a lower number.
#[derive(Default)]
struct Server {
    pages: Mutex<BTreeMap<i32, Vec<Command>>>,
    /// The page of this number is lost on its way, once.
    loses: Mutex<Option<i32>>,
    /// The ids of the activities of each completed task.
    completed: Mutex<Vec<Vec<String>>>,
}

#[async_trait]
impl Upstream for Server {
    fn server(&self) -> &str {
        "server"
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        let page = RespondWorkflowTaskCompletedRequest::decode(call.body.to_bytes()).unwrap();
        if self.loses.lock().unwrap().take_if(|number| *number == page.page_number).is_some() {
            return Err(Status::new(Code::UNAVAILABLE, "connection reset"));
        }
        let mut pages = self.pages.lock().unwrap();
        if page.intermediate_page {
            pages.entry(page.page_number).or_insert(page.commands);
        } else {
            let earlier = pages.range(..page.page_number).flat_map(|(_, commands)| commands);
            let ids = earlier.chain(&page.commands).map(activity_id).collect();
            self.completed.lock().unwrap().push(ids);
        }
        Ok(answer(&()))
    }
}

/// The second replica has another threshold, as while an operator changes it: the same commands have other sizes there.
#[tokio::test]
async fn a_completion_that_is_sent_again_through_another_replica_loses_and_repeats_no_command() {
    let server = Arc::new(Server { loses: Mutex::new(Some(1)), ..Server::default() });
    let mut commands: Vec<Command> = (0..5).map(|number| activity(number, 200_000)).collect();
    commands.extend((5..65).map(|number| activity(number, 100_000)));
    let request = RespondWorkflowTaskCompletedRequest { commands, ..completion() };
    let expected: Vec<String> = request.commands.iter().map(activity_id).collect();
    let lost = send(&replica(256 << 10), &server, &request).await.unwrap_err();
    assert_eq!(lost.code, Code::UNAVAILABLE);
    send(&replica(150 << 10), &server, &request).await.unwrap();
    assert_eq!(*server.completed.lock().unwrap(), [expected]);
}

fn replica(threshold: u64) -> Recorder {
    let recorder =
        Recorder::with(|storage| storage.with_payload_size_threshold(threshold), |gateway| gateway);
    let limits = NamespaceLimits { takes_pages: true, ..NamespaceLimits::DEFAULT };
    recorder.gateway.0.limits.keep(&scope("orders"), limits);
    recorder
}

async fn send(
    replica: &Recorder,
    server: &Arc<Server>,
    request: &RespondWorkflowTaskCompletedRequest,
) -> Result<Answer, Status> {
    let call = call(Rpc::RespondWorkflowTaskCompleted, request.encode_to_vec().into());
    replica.gateway.call(call, Arc::clone(server) as Arc<dyn Upstream>).await
}

fn completion() -> RespondWorkflowTaskCompletedRequest {
    RespondWorkflowTaskCompletedRequest {
        task_token: b"token".to_vec(),
        namespace: "orders".into(),
        ..Default::default()
    }
}

fn activity(number: usize, size: usize) -> Command {
    let schedule = ScheduleActivityTaskCommandAttributes {
        activity_id: number.to_string(),
        input: payloads(size),
        ..Default::default()
    };
    let attributes = Some(Attributes::ScheduleActivityTaskCommandAttributes(schedule));
    Command { attributes, ..Default::default() }
}

fn activity_id(command: &Command) -> String {
    match &command.attributes {
        Some(Attributes::ScheduleActivityTaskCommandAttributes(schedule)) => schedule.activity_id.clone(),
        _ => panic!("another command"),
    }
}
