//! Defines one attempt at one request, which holds its permit.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::Permit;

/// Describes one attempt at one request: the permit that it holds, when it must end, and how many came before it.
///
/// The engine drops its clone when the attempt ends or is cancelled. A backend whose work goes on after
/// its future was dropped, such as a system call on a blocking thread, moves a clone into that work, so
/// that the budget counts it until it has ended. A backend whose store takes a time-out as an argument
/// (`WAITAOF`, `grpc-timeout`) sends [`time_left`](Self::time_left). All others ignore the attempt.
#[derive(Clone, Debug)]
pub struct Attempt {
    permit: Arc<Permit>,
    deadline: Option<Instant>,
    number: u32,
}

impl Attempt {
    /// Makes a first attempt that holds this permit and has no deadline.
    #[must_use]
    pub fn new(permit: Permit) -> Self {
        Self { permit: Arc::new(permit), deadline: None, number: 1 }
    }

    /// Sets the moment at which the engine drops the call.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Option<Instant>) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the attempt's number; the first attempt at a request is 1.
    #[must_use]
    pub fn with_number(mut self, number: u32) -> Self {
        self.number = number;
        self
    }

    /// Returns the moment at which the engine drops the call; `None` where nothing bounds it.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Returns the time until the deadline, zero once it has passed; `None` where nothing bounds the call.
    #[must_use]
    pub fn time_left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Returns the attempt's number; the first attempt at a request is 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    pub(super) fn permit(&self) -> &Permit {
        &self.permit
    }
}
