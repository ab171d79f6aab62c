//! Starts the servers that commands run beside.

pub(crate) mod backends;
pub(crate) mod container;
pub(crate) mod devserver;
pub(crate) mod engine;
pub(crate) mod images;
#[cfg_attr(not(feature = "containers"), allow(dead_code))]
mod ready;
