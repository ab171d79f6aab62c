//! Responses on their way down, through the gateway's door.

mod details;
mod eager;
mod lazy;
mod polls;
mod queries;
mod responses;
mod room;
mod slow;
pub(crate) mod world;
