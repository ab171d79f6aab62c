//! Tests a signal with start that a workflow sends, which is an operation of the server's own Nexus endpoint.
//!
//! Of the official SDKs, Python's has it. Its row stands beside the matrix: there is one pairing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::crew::{Crew, Place};
use super::legs::{Leg, Proof};
use super::peer::Peer;
use super::report::Row;
use super::{evidence, raw};

/// The server does not allow it by itself.
pub(super) const ALLOWED: &str = "history.enableSignalWithStartFromWorkflow=true";

/// Lets a workflow in Python start one in Rust with a large signal.
pub(super) fn row(place: &Place, codec: &'static str, crew: &Crew) -> Row {
    let (writer, reader) = ("python", "rust");
    let peers = crew.of(writer, false).and_then(|from| Ok((from, crew.of(reader, false)?)));
    let (outcome, reason) = match peers {
        Ok((from, to)) => signal_with_start(place, codec, from, to)
            .map_or_else(|reason| ("fail", reason), |()| ("pass", String::new())),
        Err(absent) => absent,
    };
    Row { writer, reader, codec, position: "signal_with_start", outcome, reason }
}

fn signal_with_start(place: &Place, codec: &str, writer: &Peer, reader: &Peer) -> Proof {
    let leg = |id| Leg { id, writer, reader, server: place.http, bucket: &place.bucket };
    let sender = leg(format!("{codec}-python-rust-signal_with_start"));
    let started = leg(format!("{}-started", sender.id));
    sender.start(writer, "SignalWithStart", writer, "order", reader)?;
    sender.awaited("result", writer).map_err(|reason| sender.explained(reason))?;
    sender.exact(&started.finish().map_err(|reason| started.explained(reason))?)?;
    started.moved("/workflowExecutionSignaledEventAttributes/input/payloads/0")?;
    in_an_envelope(&sender)
}

/// The sender's history holds the reference within the operation's input, which itself stays in the history.
fn in_an_envelope(sender: &Leg<'_>) -> Proof {
    let history = raw::history(sender.server, &sender.id)?;
    let input = evidence::find(&history, "/nexusOperationScheduledEventAttributes/input/data");
    let input = input.and_then(|data| STANDARD.decode(data.as_str()?).ok()).unwrap_or_default();
    match String::from_utf8_lossy(&input).contains("ExternalStorageReference") {
        true => Ok(()),
        false => Err(format!("inline: the operation's input has {} bytes and no reference", input.len())),
    }
}
