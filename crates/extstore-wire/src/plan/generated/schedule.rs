//! The plan of `temporal.api.schedule.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use super::{common, workflow};
use super::MessageType as T;
use crate::plan::{Message, into};

/// `temporal.api.schedule.v1.Schedule`
pub(crate) static SCHEDULE: Message = Message::new(T::Schedule, &[
    into(2, "action", &SCHEDULE_ACTION),
]);

/// `temporal.api.schedule.v1.ScheduleAction`
pub(crate) static SCHEDULE_ACTION: Message = Message::new(T::ScheduleAction, &[
    into(1, "start_workflow", &workflow::NEW_WORKFLOW_EXECUTION_INFO),
]).watched(&[
    1,
]);

/// `temporal.api.schedule.v1.ScheduleListEntry`
pub(crate) static SCHEDULE_LIST_ENTRY: Message = Message::new(T::ScheduleListEntry, &[
    into(2, "memo", &common::MEMO),
]);
