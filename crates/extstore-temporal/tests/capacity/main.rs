//! Tests capacity and life cycle on a real Temporal server: how often the store is read, how much fits through a
//! connection, which faults of a server or a worker are survived, how much memory a worker takes, and under which keys
//! payloads are stored.
//!
//! `cargo xtask with --dynamic history.enableSignalWithStartFromWorkflow=true temporal -- cargo test -p
//! extstore-temporal --test capacity [-- NAME…]` runs the tests whose names hold one of the words, one after another,
//! and prints a line for each. A missing server is an error.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod activities;
mod blob;
mod chain;
mod control;
mod ending;
mod envelope;
mod gate;
mod handed_back;
mod inflated;
mod keys;
mod memory;
mod memory_store;
mod restart;
mod stopped;
#[path = "../support/mod.rs"]
mod support;
mod text;
mod workers;
mod workflows;

use std::process::ExitCode;

use extstore_testkit::live::{Live, NotRun, Test};

use support::fixture::{Fixture, temporal_address};

fn main() -> ExitCode {
    if memory::is_child() {
        return memory::child();
    }
    let tests = [
        Test::new("chain.of_two_processes", chain::of_two_processes),
        Test::new("inflated.with_the_data_converter", inflated::with_converter),
        Test::new("inflated.without_it", inflated::without_converter),
        Test::new("stopped.during_an_upload", stopped::during_an_upload),
        Test::new("stopped.during_a_restore", stopped::during_a_restore),
        Test::new("stopped.gone_during_a_restore", stopped::gone_during_a_restore),
        Test::new("stopped.gone_during_an_upload", stopped::gone_during_an_upload),
        Test::new("handed_back.eager", handed_back::eager),
        Test::new("handed_back.polled", handed_back::polled),
        Test::new("handed_back.while_storage_is_slow", handed_back::while_storage_is_slow),
        Test::new("ending.of_a_cancelled_activity", ending::cancelled),
        Test::new("ending.with_details_of_a_cancellation", ending::with_details),
        Test::new("ending.while_the_worker_stops", ending::while_stopping),
        Test::new("keys.of_every_target", keys::of_every_target),
        Test::new("envelope.signal_with_start", envelope::signal_with_start),
        Test::new("restart.in_the_middle", restart::in_the_middle),
        Test::new("memory.of_64_workflows", memory::of_64_workflows),
    ];
    let server = temporal_address("capacity").map_err(NotRun::failure);
    Live::new().run(server, |server, name| Fixture::new(&format!("capacity-{name}"), server), tests)
}
