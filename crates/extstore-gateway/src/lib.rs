#![doc = include_str!("docs.md")]

mod answers;
mod builder;
mod call;
mod caller;
mod completion;
mod exchange;
mod failure;
mod gateway;
mod heartbeat;
mod identity;
mod inbound;
mod limits;
mod marker;
mod outbound;
mod own_payloads;
mod own_request;
mod paged;
mod passed_on;
mod peek;
mod scope;
mod state;
mod targets;
mod task_rpc;
#[cfg(test)]
mod testing;
mod time_out;

pub use builder::GatewayBuilder;
pub use call::{Answer, Call, Code, FailedKind, FailedTask, Status, Upstream};
pub use extstore_wire::{Policy, Rope};
pub use failure::STORAGE_FAILURE;
pub use gateway::Gateway;
pub use state::ShownLimits;
