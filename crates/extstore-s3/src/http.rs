//! Wraps the application's HTTP client: cuts answers that are read whole, and marks the errors of connections.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use aws_sdk_s3::config::http::{HttpRequest, HttpResponse};
use aws_sdk_s3::config::{ConfigBag, HttpClient, RuntimeComponents, SharedHttpClient};
use aws_sdk_s3::error::{BoxError, ConnectorError};
use aws_sdk_s3::primitives::SdkBody;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use bytes::Bytes;
use http_body::{Body, Frame};

/// Bounds the bytes that are read of an answer that is not an object. S3's errors have about 300.
const ANSWER_LIMIT: u64 = 64 << 10;

/// Wraps an HTTP client; everything that it does not cut or mark passes unchanged.
///
/// The vendor's client reads the answer to an upload, and every error, into memory before it looks at it, however
/// long it is. And it reports what it could not build or sign with the same error as a connection that failed.
pub(crate) fn wrap(inner: SharedHttpClient) -> SharedHttpClient {
    SharedHttpClient::new(Wrapped(inner))
}

#[derive(Debug)]
struct Wrapped(SharedHttpClient);

impl HttpClient for Wrapped {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(WrappedConnector(self.0.http_connector(settings, components)))
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.validate_base_client_config(components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.validate_final_config(components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

#[derive(Debug)]
struct WrappedConnector(SharedHttpConnector);

impl HttpConnector for WrappedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let method = request.method().to_owned();
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let response = answer.await.map_err(mark)?;
            // The driver reads an object in chunks, up to its cap; the answer to HEAD has no body.
            let unread = method == "HEAD" || (method == "GET" && response.status().is_success());
            Ok(if unread { response } else { cut(response) })
        })
    }
}

fn cut(mut response: HttpResponse) -> HttpResponse {
    let announced = response.headers().get("content-length").and_then(|len| len.parse::<u64>().ok());
    if announced.is_some_and(|len| len > ANSWER_LIMIT) {
        response.headers_mut().remove("content-length");
    }
    response.map(|body| SdkBody::from_body_1_x(Cut { body, left: ANSWER_LIMIT }))
}

/// Ends a body after so many bytes.
struct Cut {
    body: SdkBody,
    left: u64,
}

impl Body for Cut {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        Poll::Ready(frame.map(|frame| {
            Ok(frame?.map_data(|mut data| {
                data.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
                self.left -= data.len() as u64;
                data
            }))
        }))
    }
}

/// Marks an error that the HTTP client reported: the request was complete and about to leave, or had left.
#[derive(Debug)]
pub(crate) struct ConnectionFailed(BoxError);

impl fmt::Display for ConnectionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection failed")
    }
}

impl StdError for ConnectionFailed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.0.as_ref())
    }
}

/// Marks an error that the HTTP client could not classify. The vendor's client uses the same class for its own errors.
fn mark(error: ConnectorError) -> ConnectorError {
    if !error.is_other() {
        return error;
    }
    let kind = error.as_other();
    ConnectorError::other(ConnectionFailed(error.into_source()).into(), kind)
}
