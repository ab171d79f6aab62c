//! Decides which fault meets which request.

use std::collections::VecDeque;
use std::time::Duration;

/// Says what the proxy does with one request; in TCP mode with one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is forwarded and answered.
    #[default]
    Forward,
    /// It is read and never answered, for as long as the client waits. The store does not see it.
    Blackhole,
    /// The store receives and answers all of it; the answer is lost and the connection reset.
    CutAfterUpstream,
    /// Both connections are reset once this many bytes of the request's body were forwarded.
    ResetUpload {
        /// Bytes of the body.
        after: u64,
    },
    /// The connection is closed, without a reset, once this many bytes of the answer's body were forwarded.
    CutResponse {
        /// Bytes of the body.
        after: u64,
    },
    /// It is forwarded and answered in pieces of this many bytes, each sent by itself.
    Sliced {
        /// Bytes of a piece.
        bytes: usize,
    },
    /// The proxy answers it with an empty body. The store does not see it.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The header `Retry-After`, in seconds.
        retry_after: Option<u32>,
    },
    /// It waits for this long and is forwarded then.
    Delay(Duration),
}

impl Fault {
    /// Makes an answer with this status and without `Retry-After`.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Answer { status, retry_after: None }
    }
}

/// Says which requests a fault is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum On {
    /// Every request.
    Any,
    /// `PUT` and `POST`.
    Upload,
    /// `GET`.
    Download,
}

impl On {
    fn covers(self, method: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Upload => matches!(method, "PUT" | "POST"),
            Self::Download => method == "GET",
        }
    }
}

/// Faults in the order in which they were asked for.
#[derive(Debug, Default)]
pub(super) struct Script {
    once: VecDeque<(On, Fault)>,
    always: Vec<(On, Fault)>,
}

impl Script {
    pub(super) fn push(&mut self, on: On, fault: Fault) {
        self.once.push_back((on, fault));
    }

    pub(super) fn always(&mut self, on: On, fault: Fault) {
        self.always.push((on, fault));
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes the fault for the next request: faults for one request come before those that stay.
    pub(super) fn take(&mut self, method: &str) -> Fault {
        let place = self.once.iter().position(|(on, _)| on.covers(method));
        if let Some((_, fault)) = place.and_then(|place| self.once.remove(place)) {
            return fault;
        }
        let always = self.always.iter().rev().find(|(on, _)| on.covers(method));
        always.map(|(_, fault)| fault.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_used_in_order_and_only_by_the_requests_they_are_for() {
        let mut script = Script::default();
        script.push(On::Upload, Fault::status(503));
        script.push(On::Any, Fault::status(500));
        script.always(On::Download, Fault::Blackhole);
        assert_eq!(script.take("GET"), Fault::status(500));
        assert_eq!(script.take("PUT"), Fault::status(503));
        assert_eq!(script.take("PUT"), Fault::Forward);
        assert_eq!(script.take("GET"), Fault::Blackhole);
        script.clear();
        assert_eq!(script.take("GET"), Fault::Forward);
    }
}
