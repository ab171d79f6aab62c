//! Recognises payloads in markers that the SDK's core writes and reads itself: for patches and local activities.
//!
//! No data converter sees these details, so none resolves a reference in them, and other SDKs on the same core, such as
//! Python's, never offload them. The core carries the result and the arguments of a local activity and does not read
//! them, so they are offloaded. A test asks the core's own readers which details they need.

use extstore_wire::{Frame, MessageType};

use crate::answers::Answers;
use crate::peek;

/// Begins the names of the core's markers: `core_patch`, `core_local_activity`.
const SDK_PREFIX: &[u8] = b"core_";
const LOCAL_ACTIVITY: &[u8] = b"core_local_activity";
/// Names the only detail of a local activity that the core reads: its number, attempt, type and times.
const LOCAL_ACTIVITY_DATA: &[u8] = b"data";
/// Names the field `marker_name` in the command and in the event.
const MARKER_NAME: u32 = 1;
/// Names the key of an entry of the details.
const KEY: u32 = 1;

/// Says which details of a marker the core reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    Nothing,
    Only(&'static [u8]),
    /// All of a patch, and all of a marker that a newer core may write.
    Everything,
}

/// Tells payloads for the SDK's core from others, for one message. A marker of many details is searched for its name
/// once, and a detail of many payloads for its key.
#[derive(Debug, Default)]
pub(crate) struct Markers {
    read: Answers<Read>,
    is_read: Answers<bool>,
}

impl Markers {
    /// Says whether a payload is a detail, in a command or in an event, that the core reads.
    pub(crate) fn is_sdk_internal(&mut self, payload: Frame<'_>) -> bool {
        let is_details = |frame: &Frame<'_>| {
            matches!(
                frame.message(),
                MessageType::RecordMarkerCommandAttributesDetailsEntry
                    | MessageType::MarkerRecordedEventAttributesDetailsEntry
            )
        };
        let Some(details) = payload.ancestors().find(is_details) else { return false };
        let Some(marker) = details.parent() else { return false };
        match self.read.of(marker, read_of) {
            Read::Nothing => false,
            Read::Only(key) => {
                self.is_read.of(details, |details| peek::last(&details.content(), &[KEY]) == Some(key))
            }
            Read::Everything => true,
        }
    }
}

fn read_of(marker: Frame<'_>) -> Read {
    match peek::last(&marker.content(), &[MARKER_NAME]) {
        Some(LOCAL_ACTIVITY) => Read::Only(LOCAL_ACTIVITY_DATA),
        Some(name) if name.starts_with(SDK_PREFIX) => Read::Everything,
        _ => Read::Nothing,
    }
}

#[cfg(test)]
mod tests;
