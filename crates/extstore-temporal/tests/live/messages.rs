//! Tests large payloads in everything else that a workflow sends and receives.

use temporalio_client::{
    WorkflowDescribeOptions, WorkflowExecuteUpdateOptions, WorkflowGetResultOptions, WorkflowQueryOptions,
    WorkflowSignalOptions,
};
use temporalio_common::MemoValues;
use temporalio_common::protos::temporal::api::common::v1::{Header, Payload};

use crate::activities::text;
use crate::mounted::Mounted;
use crate::support::fixture::Fixture;
use crate::support::history::History;
use crate::workflows::{Beats, Delegates, Fails, MEGABYTE, Remembers, Talks};

pub(crate) async fn signals_queries_and_updates_are_moved(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    let options = mounted.fixture.start_options();
    let (said, asked, changed) = (text('s', MEGABYTE), text('q', MEGABYTE), text('u', MEGABYTE));
    mounted
        .run(async {
            let handle = mounted.client.start_workflow(Talks::run, (), options).await.unwrap();
            handle.signal(Talks::tell, said.clone(), WorkflowSignalOptions::default()).await.unwrap();
            let answer =
                handle.query(Talks::ask, asked.clone(), WorkflowQueryOptions::default()).await.unwrap();
            assert_eq!(answer, asked.clone() + &said);
            let update = WorkflowExecuteUpdateOptions::default();
            assert_eq!(handle.execute_update(Talks::change, changed.clone(), update).await.unwrap(), said);
            let heard = handle.get_result(WorkflowGetResultOptions::default()).await.unwrap();
            assert_eq!(heard, [changed]);
            // A finished workflow answers from its history.
            let answer = handle.query(Talks::ask, "?".into(), WorkflowQueryOptions::default()).await.unwrap();
            assert_eq!(answer.len(), 1 + MEGABYTE);
        })
        .await;
    let history = mounted.fixture.history().await;
    let info = history.info();
    // The signal, the update's input and its result, the workflow's result; queries leave no event.
    assert_eq!(info.external_payload_count, 4);
    assert!(info.history_size_bytes < 8192, "{} bytes", info.history_size_bytes);
}

pub(crate) async fn children_and_local_activities_are_moved(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    let options = mounted.fixture.start_options();
    let (id, child) = (options.workflow_id.clone(), format!("child-{}", options.workflow_id));
    let input = (child.clone(), text('a', MEGABYTE));
    let result = mounted
        .run(async {
            let handle = mounted.client.start_workflow(Delegates::run, input, options).await.unwrap();
            handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
        })
        .await;
    assert_eq!(result, text('c', MEGABYTE));
    for workflow in [id, child] {
        let history = History::read(&mounted.client, &workflow).await;
        let info = history.info();
        assert!(info.external_payload_count > 0);
        assert!(info.history_size_bytes < 8192, "{workflow}: {} bytes", info.history_size_bytes);
    }
}

pub(crate) async fn a_memo_survives_continue_as_new(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    let mut options = mounted.fixture.start_options();
    let note = text('m', MEGABYTE);
    let mut memo = MemoValues::new();
    memo.insert("note", note.clone());
    options.memo = Some(memo);
    let (remembered, _) = mounted
        .run(async {
            let handle = mounted.client.start_workflow(Remembers::run, 0, options).await.unwrap();
            let last = handle.get_result(WorkflowGetResultOptions::default()).await.unwrap();
            let described = mounted.client.get_workflow_handle::<Remembers>(mounted.fixture.id());
            let described = described.describe(WorkflowDescribeOptions::default()).await.unwrap();
            assert_eq!(described.memo().get::<String>("note").unwrap(), Some(note.clone()));
            last
        })
        .await;
    assert_eq!(remembered, note);
    let history = mounted.fixture.history().await;
    let info = history.info();
    assert!(info.history_size_bytes < 8192, "{} bytes", info.history_size_bytes);
    // The last run was given the reference that the first was started with, not a second object.
    let held = &history.started().memo.as_ref().unwrap().fields["note"];
    // 2 quotes, 24 bytes of `encoding: json/plain` and 4 before the data.
    assert_eq!(held.external_payloads[0].size_bytes, i64::try_from(MEGABYTE).unwrap() + 30);
}

pub(crate) async fn a_header_is_moved(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    let mut options = mounted.fixture.start_options();
    let trace = Payload { data: text('t', MEGABYTE).into(), ..Payload::default() };
    options.header = Some(Header { fields: [("trace".to_owned(), trace)].into() });
    let (_, length) = mounted
        .run(async {
            // At its third run it stops.
            let handle = mounted.client.start_workflow(Remembers::run, 3, options).await.unwrap();
            handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
        })
        .await;
    assert_eq!(length, MEGABYTE);
    assert_eq!(mounted.counts.stored(), 1);
    assert!(mounted.fixture.history().await.info().history_size_bytes < 4096);
}

pub(crate) async fn failure_details_are_moved(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    let options = mounted.fixture.start_options();
    let result = mounted
        .run(async {
            let handle = mounted.client.start_workflow(Fails::run, MEGABYTE, options).await.unwrap();
            handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
        })
        .await;
    assert_eq!(result, format!("true {}", MEGABYTE + 2));
    assert_eq!(mounted.fixture.history().await.info().external_payload_count, 1);
}

pub(crate) async fn heartbeat_details_are_moved(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    let options = mounted.fixture.start_options();
    let same = mounted
        .run(async {
            let handle = mounted.client.start_workflow(Beats::run, MEGABYTE, options).await.unwrap();
            handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
        })
        .await;
    assert!(same, "the second attempt saw the heartbeat of the first");
    assert!(mounted.counts.stored() >= 1);
}
