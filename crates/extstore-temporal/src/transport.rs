//! Sends calls to Temporal, or to a proxy before it, over one channel.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use extstore::Result;
use extstore_gateway::{Answer, Call, Code, FailedTask, Status, Upstream};
use http::uri::PathAndQuery;
use temporalio_client::{ConnectionOptions, GrpcCompression};
use tokio::sync::OnceCell;
use tonic::client::Grpc;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::Channel;

use crate::dial::{Connected, Dial};
use crate::message::Bare;
use crate::metrics::FailureCounters;
use crate::{headers, status};

/// The largest response that the SDK reads from the server unless the environment says otherwise: 128 MiB.
const DEFAULT_INCOMING_LIMIT: usize = 128 << 20;

/// Sets the time after a call's own time-out at which the whole exchange is given up: tonic's timer starts when the
/// request is sent and stops at the first byte of the answer, and neither connecting nor reading the rest may hang.
const GRACE: Duration = Duration::from_secs(5);

/// Sends calls over one channel, which the first call opens.
pub(crate) struct Transport {
    dial: Dial,
    connected: OnceCell<Connected>,
    incoming_limit: usize,
    /// Says whether requests are compressed, until a server says that it does not understand it.
    gzip: AtomicBool,
    failures: Option<FailureCounters>,
}

/// Returns the largest response that the SDK accepts, in bytes: it reads the same variable and has the same default.
pub(crate) fn incoming_limit() -> usize {
    let configured = std::env::var("TEMPORAL_MAX_INCOMING_GRPC_BYTES").ok();
    configured.and_then(|text| text.parse().ok()).unwrap_or(DEFAULT_INCOMING_LIMIT)
}

impl Transport {
    /// Reads the options. Nothing is sent.
    pub(crate) fn new(options: &ConnectionOptions) -> Result<Self> {
        Ok(Self {
            dial: Dial::new(options)?,
            connected: OnceCell::new(),
            incoming_limit: incoming_limit(),
            gzip: AtomicBool::new(options.grpc_compression == GrpcCompression::Gzip),
            failures: options.metrics_meter.as_ref().map(FailureCounters::new),
        })
    }

    /// Returns the counters on the meter of the connection's options, if they have one.
    pub(crate) fn failure_counters(&self) -> Option<&FailureCounters> {
        self.failures.as_ref()
    }

    async fn exchange(&self, call: Call) -> Result<Answer, Status> {
        let connected = self.connected.get_or_try_init(|| self.dial.connect()).await?;
        let gzip = self.gzip.load(Ordering::Relaxed);
        match self.once(connected.channel.clone(), call.clone(), gzip).await {
            Err(status) if gzip && refuses_compression(&status) => {
                tracing::info!(server = self.dial.place(), "the server takes no compressed requests");
                self.gzip.store(false, Ordering::Relaxed);
                self.once(connected.channel.clone(), call, false).await
            }
            outcome => outcome,
        }
    }

    async fn once(&self, channel: Channel, call: Call, gzip: bool) -> Result<Answer, Status> {
        let failed = |status| status::from_tonic(status, self.dial.place());
        let path = PathAndQuery::try_from(format!("/{}/{}", call.service, call.method))
            .map_err(|_| Status::new(Code::INTERNAL, "the call has no valid name"))?;
        let mut grpc = Grpc::new(channel).max_decoding_message_size(self.incoming_limit);
        if gzip {
            grpc =
                grpc.send_compressed(CompressionEncoding::Gzip).accept_compressed(CompressionEncoding::Gzip);
        }
        let mut request = tonic::Request::new(call.body);
        *request.metadata_mut() = MetadataMap::from_headers(headers::end_to_end(call.headers));
        grpc.ready().await.map_err(|error| failed(tonic::Status::from_error(error.into())))?;
        let (metadata, body, _) = grpc.unary(request, path, Bare).await.map_err(failed)?.into_parts();
        Ok(Answer::new(headers::end_to_end(metadata.into_headers()), body))
    }
}

#[async_trait]
impl Upstream for Transport {
    fn server(&self) -> &str {
        self.dial.place()
    }

    async fn send(&self, call: Call) -> Result<Answer, Status> {
        let Some(limit) = call.time_out() else { return self.exchange(call).await };
        match tokio::time::timeout(limit + GRACE, self.exchange(call)).await {
            Ok(outcome) => outcome,
            // `UNAVAILABLE`, so that the SDK sends it again: the call did not end, nobody cancelled it.
            Err(_) => {
                let text =
                    format!("{}: no answer within the call's time-out of {limit:?}", self.dial.place());
                Err(Status::new(Code::UNAVAILABLE, text))
            }
        }
    }

    fn note_failed(&self, task: &FailedTask<'_>) {
        if let Some(failures) = &self.failures {
            failures.add(task);
        }
    }
}

/// Says whether the server cannot decompress, by the signs that the SDK goes by.
fn refuses_compression(status: &Status) -> bool {
    const UNIMPLEMENTED: Code = Code(12);
    let text = status.message.to_lowercase();
    status.code == UNIMPLEMENTED
        && ["decompress", "grpc-encoding", "compressor"].iter().any(|word| text.contains(word))
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("server", &self.dial.place()).finish_non_exhaustive()
    }
}
