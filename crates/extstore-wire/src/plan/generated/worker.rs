//! The plan of `temporal.api.worker.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use super::MessageType as T;
use crate::plan::{Message, into};

/// `temporal.api.worker.v1.WorkerHeartbeat`
pub(crate) static WORKER_HEARTBEAT: Message = Message::new(T::WorkerHeartbeat, &[]).kept();

/// `temporal.api.worker.v1.WorkerInfo`
pub(crate) static WORKER_INFO: Message = Message::new(T::WorkerInfo, &[
    into(1, "worker_heartbeat", &WORKER_HEARTBEAT),
]);
