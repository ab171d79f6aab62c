use std::error::Error as _;
use std::time::Duration;

use aws_sdk_s3::error::{BoxError, ConnectorError, ErrorMetadata};
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::primitives::SdkBody;

use super::*;

/// Maps a request with this answer.
fn answered(status: u16, code: &str, headers: &[(&'static str, &'static str)]) -> Error {
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from("BODY"));
    for (name, value) in headers {
        response.headers_mut().insert(*name, *value);
    }
    let mut metadata = ErrorMetadata::builder().message("vendor words");
    if !code.is_empty() {
        metadata = metadata.code(code);
    }
    from_sdk(SdkError::service_error(GetObjectError::generic(metadata.build()), response))
}

#[test]
fn each_answer_has_the_kind_that_says_what_to_do() {
    use ErrorKind::*;
    let table = [
        (404, "NoSuchBucket", Config),
        (404, "NoSuchAccessPoint", Config),
        (404, "NoSuchKey", NotFound),
        (404, "NotFound", NotFound),
        (404, "", NotFound),
        (403, "", PermissionDenied),
        (403, "AccessDenied", PermissionDenied),
        (403, "InvalidAccessKeyId", Unauthenticated),
        (403, "SignatureDoesNotMatch", Unauthenticated),
        (403, "RequestTimeTooSkewed", Unauthenticated),
        (403, "InvalidObjectState", Config),
        (400, "ExpiredToken", Unauthenticated),
        (401, "", Unauthenticated),
        (400, "BadDigest", Unavailable),
        (400, "RequestTimeout", Timeout),
        (400, "EntityTooLarge", TooLarge),
        (400, "KeyTooLongError", Config),
        (400, "AuthorizationHeaderMalformed", Config),
        (400, "MalformedXML", Config),
        (301, "PermanentRedirect", Config),
        (301, "", Config),
        (307, "TemporaryRedirect", Unavailable),
        (409, "ConditionalRequestConflict", Conflict),
        (412, "PreconditionFailed", Conflict),
        (413, "", TooLarge),
        (429, "", Throttled),
        (503, "SlowDown", Throttled),
        (503, "", Unavailable),
        (500, "InternalError", Unavailable),
        (501, "NotImplemented", Config),
        (507, "", Unavailable),
        (200, "InternalError", Unavailable),
        (200, "", Unavailable),
        (200, "SlowDown", Throttled),
        (400, "InternalError", Unavailable),
        (403, "ServiceUnavailable", Unavailable),
        (503, "ServiceUnavailable", Unavailable),
    ];
    for (status, code, kind) in table {
        assert_eq!(answered(status, code, &[]).kind(), kind, "{status} {code}");
    }
}

#[test]
fn status_code_and_request_id_are_printed_and_the_vendors_words_are_not() {
    let error = answered(403, "AccessDenied", &[("x-amz-request-id", "R-1")]);
    let line = error.to_string();
    assert!(line.contains("status 403, code AccessDenied, request id R-1"), "{line}");
    assert!(!line.contains("vendor words"));
    let source = error.source().unwrap();
    assert!(format!("{error:?}").contains("vendor words"));
    assert!(!format!("{source:?}").contains("BODY"), "{source:?}");
}

#[test]
fn both_ids_of_a_request_are_printed_because_support_asks_for_both() {
    let ids = [("x-amz-request-id", "R-1"), ("x-amz-id-2", "H-2=")];
    let line = answered(500, "InternalError", &ids).to_string();
    assert!(line.contains("request id R-1") && line.contains("x-amz-id-2 H-2="), "{line}");
}

#[test]
fn the_bucket_s_region_is_named_where_the_client_has_another() {
    let error = answered(301, "PermanentRedirect", &[("x-amz-bucket-region", "eu-central-1")]);
    assert!(error.to_string().contains("bucket_region eu-central-1"), "{error}");
}

#[test]
fn a_delay_is_taken_from_the_store_in_seconds_or_as_a_date() {
    let after = |seconds| Retry::After(Duration::from_secs(seconds));
    assert_eq!(answered(429, "", &[("retry-after", "7")]).retry(), after(7));
    let dates = [("date", "Sat, 21 Nov 2026 11:08:09 GMT"), ("retry-after", "Sat, 21 Nov 2026 11:08:20 GMT")];
    assert_eq!(answered(503, "SlowDown", &dates).retry(), after(11));
    assert_eq!(answered(503, "SlowDown", &[("retry-after", "soon")]).retry(), Retry::Later);
    // A delay does not turn what is permanent into something to repeat.
    assert_eq!(answered(403, "", &[("retry-after", "7")]).retry(), Retry::Never);
}

#[test]
fn a_503_with_a_delay_is_a_limit_whoever_sent_it() {
    assert_eq!(answered(503, "", &[("retry-after", "1")]).kind(), ErrorKind::Throttled);
}

/// Maps a request that failed for this cause, before it was sent.
fn not_sent_for(cause: impl Into<BoxError>) -> Error {
    let cause = ConnectorError::other(cause.into(), None);
    from_sdk(SdkError::<GetObjectError, HttpResponse>::dispatch_failure(cause))
}

#[test]
fn missing_credentials_are_not_an_unreachable_store() {
    let error = not_sent_for(CredentialsError::not_loaded("none"));
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Unauthenticated, Retry::Never));
    let error = not_sent_for(CredentialsError::provider_error("down"));
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Unauthenticated, Retry::Later));
}

#[test]
fn only_the_connection_s_errors_are_unavailable() {
    let error = not_sent_for("the signature cannot be made");
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Config, Retry::Never));
    for error in [ConnectorError::io("reset".into()), ConnectorError::timeout("slow".into())] {
        let error = from_sdk(SdkError::<GetObjectError, HttpResponse>::dispatch_failure(error));
        assert_eq!(error.retry(), Retry::Later, "{error}");
    }
}

#[test]
fn a_session_that_a_directory_bucket_refuses_is_mapped_like_a_request() {
    let response = HttpResponse::new(403.try_into().unwrap(), SdkBody::empty());
    let refused = CreateSessionError::generic(ErrorMetadata::builder().code("AccessDenied").build());
    let error = not_sent_for(SdkError::service_error(refused, response));
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    let cause = ConnectorError::io("reset".into());
    let error = not_sent_for(SdkError::<CreateSessionError, HttpResponse>::dispatch_failure(cause));
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Unavailable, Retry::Later));
}
