//! Failures of the resolver below, which the SDK reports in its own words and with its own cause.

use bytes::BytesMut;
use extstore::{ErrorKind, Event};
use extstore_wire::{Rewrite, Rpc, Scan, put_varint_field};

use super::path::Path;
use super::table::{ACTIVITY_STORAGE, WORKFLOW_STORAGE};
use crate::exchange::Exchange;
use crate::peek;

/// What a resolver below says before an error's [public part](extstore::Error::public), which begins with its kind.
///
/// An SDK has no other channel for what a data converter could not do than this text. By it the gateway tells a
/// failure of storage from others, and names its cause to Temporal.
pub const STORAGE_FAILURE: &str = "External Storage: ";
/// What the Rust SDK says before the text of a codec.
const OF_A_CODEC: &str = "Encoding error: ";
/// A resolver's sentences without a kind: no storage, and a reference that no codec decodes.
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
    if !exchange.state.resolver_below() {
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
    exchange.observe(&Event::failed(path.name(), kind, true));
    true
}

fn kind(message: &str) -> Option<ErrorKind> {
    if CODES.iter().any(|code| message.contains(code)) {
        return Some(ErrorKind::Config);
    }
    // A codec around ours may have said it again.
    let public = message.split(OF_A_CODEC).skip(1).find_map(|said| said.strip_prefix(STORAGE_FAILURE))?;
    let (name, _) = public.split_once(':')?;
    ErrorKind::ALL.into_iter().find(|kind| kind.to_string() == name)
}
