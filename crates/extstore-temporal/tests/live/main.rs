//! Tests a worker and a client of the SDK through a mount, on a real Temporal server.
//!
//! `cargo xtask with temporal -- cargo test -p extstore-temporal --test live` starts one. Arguments choose tests by a
//! part of their names.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod activities;
mod large;
mod messages;
mod modes;
mod mounted;
mod moves;
mod replays;
#[path = "../support/mod.rs"]
mod support;
mod workflows;

use std::process::ExitCode;

use extstore_testkit::live::{Live, NotRun, Test};

use support::fixture::{Fixture, temporal_address};

macro_rules! tests {
    ($($module:ident: $($name:ident),+;)+) => {
        [$($(Test::new(stringify!($name), $module::$name),)+)+]
    };
}

fn main() -> ExitCode {
    let server = temporal_address("live")
        .map_err(|reason| NotRun::unless_required("EXTSTORE_REQUIRE_TEMPORAL", reason));
    let tests = tests![
        moves: large_payloads_leave_a_small_history, a_chain_reads_nothing_twice, an_eager_start_is_restored;
        messages: signals_queries_and_updates_are_moved, children_and_local_activities_are_moved,
            a_memo_survives_continue_as_new, a_header_is_moved, failure_details_are_moved, heartbeat_details_are_moved;
        modes: the_codec_runs_before_the_store, without_storage_a_reference_is_refused, the_codec_alone_is_enough,
            an_unreachable_server_is_named;
        replays: a_history_of_references_replays;
        large: many_activities_in_one_task, a_large_input_beside_many_activities,
            mounts_that_learn_nothing_from_one_another;
    ];
    Live::new().run(server, |server, name| Fixture::new(&format!("live-{name}"), server), tests)
}
