//! Converts statuses of tonic to those of the gateway and back.

use std::error::Error;

use bytes::Bytes;
use extstore_gateway::{Code, Status};
use tonic::metadata::MetadataMap;

use crate::headers;

/// Converts the status that came back instead of an answer.
///
/// The status of a server is taken as it is, with its details. A status that arose on the way has a source, which does
/// not survive the SDK's own encoding: its text joins the message, and a broken connection is `UNAVAILABLE`, because
/// the SDK tells it from a cancellation by that source alone.
pub(crate) fn from_tonic(status: tonic::Status, place: &str) -> Status {
    let broken = status.code() == tonic::Code::Cancelled && is_broken_connection(&status);
    let code = if broken { Code::UNAVAILABLE } else { Code(status.code().into()) };
    let message = match status.source() {
        Some(source) => format!("{place}: {}", chain(source)),
        None => status.message().to_owned(),
    };
    Status::new(code, message)
        .with_details(Bytes::copy_from_slice(status.details()))
        .with_headers(headers::end_to_end(status.metadata().clone().into_headers()))
}

/// Converts a status for the SDK, with its details.
pub(crate) fn to_tonic(status: Status) -> tonic::Status {
    let code = tonic::Code::from_i32(status.code.0);
    let metadata = MetadataMap::from_headers(headers::end_to_end(status.headers));
    tonic::Status::with_details_and_metadata(code, status.message, status.details, metadata)
}

/// Makes the status for a connection that could not be made.
pub(crate) fn unreachable(place: &str, error: &(dyn Error + 'static)) -> Status {
    Status::new(Code::UNAVAILABLE, format!("cannot connect to {place}: {}", chain(error)))
}

/// Writes all errors of a chain in one line, each text once.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        next = error.source();
        if texts.last().is_none_or(|last| !last.ends_with(&text)) {
            texts.push(text);
        }
    }
    texts.join(": ")
}

/// Says whether the transport and not the caller cancelled: the connection was lost during the call.
fn is_broken_connection(status: &tonic::Status) -> bool {
    let transport = status.source().and_then(|source| source.downcast_ref::<tonic::transport::Error>());
    transport.and_then(Error::source).is_some_and(|source| source.is::<hyper::Error>())
}
