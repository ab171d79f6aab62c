//! Derives the client that the driver uses from the one that the application injects.

use std::fmt;
use std::str::FromStr as _;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::endpoint::Params;
use aws_sdk_s3::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    ConfigBag, Intercept, RequestChecksumCalculation, ResponseChecksumValidation, RuntimeComponents,
    StalledStreamProtectionConfig,
};
use aws_sdk_s3::error::BoxError;
use aws_smithy_runtime_api::client::endpoint::EndpointResolverParams;
use extstore::object::Timeouts;

use crate::credentials::Credentials;
use crate::{Bucket, http};

/// Derives a client that keeps the user's credentials, HTTP client, region, endpoint and interceptors, and makes
/// one attempt per call.
///
/// Retries and time-outs belong to the engine, which knows the deadline of the message; two layers of them
/// multiply. The digests that the driver sends and checks itself make the vendor's own checksums superfluous;
/// worse, for a body in segments they would be sent as a trailer, which many compatible stores do not understand.
pub(crate) fn derive(client: &Client, timeouts: Timeouts, credentials: &Credentials) -> Client {
    let waits = TimeoutConfig::builder()
        .connect_timeout(timeouts.connect)
        .disable_read_timeout()
        .disable_operation_timeout()
        .disable_operation_attempt_timeout()
        .build();
    let mut config = client
        .config()
        .to_builder()
        .identity_cache(credentials.clone())
        .retry_config(RetryConfig::disabled())
        .timeout_config(waits)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .interceptor(Preflight);
    config.set_http_client(client.config().http_client().map(http::wrap));
    Client::from_conf(config.build())
}

/// Refuses requests that cannot be sent, and those that would leave for another place than the configuration says.
///
/// For a Multi-Region Access Point the vendor's client ignores `endpoint_url` without a word: what looks like a
/// local test writes to Amazon.
#[derive(Debug)]
struct Preflight;

impl Intercept for Preflight {
    fn name(&self) -> &'static str {
        "Preflight"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if components.http_client().is_none() {
            return Err(Refused(
                "the injected client has no HTTP client; set `http_client` in its configuration",
            )
            .into());
        }
        let params = config.load::<EndpointResolverParams>().and_then(|params| params.get::<Params>());
        params.map_or(Ok(()), |params| check(params).map_err(Into::into))
    }
}

fn check(params: &Params) -> Result<(), Refused> {
    let bucket = params.bucket().and_then(|bucket| Bucket::from_str(bucket).ok());
    match bucket {
        Some(Bucket::MultiRegionAccessPoint(_)) if params.endpoint().is_some() => Err(Refused(
            "a Multi-Region Access Point cannot be used with an endpoint URL: its requests go to Amazon",
        )),
        Some(Bucket::MultiRegionAccessPoint(_) | Bucket::AccessPoint(_))
            if params.force_path_style() == Some(true) =>
        {
            Err(Refused("an access point's ARN cannot be used with path-style addresses"))
        }
        _ => Ok(()),
    }
}

/// Says why a request was not made.
#[derive(Debug)]
pub(crate) struct Refused(&'static str);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refused {}
