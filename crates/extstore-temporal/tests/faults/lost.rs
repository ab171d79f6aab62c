//! Repeats a test in which the server lost a task.
//!
//! A Temporal server on a busy machine loses a task now and then: it writes that the attempt has started, gives up waiting
//! for that after a second, and answers no poll with it (<https://github.com/temporalio/temporal/issues/11733>). Nobody
//! can report such an attempt, and the worker is silent about later ones.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt as _;
use temporalio_common::protos::temporal::api::enums::v1::TimeoutType;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use crate::fixture::Fixture;
use crate::support::history::History;

/// Bounds how often a test runs. A worker that never reports a first attempt fails it each time.
const TIMES: usize = 3;

/// Runs a test, and runs it again on a workflow of its own if it fails and an attempt of a task of its workflow has started
/// and ended by its time-out. The test's line says how often that was.
pub(crate) async fn repeated<F: Future<Output = String>>(fixture: Fixture, test: fn(Fixture) -> F) -> String {
    let mut lost = 0;
    loop {
        let fixture = fixture.again(lost);
        match AssertUnwindSafe(test(fixture.clone())).catch_unwind().await {
            Ok(told) if lost == 0 => return told,
            Ok(told) => return format!("{told}; repeated {lost} time(s), because the server lost a task"),
            Err(_) if lost + 1 < TIMES && has_lost_task(&fixture).await => lost += 1,
            Err(failure) => resume_unwind(failure),
        }
    }
}

/// Says whether the server wrote that an attempt of a workflow task has started and ended by its time-out, in one of the
/// workflows that the test has started. An attempt that waited too long for a worker does not count.
async fn has_lost_task(fixture: &Fixture) -> bool {
    let client = fixture.plain_client().await;
    for id in fixture.started() {
        if History::read(&client, &id).await.attributes().any(has_timed_out_after_its_start) {
            return true;
        }
    }
    false
}

fn has_timed_out_after_its_start(attributes: &Attributes) -> bool {
    matches!(attributes, Attributes::WorkflowTaskTimedOutEventAttributes(timed_out)
        if timed_out.timeout_type() == TimeoutType::StartToClose)
}
