//! Recognises payloads in markers that the SDK's core writes and reads itself: for patches and local activities.
//!
//! No data converter sees these details, so none resolves a reference in them, and other SDKs on the same core, such as
//! Python's, never offload them. The result of a local activity is for user code, and is offloaded.

use extstore_wire::{Frame, FrameId, MessageType};

use crate::peek;

/// The core's markers have names with this prefix: `core_patch`, `core_local_activity`.
const SDK_PREFIX: &[u8] = b"core_";
/// `marker_name` in the command and in the event.
const MARKER_NAME: u32 = 1;
/// The key of an entry of the details, and the key whose value goes to user code.
const KEY: u32 = 1;
const RESULT: &[u8] = b"result";

/// Tells payloads for the SDK's core from others. Its caller asks in the order of a message's bytes.
///
/// It remembers the answer for the last marker, so that a marker of many details is searched for its name once.
#[derive(Debug, Default)]
pub(crate) struct Markers(Option<(FrameId, bool)>);

impl Markers {
    /// Says whether a payload is a detail of such a marker, in a command or in an event, and not for user code.
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
