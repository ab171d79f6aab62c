//! The actions of a schedule.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

/// What a schedule starts: the arms of `temporal.api.schedule.v1.ScheduleAction`.
///
/// The enum is exhaustive on purpose: whoever decides by action must decide again when Temporal adds one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ScheduleAction {
    /// `start_workflow`
    StartWorkflow,
}

impl ScheduleAction {
    /// The action in a field of the message, by the field's number.
    #[must_use]
    pub const fn from_field(number: u32) -> Option<Self> {
        Some(match number {
            1 => Self::StartWorkflow,
            _ => return None,
        })
    }
}
