//! Capacity and life cycle on a real Temporal server: how often the store is read, what fits through a connection, what
//! outlives a server or a worker, how much memory it takes, and under which keys payloads are stored.
//!
//! `cargo xtask with --dynamic history.enableSignalWithStartFromWorkflow=true temporal -- cargo test -p
//! extstore-temporal --test capacity [-- NAME…]` runs the scenarios whose names hold one of the words, one after
//! another, and prints a line for each. A missing server is an error.
#![allow(clippy::unwrap_used)] // A panic is how a scenario fails, in its helpers too.

#[path = "../support/blob.rs"]
mod blob;
mod chain;
mod control;
mod crew;
mod ending;
mod envelope;
#[path = "../support/eventually.rs"]
mod eventually;
mod flows;
mod gate;
mod inflated;
mod journal;
mod keys;
mod memory;
mod restart;
mod runner;
mod shelf;
mod stage;
mod stopped;
mod text;

use std::process::ExitCode;

use futures_util::FutureExt as _;

fn main() -> ExitCode {
    if memory::is_child() {
        return memory::child();
    }
    runner::main(&[
        ("chain.of_two_processes", |stage| chain::of_two_processes(stage).boxed_local()),
        ("inflated.with_the_data_converter", |stage| inflated::with_converter(stage).boxed_local()),
        ("inflated.without_it", |stage| inflated::without_converter(stage).boxed_local()),
        ("stopped.during_an_upload", |stage| stopped::during_an_upload(stage).boxed_local()),
        ("stopped.during_a_restore", |stage| stopped::during_a_restore(stage).boxed_local()),
        ("stopped.gone_during_a_restore", |stage| stopped::gone_during_a_restore(stage).boxed_local()),
        ("stopped.gone_during_an_upload", |stage| stopped::gone_during_an_upload(stage).boxed_local()),
        ("ending.of_a_cancelled_activity", |stage| ending::cancelled(stage).boxed_local()),
        ("ending.with_details_of_a_cancellation", |stage| ending::with_details(stage).boxed_local()),
        ("ending.while_the_worker_stops", |stage| ending::while_stopping(stage).boxed_local()),
        ("keys.of_every_target", |stage| keys::of_every_target(stage).boxed_local()),
        ("envelope.signal_with_start", |stage| envelope::signal_with_start(stage).boxed_local()),
        ("restart.in_the_middle", |stage| restart::in_the_middle(stage).boxed_local()),
        ("memory.of_64_workflows", |stage| memory::of_64_workflows(stage).boxed_local()),
    ])
}
