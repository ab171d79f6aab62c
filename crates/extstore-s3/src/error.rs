//! Maps the vendor's errors, once, to kinds that tell an operator what to do.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId as _;
use aws_sdk_s3::operation::create_session::CreateSessionError;
use aws_sdk_s3::primitives::ByteStreamError;
use aws_smithy_http::endpoint::ResolveEndpointError;
use extstore::{Error, ErrorKind, Retry, Vendor};

use crate::client::Refused;
use crate::credentials::NoCredentials;
use crate::http::ConnectionFailed;
use crate::http_date::retry_after;

/// Maps a failed request.
///
/// The vendor's error stays reachable as the source, without the raw response: its `Debug` would print headers
/// and body.
pub(crate) fn from_sdk<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let mapped = map(&error);
    match error.into_source() {
        Ok(source) => mapped.with_source(source),
        Err(_) => mapped,
    }
}

fn map<E>(error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    match error {
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
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => not_sent(error),
        _ => ErrorKind::Internal.error("the vendor's client failed in a way that this version does not know"),
    }
}

/// Maps a body that broke off. The engine drops what has arrived of it.
pub(crate) fn from_stream(error: ByteStreamError) -> Error {
    ErrorKind::Unavailable.error("the connection broke while the object was read").with_source(error)
}

fn unreachable() -> Error {
    ErrorKind::Unavailable.error("the store cannot be reached, or it closed the connection")
}

/// Maps what failed before a byte was sent, and connections that failed in a way that the HTTP client cannot classify.
fn not_sent(error: &(dyn StdError + 'static)) -> Error {
    // A directory bucket: the client asks for a session before the request, and that was refused.
    if let Some(session) = find::<SdkError<CreateSessionError, HttpResponse>>(error) {
        return map(session);
    }
    if find::<ConnectionFailed>(error).is_some() {
        return unreachable();
    }
    if let Some(refused) = find::<Refused>(error) {
        return ErrorKind::Config.error(refused.to_string());
    }
    if let Some(error) = find::<CredentialsError>(error) {
        return credentials(error);
    }
    if find::<NoCredentials>(error).is_some() {
        return provider_failed();
    }
    let text = match find::<ResolveEndpointError>(error) {
        Some(_) => {
            "the client's endpoint settings do not fit the bucket: endpoint URL, path style, FIPS, dual stack"
        }
        None => {
            "the client could not build or sign the request; look at the put hook, at the client's interceptors \
             and at its ways to authenticate"
        }
    };
    ErrorKind::Config.error(text)
}

/// Finds the first error of that type in the chain of causes.
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
        CredentialsError::ProviderTimedOut(_) | CredentialsError::ProviderError(_) => provider_failed(),
        _ => ErrorKind::Unauthenticated.error("no storage credentials were found"),
    }
}

fn provider_failed() -> Error {
    ErrorKind::Unauthenticated.error("the source of the storage credentials failed").with_retry(Retry::Later)
}

fn service(response: &HttpResponse, code: Option<&str>) -> Error {
    let headers = response.headers();
    let delay = headers.get("retry-after").and_then(|value| retry_after(value, headers.get("date")));
    let (kind, text) = classify(response.status().as_u16(), code.unwrap_or_default(), delay.is_some());
    let error = kind.error(text).with_vendor(vendor(response, code));
    let error = match headers.get("x-amz-bucket-region") {
        Some(region) if kind == ErrorKind::Config => error.with_detail("bucket_region", region),
        _ => error,
    };
    match delay {
        Some(delay) if error.retry() != Retry::Never => error.with_retry(Retry::After(delay)),
        _ => error,
    }
}

/// Chooses the kind and its text by <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>. Answers
/// to HEAD have no body, hence no code.
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
            "the object is archived and cannot be read before it is restored; restore it, and keep payloads in a \
             storage class that is read at once",
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

/// Records the answer's facts. Amazon's support asks for both ids of a request.
fn vendor(response: &HttpResponse, code: Option<&str>) -> Vendor {
    let headers = response.headers();
    let mut vendor =
        Vendor::status(response.status().as_u16()).with_code(code).with_request_id(headers.request_id());
    vendor.details.extend(headers.get("x-amz-id-2").map(|id| ("x-amz-id-2", id.to_owned())));
    vendor
}

#[cfg(test)]
mod tests;
