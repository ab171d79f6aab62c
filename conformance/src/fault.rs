//! Injects faults between the driver and its store, and between the polls of its futures.
//!
//! [`Proxy`] stands on 127.0.0.1 before a real endpoint and does to each request what a [`Fault`]
//! says: refuse it, swallow it, deliver it and lose the answer, cut it, slice it, answer it with a
//! status. Bytes that it forwards are forwarded as they arrived, the raw path and the `Host` header
//! included, so that signatures verified behind it still hold. It runs in this process, so a case can
//! wait for an event ([`Proxy::wait_for_requests`]) instead of sleeping.

mod exchange;
mod head;
mod log;
mod poll;
mod proxy;
mod script;
mod shared;
mod stream;
mod tcp;

pub use log::Logged;
pub use poll::{Polled, drop_at_poll};
pub use proxy::Proxy;
pub use script::{Fault, On};

#[cfg(test)]
mod tests;
