#![doc = include_str!("docs.md")]

mod capture;
mod encode;
mod fault;
mod field;
mod payload;
mod plan;
mod policy;
mod rewrite;
mod rope;
mod rpc;
mod scan;
mod steps;
mod walk;

pub use capture::Capture;
pub use encode::{put_bytes, put_varint, put_varint_field, varint_len};
pub use fault::Fault;
pub use field::{Fields, RawField, Wire, fields};
pub use payload::metadata;
pub use plan::{Command, MessageType, Rpc, ScheduleAction};
pub use policy::Policy;
pub use rewrite::Rewrite;
pub use rope::Rope;
pub use scan::{Frame, FrameId, Leaf, Scan, Skip};
#[cfg(feature = "steps")]
pub use steps::steps;
pub use walk::{Entered, Found, MAX_DEPTH, Skipped, Value, Visitor, walk};
