//! Markers that the SDK's core writes and reads itself: patches, and what a local activity was.
//!
//! No data converter sees these details, so nobody below the gateway resolves a reference in them, and other SDKs that
//! stand on the same core, such as Python's, never offload them. What a local activity returned is for user code.

use extstore_wire::{Frame, FrameId, MessageType};

use crate::peek;

/// How the core names its markers: `core_patch`, `core_local_activity`.
const SDK_PREFIX: &[u8] = b"core_";
/// `marker_name` in the command and in the event.
const MARKER_NAME: u32 = 1;
/// The key of an entry of the details, and the one whose value goes to user code.
const KEY: u32 = 1;
const RESULT: &[u8] = b"result";

/// Tells payloads for the core from others, in the order of a message's bytes.
///
/// It remembers the marker that it was asked about last: a marker of many details is searched for its name once and not
/// once for each of them.
#[derive(Debug, Default)]
pub(crate) struct Markers(Option<(FrameId, bool)>);

impl Markers {
    /// Whether a payload is a detail of such a marker, in a command or in an event.
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
        self.has_sdk_internal_name(marker) && peek::last(&details.content(), &[KEY]) != Some(RESULT)
    }

    fn has_sdk_internal_name(&mut self, marker: Frame<'_>) -> bool {
        if let Some((_, known)) = self.0.filter(|(last, _)| *last == marker.id()) {
            return known;
        }
        let is_internal =
            peek::last(&marker.content(), &[MARKER_NAME]).is_some_and(|name| name.starts_with(SDK_PREFIX));
        self.0 = Some((marker.id(), is_internal));
        is_internal
    }
}
