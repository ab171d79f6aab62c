//! Responses on their way down, through the gateway's door.

mod cap;
mod details;
mod eager;
pub(crate) mod fixture;
mod lazy;
mod polls;
mod queries;
mod responses;
mod slow;
