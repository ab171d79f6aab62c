//! Holds what the tests share.
#![allow(dead_code, clippy::print_stderr, reason = "each test uses a part of it")]

pub(crate) mod check;
pub(crate) mod hand;
pub(crate) mod model;
pub(crate) mod oracle;
pub(crate) mod population;
pub(crate) mod roots;

use std::sync::OnceLock;

use extstore_wire_plan::prost_reflect::{DescriptorPool, MessageDescriptor};

/// Returns Temporal's descriptors, from the package that the plan was made from.
pub(crate) fn pool() -> &'static DescriptorPool {
    static POOL: OnceLock<DescriptorPool> = OnceLock::new();
    POOL.get_or_init(|| extstore_wire_plan::compile(None).expect("the published .proto files compile").pool)
}

/// Returns a message's descriptor.
pub(crate) fn descriptor(full_name: &str) -> MessageDescriptor {
    pool().get_message_by_name(full_name).unwrap_or_else(|| panic!("no message {full_name}"))
}
