//! Holds the state that all calls of one gateway share. Modules that handle a call import it, and it imports none of
//! them.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::identity::Identities;

mod completion_sizes;
mod failed_queries;
mod held_tasks;
mod limits;
mod options;
mod reported_tasks;
mod slow_tasks;
mod stopped_workers;
mod warned;

pub(crate) use completion_sizes::CompletionSizes;
pub(crate) use failed_queries::{FailedQueries, FailedQuery};
pub(crate) use held_tasks::{Held, HeldTasks};
pub(crate) use limits::{Limit, Limits, NamespaceLimits};
pub(crate) use options::Options;
pub use options::ShownLimits;
pub(crate) use reported_tasks::ReportedTasks;
pub(crate) use slow_tasks::{SlowTasks, Spent, Work};
pub(crate) use stopped_workers::{StoppedWorkers, WorkerId};
pub(crate) use warned::WarnedCommands;

/// Holds the options of a gateway and the bounded maps that its calls fill and read.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) options: Options,
    pub(crate) identities: Identities,
    pub(crate) limits: Limits,
    pub(crate) warned: WarnedCommands,
    pub(crate) failed_queries: FailedQueries,
    pub(crate) slow_tasks: SlowTasks,
    pub(crate) reported_tasks: ReportedTasks,
    pub(crate) completion_sizes: CompletionSizes,
    pub(crate) stopped_workers: StoppedWorkers,
    pub(crate) held_tasks: HeldTasks,
    /// Starts as the option says; a host may set it later.
    data_converter_resolves: AtomicBool,
}

impl State {
    pub(crate) fn new(options: Options) -> Self {
        let data_converter_resolves = AtomicBool::new(options.data_converter_resolves);
        Self {
            options,
            identities: Identities::default(),
            limits: Limits::default(),
            warned: WarnedCommands::default(),
            failed_queries: FailedQueries::default(),
            slow_tasks: SlowTasks::default(),
            reported_tasks: ReportedTasks::default(),
            completion_sizes: CompletionSizes::default(),
            stopped_workers: StoppedWorkers::default(),
            held_tasks: HeldTasks::default(),
            data_converter_resolves,
        }
    }

    /// Says whether the data converter resolves references, as of this call.
    pub(crate) fn data_converter_resolves(&self) -> bool {
        self.data_converter_resolves.load(Ordering::Relaxed)
    }

    pub(crate) fn set_resolving_data_converter(&self, yes: bool) {
        self.data_converter_resolves.store(yes, Ordering::Relaxed);
    }
}
