//! Tests bad input and faults of storage, on a real Temporal server and a real S3 server.
//!
//! `cargo xtask with temporal,s3 -- cargo test -p extstore-temporal --test faults [-- NAME…]` runs the tests whose names
//! hold one of the words, eight at a time, and prints a line for each. A missing server is an error.
//! `EXTSTORE_FAULTS_OUTAGE` sets the seconds of the long outage: 15 unless set, 60 for the whole minute.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod activities;
mod cut_link;
mod fixture;
mod forged;
mod lost;
mod mounts;
mod nexus;
mod observed;
mod outage;
mod oversized;
mod queries;
mod replay;
mod run;
mod secrets;
mod servers;
mod setup;
mod spy;
#[path = "../support/mod.rs"]
mod support;
mod workflow;

use std::process::ExitCode;

use extstore_testkit::live::{Live, NotRun, Test};

use fixture::Fixture;
use servers::Servers;

/// The tests wait most of the time, and a machine may have two processors.
const AT_ONCE: usize = 8;

fn main() -> ExitCode {
    let tests = [
        test("outage.at_start", outage::at_start),
        test("outage.in_the_middle", outage::in_the_middle),
        test("outage.of_an_activity", outage::of_an_activity),
        test("outage.last_attempt_of_an_activity", outage::last_attempt),
        test("outage.of_a_heartbeat", outage::of_a_heartbeat),
        test("outage.on_the_wire", outage::on_the_wire),
        test("outage.long", outage::long),
        test("replay.missing_object", replay::missing),
        test("replay.corrupted_object", replay::corrupted),
        test("forged.s3", forged::s3),
        test("forged.disk", forged::disk),
        test("forged.other_namespace", forged::other_namespace),
        test("oversized.client_requests", oversized::client_requests),
        test("oversized.activity_result", oversized::activity_result),
        test("oversized.activity_failure", oversized::activity_failure),
        test("oversized.heartbeat", oversized::heartbeat),
        test("oversized.query_result", oversized::query_result),
        test("oversized.workflow_result", oversized::workflow_result),
        test("oversized.update_result", oversized::update_result),
        test("setup.unknown_driver", setup::unknown_driver),
        test("setup.without_storage", setup::without_storage),
        test("queries.result_without_store", queries::result_without_store),
        test("queries.in_a_replay_without_store", queries::in_a_replay),
        test("queries.argument_without_store", queries::argument),
        test("queries.update_without_store", queries::update),
        test("queries.client_without_store", queries::client),
        test("nexus.without_store", nexus::operation),
    ];
    let servers = Servers::from_env().map_err(NotRun::failure);
    Live::new().side_by_side(AT_ONCE).run(servers, |servers, name| Fixture::new(name, servers), tests)
}

/// Makes a test that is repeated where the server lost a task.
fn test<F: Future<Output = String> + 'static>(name: &'static str, body: fn(Fixture) -> F) -> Test<Fixture> {
    Test::new(name, move |fixture| lost::repeated(fixture, body))
}
