//! Defines the types in which a host hands calls and answers to the gateway: names, headers and encoded bytes.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use extstore_wire::Rope;
use http::HeaderMap;

use crate::time_out;

/// Holds one unary RPC towards the Temporal server. Cloning copies no byte of the body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Call {
    /// The gRPC service, such as `temporal.api.workflowservice.v1.WorkflowService`.
    pub service: String,
    /// The method, such as `StartWorkflowExecution`.
    pub method: String,
    /// The request's metadata. It holds the caller's credentials, so it is never printed.
    pub headers: HeaderMap,
    /// The encoded request.
    pub body: Rope,
}

/// Holds a successful answer of the Temporal server. Cloning copies no byte of the body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Answer {
    /// The response's metadata.
    pub headers: HeaderMap,
    /// The encoded response.
    pub body: Rope,
}

/// Holds a gRPC status other than OK.
#[derive(Clone)]
#[non_exhaustive]
pub struct Status {
    /// The status code.
    pub code: Code,
    /// The status message: a text for people.
    pub message: String,
    /// An encoded `google.rpc.Status`, from the trailer `grpc-status-details-bin`; empty where there is none.
    pub details: Bytes,
    /// The response's metadata, without the three trailers that the fields above hold.
    pub headers: HeaderMap,
}

/// Holds the number of a gRPC status code; unknown numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code(pub i32);

impl Code {
    /// Says that the caller cancelled the call.
    pub const CANCELLED: Self = Self(1);
    /// Says that the request is wrong and stays wrong. SDKs do not retry it.
    pub const INVALID_ARGUMENT: Self = Self(3);
    /// Says that the caller's time was over before there was an answer. The request may have taken effect.
    pub const DEADLINE_EXCEEDED: Self = Self(4);
    /// Says that the named task, execution or other entity does not exist, or no longer.
    pub const NOT_FOUND: Self = Self(5);
    /// Says that something must be changed before the same request can succeed. SDKs do not retry it.
    pub const FAILED_PRECONDITION: Self = Self(9);
    /// Says that the gateway or the server has a defect. SDKs retry it.
    pub const INTERNAL: Self = Self(13);
    /// Says that the same request may succeed later. SDKs retry it.
    pub const UNAVAILABLE: Self = Self(14);
}

/// Sends calls to the Temporal server, or to the next hop.
///
/// # Contract
///
/// The host implements this trait over its own connection. The gateway calls it for each call that the host hands in
/// and for each request that the gateway sends itself: reports of failures, pages of a completion, questions about a
/// namespace. One call is one attempt; the SDK retries.
///
/// # Errors
///
/// The status of the server, or one that the host makes where no answer came.
///
/// # Concurrency
///
/// The gateway makes any number of calls at the same time.
///
/// # Cancellation
///
/// Dropping the future abandons the request.
#[async_trait]
pub trait Upstream: Send + Sync + 'static {
    /// Names the server, such as by its address.
    ///
    /// The gateway keeps what it learns under this name and the namespace of a request: tasks, limits, failed queries.
    /// Upstreams of one name share it, so two connections to one server should have the same name; upstreams to
    /// different servers must not. A host that separates its callers also further, such as by tenants, makes the
    /// tenant part of the name.
    fn server(&self) -> &str;

    /// Sends one unary RPC and waits for its answer.
    async fn send(&self, call: Call) -> Result<Answer, Status>;

    /// Takes note of a failed task, for the metrics of the client that this upstream belongs to. It is called once for each
    /// attempt, whether Temporal is told of it or not. Count and return, do not block.
    fn note_failed(&self, _task: &FailedTask<'_>) {}
}

/// Describes one attempt at a task that failed because its payloads could not be stored, restored or sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedTask<'a> {
    /// The kind of the task.
    pub kind: FailedKind,
    /// The namespace of the request or poll.
    pub namespace: &'a str,
    /// The tag `failure_reason` of the SDKs' metrics: `ExternalStorageError`, or `PayloadsTooLarge` for a limit of the
    /// namespace or of a response.
    pub reason: &'static str,
}

/// Names the kind of a failed task. Each variant cites the metric of the SDKs that counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailedKind {
    /// `workflow_task_execution_failed`
    Workflow,
    /// `activity_execution_failed`
    Activity,
}

impl Call {
    /// Makes a call from its names, its metadata and the encoded request.
    pub fn new(
        service: impl Into<String>,
        method: impl Into<String>,
        headers: HeaderMap,
        body: impl Into<Rope>,
    ) -> Self {
        Self { service: service.into(), method: method.into(), headers, body: body.into() }
    }

    /// Reads the time that the caller waits for the answer from `grpc-timeout`. Returns none where there is none, or it is
    /// malformed.
    #[must_use]
    pub fn time_out(&self) -> Option<Duration> {
        time_out::read(&self.headers)
    }
}

impl Answer {
    /// Makes an answer from its metadata and the encoded response.
    pub fn new(headers: HeaderMap, body: impl Into<Rope>) -> Self {
        Self { headers, body: body.into() }
    }

    /// Makes an answer of no bytes: a poll that found no task, or a response without fields.
    pub(crate) fn empty() -> Self {
        Self::new(HeaderMap::new(), Rope::default())
    }
}

impl Status {
    /// Makes a status without details and metadata.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: Bytes::new(), headers: HeaderMap::new() }
    }

    /// Sets the encoded `google.rpc.Status`.
    #[must_use]
    pub fn with_details(mut self, details: impl Into<Bytes>) -> Self {
        self.details = details.into();
        self
    }

    /// Sets the response's metadata.
    #[must_use]
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({}/{}, {} bytes)", self.service, self.method, self.body.len())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({} bytes)", self.body.len())
    }
}

/// Leaves the message out, because it may quote what a user sent.
impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Status(code {}, {} bytes of details)", self.code.0, self.details.len())
    }
}
