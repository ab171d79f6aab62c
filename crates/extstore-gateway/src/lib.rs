#![doc = include_str!("docs.md")]

mod call;
mod caller;
mod exchange;
mod failure;
mod gateway;
mod heartbeat;
mod identity;
mod inbound;
mod limits;
mod marker;
mod options;
mod outbound;
mod passed_on;
mod peek;
mod targets;
#[cfg(test)]
mod testing;

pub use call::{Answer, Call, Code, Status, Upstream};
pub use extstore_wire::{Policy, Rope};
pub use failure::STORAGE_FAILURE;
pub use gateway::Gateway;
pub use options::GatewayBuilder;
