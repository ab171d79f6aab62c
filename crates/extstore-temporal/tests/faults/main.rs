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
        Test::new("outage.at_start", outage::at_start),
        Test::new("outage.in_the_middle", outage::in_the_middle),
        Test::new("outage.of_an_activity", outage::of_an_activity),
        Test::new("outage.last_attempt_of_an_activity", outage::last_attempt),
        Test::new("outage.of_a_heartbeat", outage::of_a_heartbeat),
        Test::new("outage.on_the_wire", outage::on_the_wire),
        Test::new("outage.long", outage::long),
        Test::new("replay.missing_object", replay::missing),
        Test::new("replay.corrupted_object", replay::corrupted),
        Test::new("forged.s3", forged::s3),
        Test::new("forged.disk", forged::disk),
        Test::new("forged.other_namespace", forged::other_namespace),
        Test::new("oversized.client_requests", oversized::client_requests),
        Test::new("oversized.activity_result", oversized::activity_result),
        Test::new("oversized.activity_failure", oversized::activity_failure),
        Test::new("oversized.heartbeat", oversized::heartbeat),
        Test::new("oversized.query_result", oversized::query_result),
        Test::new("oversized.workflow_result", oversized::workflow_result),
        Test::new("oversized.update_result", oversized::update_result),
        Test::new("setup.unknown_driver", setup::unknown_driver),
        Test::new("setup.without_storage", setup::without_storage),
        Test::new("queries.result_without_store", queries::result_without_store),
        Test::new("queries.in_a_replay_without_store", queries::in_a_replay),
        Test::new("queries.argument_without_store", queries::argument),
        Test::new("queries.update_without_store", queries::update),
        Test::new("queries.client_without_store", queries::client),
        Test::new("nexus.without_store", nexus::operation),
    ];
    let servers = Servers::from_env().map_err(NotRun::failure);
    Live::new().side_by_side(AT_ONCE).run(servers, |servers, name| Fixture::new(name, servers), tests)
}
