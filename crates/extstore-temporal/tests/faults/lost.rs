//! Repeats a test in which the server lost a task.
//!
//! A Temporal server on a busy machine loses a task now and then: it writes that the attempt has started, gives up waiting
//! for that after a second, and answers no poll with it (<https://github.com/temporalio/temporal/issues/11733>). Nobody
//! can report such an attempt, and the worker is silent about later ones.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt as _;
use temporalio_common::protos::temporal::api::enums::v1::EventType;

use crate::fixture::Fixture;
use crate::support::history::History;

/// Bounds how often a test runs. A worker that never reports a first attempt fails it each time.
const TIMES: usize = 3;

/// Runs a test, and runs it again on a workflow of its own if it fails and an attempt of a task of its workflow ended by
/// its time-out.
pub(crate) async fn repeated<F: Future<Output = String>>(fixture: Fixture, test: fn(Fixture) -> F) -> String {
    for time in 1..TIMES {
        let fixture = fixture.again(time);
        match AssertUnwindSafe(test(fixture.clone())).catch_unwind().await {
            Ok(told) => return told,
            Err(failure) if !has_lost_task(&fixture).await => resume_unwind(failure),
            Err(_) => {}
        }
    }
    test(fixture.again(TIMES)).await
}

/// Says whether the server wrote that an attempt of a workflow task ended by its time-out, in one of the workflows that
/// the test has started.
async fn has_lost_task(fixture: &Fixture) -> bool {
    let client = fixture.plain_client().await;
    for id in fixture.started() {
        if History::read(&client, &id).await.count(EventType::WorkflowTaskTimedOut) > 0 {
            return true;
        }
    }
    false
}
