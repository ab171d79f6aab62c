//! Holds what the targets of the core share.
#![allow(dead_code, unused_imports, reason = "each target uses its part")]

mod choices;
mod promise;
mod spy;

pub(crate) use choices::{Choices, words};
pub(crate) use promise::{Place, Promise};
pub(crate) use spy::Spy;

/// Runs a future to its end on this thread.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime of one thread starts");
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}
