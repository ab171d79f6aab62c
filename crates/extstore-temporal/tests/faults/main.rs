//! Bad input and faults of storage, on a real Temporal server and a real S3 server.
//!
//! `cargo xtask with temporal,s3 -- cargo test -p extstore-temporal --test faults [-- NAME…]` runs the scenarios whose
//! names hold one of the words, all at once, and prints a line for each. A missing server is an error.
//! `EXTSTORE_FAULTS_OUTAGE` sets the seconds of the long outage: 15 unless set, 60 for the whole minute.
#![allow(clippy::unwrap_used)] // A panic is how a scenario fails, in its helpers too.

mod crew;
#[path = "../support/eventually.rs"]
mod eventually;
mod forged;
mod journal;
mod line;
mod mounts;
mod nexus;
mod outage;
mod oversized;
mod play;
mod replay;
mod runner;
mod secrets;
mod servers;
mod setup;
mod spy;
mod stage;
mod talk;
mod watch;

use std::process::ExitCode;

use futures_util::FutureExt as _;

/// Scenarios that fail, and why. One that passes fails the run: it is to be taken out.
const KNOWN: &[(&str, &str)] = &[];

fn main() -> ExitCode {
    let scenarios: &[runner::Scenario] = &[
        ("outage.at_start", |stage| outage::at_start(stage).boxed_local()),
        ("outage.in_the_middle", |stage| outage::in_the_middle(stage).boxed_local()),
        ("outage.of_an_activity", |stage| outage::of_an_activity(stage).boxed_local()),
        ("outage.last_attempt_of_an_activity", |stage| outage::last_attempt(stage).boxed_local()),
        ("outage.of_a_heartbeat", |stage| outage::of_a_heartbeat(stage).boxed_local()),
        ("outage.on_the_wire", |stage| outage::on_the_wire(stage).boxed_local()),
        ("outage.long", |stage| outage::long(stage).boxed_local()),
        ("replay.missing_object", |stage| replay::missing(stage).boxed_local()),
        ("replay.corrupted_object", |stage| replay::corrupted(stage).boxed_local()),
        ("forged.s3", |stage| forged::s3(stage).boxed_local()),
        ("forged.disk", |stage| forged::disk(stage).boxed_local()),
        ("forged.other_namespace", |stage| forged::other_namespace(stage).boxed_local()),
        ("oversized.client_requests", |stage| oversized::client_requests(stage).boxed_local()),
        ("oversized.activity_result", |stage| oversized::activity_result(stage).boxed_local()),
        ("oversized.heartbeat", |stage| oversized::heartbeat(stage).boxed_local()),
        ("oversized.query_result", |stage| oversized::query_result(stage).boxed_local()),
        ("oversized.workflow_result", |stage| oversized::workflow_result(stage).boxed_local()),
        ("oversized.update_result", |stage| oversized::update_result(stage).boxed_local()),
        ("setup.unknown_driver", |stage| setup::unknown_driver(stage).boxed_local()),
        ("setup.without_storage", |stage| setup::without_storage(stage).boxed_local()),
        ("talk.query_without_store", |stage| talk::query(stage).boxed_local()),
        ("talk.query_in_a_replay", |stage| talk::query_in_a_replay(stage).boxed_local()),
        ("talk.query_argument", |stage| talk::query_argument(stage).boxed_local()),
        ("talk.update_without_store", |stage| talk::update(stage).boxed_local()),
        ("talk.client_without_store", |stage| talk::client(stage).boxed_local()),
        ("nexus.without_store", |stage| nexus::operation(stage).boxed_local()),
    ];
    runner::main(scenarios, KNOWN)
}
