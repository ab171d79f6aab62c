//! One unary RPC as the gateway sees it: names, headers and encoded bytes.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use extstore_wire::Rope;
use http::HeaderMap;

/// A request on its way to Temporal. Cloning copies no byte of the message.
#[derive(Clone)]
pub struct Call {
    /// The gRPC service, such as `temporal.api.workflowservice.v1.WorkflowService`.
    pub service: String,
    /// The method, such as `StartWorkflowExecution`.
    pub method: String,
    /// The request's metadata. What authenticates the caller is in here: it is never printed.
    pub headers: HeaderMap,
    /// The encoded request message.
    pub message: Rope,
}

/// What Temporal answered. Cloning copies no byte of the message.
#[derive(Clone)]
pub struct Answer {
    /// The response's metadata.
    pub headers: HeaderMap,
    /// The encoded response message.
    pub message: Rope,
}

/// A gRPC status other than OK.
#[derive(Clone)]
pub struct Status {
    /// The code.
    pub code: Code,
    /// The message, for people.
    pub message: String,
    /// An encoded `google.rpc.Status`, from the trailer `grpc-status-details-bin`; empty where there is none.
    pub details: Bytes,
    /// The response's metadata, without the three trailers that the fields above are.
    pub headers: HeaderMap,
}

/// The number of a gRPC status code; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code(pub i32);

impl Code {
    /// The caller gave up.
    pub const CANCELLED: Self = Self(1);
    /// The request is wrong and stays wrong. SDKs do not retry it.
    pub const INVALID_ARGUMENT: Self = Self(3);
    /// There is no such thing, or no longer.
    pub const NOT_FOUND: Self = Self(5);
    /// Something must be changed before the same request can succeed. SDKs do not retry it.
    pub const FAILED_PRECONDITION: Self = Self(9);
    /// A defect.
    pub const INTERNAL: Self = Self(13);
    /// The same request may succeed later. SDKs retry it.
    pub const UNAVAILABLE: Self = Self(14);
}

/// Sends calls to Temporal, or to the next hop.
///
/// # Contract
///
/// The host implements it over its own connection, the gateway calls it: for each call that it was given, and for the
/// failure reports that it sends itself. One call is one attempt; the SDK above retries.
///
/// # Cancellation
///
/// Dropping the future abandons the request.
#[async_trait]
pub trait Upstream: Send + Sync + 'static {
    /// Sends one unary RPC and waits for its answer.
    async fn send(&self, call: Call) -> Result<Answer, Status>;
}

impl Answer {
    /// An answer of no bytes: a poll that found no task, or the answer of a message without fields.
    pub(crate) fn empty() -> Self {
        Self { headers: HeaderMap::new(), message: Rope::default() }
    }
}

impl Status {
    /// A status without details and metadata.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: Bytes::new(), headers: HeaderMap::new() }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({}/{}, {} bytes)", self.service, self.method, self.message.len())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({} bytes)", self.message.len())
    }
}

/// The message may quote what a user sent, so it is left out.
impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Status(code {}, {} bytes of details)", self.code.0, self.details.len())
    }
}
