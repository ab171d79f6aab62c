//! The vendor's errors, mapped once to what an operator has to do.

use std::error::Error as StdError;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId as _;
use aws_sdk_s3::primitives::{ByteStreamError, DateTime, DateTimeFormat};
use aws_smithy_http::endpoint::ResolveEndpointError;
use extstore::{Error, ErrorKind, Retry, Vendor};

use crate::client::Refused;

/// Maps a failed request.
///
/// The vendor's error stays reachable as the source, without the raw response: its `Debug` would print headers
/// and body.
pub(crate) fn from_sdk<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let mapped = match &error {
        SdkError::ServiceError(failed) => service(failed.raw(), failed.err().code()),
        SdkError::ResponseError(failed) => {
            let text = "the store's answer could not be understood";
            ErrorKind::Unavailable.error(text).with_vendor(vendor(failed.raw(), None))
        }
        SdkError::TimeoutError(_) => ErrorKind::Timeout.error("the store did not answer in time"),
        SdkError::DispatchFailure(failed) if failed.is_timeout() => {
            ErrorKind::Timeout.error("the store could not be reached in time")
        }
        SdkError::DispatchFailure(failed) if failed.is_io() => unreachable(),
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => unsent(&error),
        _ => ErrorKind::Internal.error("the vendor's client failed in a way that this version does not know"),
    };
    match error.into_source() {
        Ok(source) => mapped.with_source(source),
        Err(_) => mapped,
    }
}

/// Maps a body that broke off: what has arrived of it is worth nothing.
pub(crate) fn from_stream(error: ByteStreamError) -> Error {
    ErrorKind::Unavailable.error("the connection broke while the object was read").with_source(error)
}

fn unreachable() -> Error {
    ErrorKind::Unavailable.error("the store cannot be reached, or it closed the connection")
}

/// What failed before a byte was sent, or with a connection that the vendor's client does not classify.
fn unsent(error: &(dyn StdError + 'static)) -> Error {
    if let Some(refused) = find::<Refused>(error) {
        return ErrorKind::Config.error(refused.to_string());
    }
    if let Some(error) = find::<CredentialsError>(error) {
        return credentials(error);
    }
    if find::<ResolveEndpointError>(error).is_some() {
        let text = "the client's endpoint settings do not fit the bucket: endpoint URL, path style, FIPS, dual stack";
        return ErrorKind::Config.error(text);
    }
    unreachable()
}

/// The first error of that type in the chain of causes.
fn find<'a, T: StdError + 'static>(mut error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    loop {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        error = error.source()?;
    }
}

fn credentials(error: &CredentialsError) -> Error {
    match error {
        CredentialsError::ProviderTimedOut(_) | CredentialsError::ProviderError(_) => {
            ErrorKind::Unauthenticated
                .error("the source of the storage credentials failed")
                .with_retry(Retry::Later)
        }
        _ => ErrorKind::Unauthenticated.error("no storage credentials were found"),
    }
}

fn service(response: &HttpResponse, code: Option<&str>) -> Error {
    let delay = retry_after(response);
    let (kind, text) = classify(response.status().as_u16(), code.unwrap_or_default(), delay.is_some());
    let error = kind.error(text).with_vendor(vendor(response, code));
    let error = match response.headers().get("x-amz-bucket-region") {
        Some(region) if kind == ErrorKind::Config => error.with_detail("bucket_region", region),
        _ => error,
    };
    match delay {
        Some(delay) if error.retry() != Retry::Never => error.with_retry(Retry::After(delay)),
        _ => error,
    }
}

/// The table: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>. Answers to HEAD have no body,
/// hence no code.
fn classify(status: u16, code: &str, has_delay: bool) -> (ErrorKind, &'static str) {
    use ErrorKind::*;
    match (status, code) {
        (_, "NoSuchBucket" | "NoSuchAccessPoint" | "NoSuchMultiRegionAccessPoint") => {
            (Config, "the bucket does not exist")
        }
        (_, "RequestTimeTooSkewed" | "RequestExpired") => {
            (Unauthenticated, "this machine's clock differs from the store's")
        }
        (
            _,
            "ExpiredToken"
            | "ExpiredTokenException"
            | "InvalidAccessKeyId"
            | "InvalidSecurity"
            | "InvalidToken"
            | "NotSignedUp"
            | "SignatureDoesNotMatch"
            | "TokenRefreshRequired",
        )
        | (401, _) => (Unauthenticated, "the store did not accept the credentials"),
        (_, "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException" | "PermanentRedirect")
        | (301, _) => (Config, "the bucket is in another region than the client"),
        (_, "InvalidObjectState") => (
            Config,
            "the object lies in an archive; restore it and keep payloads in an immediate storage class",
        ),
        (
            _,
            "BadDigest"
            | "IncompleteBody"
            | "InvalidDigest"
            | "XAmzContentChecksumMismatch"
            | "XAmzContentSHA256Mismatch",
        ) => (Unavailable, "the content was damaged on its way to the store"),
        (_, "EntityTooLarge") | (413, _) => (TooLarge, "the store accepts no object of this size"),
        (_, "KeyTooLongError") | (414, _) => {
            (Config, "the key is longer than the store allows; shorten the key prefix")
        }
        (_, "RequestTimeout") | (408, _) => (Timeout, "the store waited for the content too long"),
        (
            _,
            "BandwidthLimitExceeded"
            | "RequestLimitExceeded"
            | "SlowDown"
            | "Throttling"
            | "ThrottlingException"
            | "TooManyRequests"
            | "TooManyRequestsException",
        )
        | (429, _) => (Throttled, "the store asks for fewer requests"),
        // Proxies and load balancers know no codes; a delay is what tells a limit from a failure.
        (503, _) if has_delay => (Throttled, "the store asks for fewer requests"),
        // A store behind a proxy that changed the status, or an answer that began as a success and became an error.
        (_, "InternalError" | "ServiceUnavailable") | (200..=299, _) => (Unavailable, "the store failed"),
        (403, _) => (PermissionDenied, "access denied"),
        (404, _) => (NotFound, "there is no object at this location"),
        (409 | 412, _) => (Conflict, "the object was changed by somebody else at the same time"),
        (501, _) => (Config, "the store does not implement what the request asks for"),
        // A bucket that was just created answers 307 until all of the vendor's servers know it.
        (307 | 500.., _) => (Unavailable, "the store failed"),
        _ => (Config, "the store refused the request"),
    }
}

fn vendor(response: &HttpResponse, code: Option<&str>) -> Vendor {
    Vendor::status(response.status().as_u16())
        .with_code(code)
        .with_request_id(response.headers().request_id())
}

/// Seconds, or a date that counts from the answer's own date where it has one.
fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let value = response.headers().get("retry-after")?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "a date of HTTP is wall clock, and here the store sent none of its own"
    )]
    let now = response.headers().get("date").and_then(http_date).unwrap_or_else(SystemTime::now);
    Some(http_date(value)?.duration_since(now).unwrap_or_default())
}

/// A date as HTTP headers write it.
pub(crate) fn http_date(text: &str) -> Option<SystemTime> {
    DateTime::from_str(text, DateTimeFormat::HttpDate).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests;
