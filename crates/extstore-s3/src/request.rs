//! Requests as they leave: bodies in segments, payload hashes that are known already, and the user's hook.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::SystemTime;

use aws_runtime::auth::{PayloadSigningOverride, SigV4OperationSigningConfig};
use aws_sdk_s3::config::interceptors::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use bytes::Bytes;
use extstore::{Body, Digest};
use http_body::{Frame, SizeHint};

use crate::error::http_date;

type Hook = dyn Fn(PutObjectFluentBuilder) -> PutObjectFluentBuilder + Send + Sync;

/// What the user adds to each upload.
#[derive(Clone)]
pub(crate) struct PutHook(Arc<Hook>);

impl PutHook {
    pub(crate) fn new(
        hook: impl Fn(PutObjectFluentBuilder) -> PutObjectFluentBuilder + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(hook))
    }

    pub(crate) fn apply(&self, request: PutObjectFluentBuilder) -> PutObjectFluentBuilder {
        (self.0)(request)
    }
}

impl fmt::Debug for PutHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PutHook")
    }
}

/// A body that is sent segment by segment, so that nothing is copied.
///
/// It is always a stream for the vendor's client, even where there is one segment: of a body in memory that
/// client prints the bytes when it reports certain errors.
pub(crate) fn stream(body: &Body) -> ByteStream {
    let segments = body.segments().to_vec().into_iter();
    ByteStream::new(SdkBody::from_body_1_x(Segments { segments, left: body.len() as u64 }))
}

struct Segments {
    segments: std::vec::IntoIter<Bytes>,
    left: u64,
}

impl http_body::Body for Segments {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.segments.next();
        self.left -= next.as_ref().map_or(0, |segment| segment.len() as u64);
        Poll::Ready(next.map(|segment| Ok(Frame::data(segment))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// Signs the digest that is known instead of hashing the body again, which the vendor's client can do only for
/// bodies in one piece: others it would send with an unsigned payload.
#[derive(Debug)]
pub(crate) struct SignedPayload(pub(crate) Digest);

impl Intercept for SignedPayload {
    fn name(&self) -> &'static str {
        "SignedPayload"
    }

    fn modify_before_signing(
        &self,
        _: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // `PayloadSigningOverride` itself is read for SigV4 only, this for Multi-Region Access Points (SigV4A) too.
        if let Some(mut signing) = config.load::<SigV4OperationSigningConfig>().cloned() {
            let known = PayloadSigningOverride::Precomputed(self.0.to_hex());
            signing.signing_options.payload_override = Some(known.to_signable_body());
            config.interceptor_state().store_put(signing);
        }
        Ok(())
    }
}

/// Notes what the store's clock says, because ages are counted by that clock and not by ours.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerClock(Arc<OnceLock<SystemTime>>);

impl ServerClock {
    /// The store's time of the answer, or ours where the store does not tell.
    #[expect(
        clippy::disallowed_methods,
        reason = "a date of HTTP is wall clock, and here the store sent none of its own"
    )]
    pub(crate) fn now(&self) -> SystemTime {
        self.0.get().copied().unwrap_or_else(SystemTime::now)
    }
}

impl Intercept for ServerClock {
    fn name(&self) -> &'static str {
        "ServerClock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(date) = context.response().headers().get("date").and_then(http_date) {
            self.0.get_or_init(|| date);
        }
        Ok(())
    }
}
