//! Finds RPCs by name.

use crate::plan::RPCS;
use crate::{MessageType, Rpc};

/// Holds one line of the generated table.
pub(crate) struct Entry {
    rpc: Rpc,
    service: &'static str,
    method: &'static str,
    request: MessageType,
    response: MessageType,
}

pub(crate) const fn entry(
    rpc: Rpc,
    service: &'static str,
    method: &'static str,
    request: MessageType,
    response: MessageType,
) -> Entry {
    Entry { rpc, service, method, request, response }
}

impl Rpc {
    /// Returns the RPC of a service and a method; `None` for those without payloads and for all that are unknown: a
    /// host passes them on.
    #[must_use]
    pub fn find(service: &str, method: &str) -> Option<Self> {
        let at = RPCS.binary_search_by(|entry| (entry.service, entry.method).cmp(&(service, method))).ok()?;
        Some(RPCS[at].rpc)
    }

    /// Returns the RPC of an HTTP/2 path, `/package.Service/Method`.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        let (service, method) = path.strip_prefix('/')?.split_once('/')?;
        Self::find(service, method)
    }

    /// Returns all RPCs.
    pub fn all() -> impl Iterator<Item = Self> {
        RPCS.iter().map(|entry| entry.rpc)
    }

    /// Returns the service's full name.
    #[must_use]
    pub fn service(self) -> &'static str {
        self.entry().service
    }

    /// Returns the method's name, without the service.
    #[must_use]
    pub fn method(self) -> &'static str {
        self.entry().method
    }

    /// Returns the type of the request.
    #[must_use]
    pub fn request(self) -> MessageType {
        self.entry().request
    }

    /// Returns the type of the response.
    #[must_use]
    pub fn response(self) -> MessageType {
        self.entry().response
    }

    fn entry(self) -> &'static Entry {
        &RPCS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rpc_is_found_by_its_names() {
        for (at, entry) in RPCS.iter().enumerate() {
            assert_eq!(entry.rpc as usize, at);
            assert_eq!(Rpc::find(entry.service, entry.method), Some(entry.rpc));
            assert_eq!(Rpc::from_path(&format!("/{}/{}", entry.service, entry.method)), Some(entry.rpc));
        }
    }

    #[test]
    fn what_has_no_payloads_is_not_found() {
        let service = Rpc::StartWorkflowExecution.service();
        assert_eq!(Rpc::find(service, "GetSystemInfo"), None);
        assert_eq!(Rpc::find("grpc.health.v1.Health", "Check"), None);
        assert_eq!(Rpc::from_path("StartWorkflowExecution"), None);
    }
}
