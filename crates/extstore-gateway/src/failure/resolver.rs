//! Failures of the resolver below, which the SDK reports in its own words and with its own cause.

use bytes::BytesMut;
use extstore::{ErrorKind, Event};
use extstore_wire::{Rewrite, Rpc, Scan, put_varint_field};

use super::path::Path;
use super::table::{ACTIVITY_STORAGE, WORKFLOW_STORAGE};
use crate::exchange::Exchange;
use crate::peek;

/// What the resolver of `extstore-temporal` says before an error's public part, which begins with its kind. The SDK
/// has no other channel for what a data converter could not do than this text.
const RESOLVER: &str = "Encoding error: External Storage: ";
/// Its sentences without a kind: no storage, and a reference that no codec decodes.
const CODES: [&str; 2] = ["Encoding error: [TMPRL1105]", "Encoding error: [TMPRL1106]"];

/// What the SDK says of an activity that never ran, because its task could not be decoded. Without it, the words are an
/// activity's own: what its client could not read is no failure of its task.
const ACTIVITY: &str = "Failed decoding activity task: ";

/// Names storage as the cause of a failure that the resolver below made, and counts it. Says whether it is one.
pub(crate) fn name_cause(exchange: &Exchange, request: &Scan, rewrite: &mut Rewrite<'_>) -> bool {
    let (path, message, cause, value) = match exchange.rpc {
        // The numbers of `failure.message` and of `cause`.
        Rpc::RespondWorkflowTaskFailed => (Path::WorkflowTaskFailedOut, [3, 1], 2, WORKFLOW_STORAGE),
        Rpc::RespondQueryTaskCompleted => (Path::QueryTaskOut, [7, 1], 8, WORKFLOW_STORAGE),
        Rpc::RespondActivityTaskFailed => (Path::ActivityOut, [2, 1], 10, ACTIVITY_STORAGE),
        _ => return false,
    };
    if !exchange.shared.resolver_below() {
        return false;
    }
    let text = peek::text(request.bytes(), &message);
    if path == Path::ActivityOut && !text.starts_with(ACTIVITY) {
        return false;
    }
    let Some(kind) = kind(&text) else { return false };
    let mut field = BytesMut::new();
    put_varint_field(&mut field, cause, value.into());
    rewrite.append(request.root().id(), [field.freeze()]);
    if let Some(storage) = exchange.storage() {
        storage.observe(&Event::failed(path.name(), kind, true));
    }
    true
}

fn kind(message: &str) -> Option<ErrorKind> {
    if CODES.iter().any(|code| message.contains(code)) {
        return Some(ErrorKind::Config);
    }
    let (_, public) = message.split_once(RESOLVER)?;
    let (name, _) = public.split_once(':')?;
    ErrorKind::ALL.into_iter().find(|kind| kind.to_string() == name)
}
