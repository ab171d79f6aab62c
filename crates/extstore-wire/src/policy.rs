//! Says what kind of data a payload is, so that a host can decide which kinds may leave the history.

/// Names the kind of data that a payload is.
///
/// The specification offloads all of them. A host may keep some inline; it always restores all. Search attributes are
/// missing on purpose: they are never reported, because the server indexes their values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Policy {
    /// Inputs, results, signals, queries, updates, heartbeats, details of cancellation and termination.
    #[default]
    Data,
    /// A Nexus operation's input or result. The other side may not know External Storage.
    Nexus,
    /// A header, which carries tracing and other context.
    Header,
    /// A memo, which lists and the Web UI show.
    Memo,
    /// The summary and the details that the Web UI shows.
    UserMetadata,
    /// Details, encoded attributes and last heartbeats in a failure or in one of its causes.
    Failure,
    /// The details of a marker: results of local activities, side effects, versions.
    Marker,
    /// The label of an event group.
    MarkerLabel,
    /// The data that a caller gives to a callback. The server limits its size.
    Callback,
    /// Data that an operator sets and the server may read: descriptions of endpoints, compute configuration, metadata
    /// of deployments.
    Settings,
}
