//! Says what must have been synced before a store is acknowledged.

use std::path::{Path, PathBuf};

use crate::trace::Call;

/// Names the thing that a sync makes durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Synced {
    /// The root's entry in the directory around it.
    Root,
    /// The entry of `objects` in the root.
    Objects,
    /// The entry of the shard in `objects`.
    Shard,
    /// The content, or the time stamp, of the file.
    File,
    /// The name of the object in its shard.
    Name,
}

/// Holds the calls of one store up to its acknowledgement, and the root that it worked in.
pub(crate) struct Store {
    pub(crate) root: PathBuf,
    pub(crate) calls: Vec<Call>,
    pub(crate) acknowledged: Call,
}

impl Store {
    pub(crate) fn new(root: PathBuf, calls: Vec<Call>, acknowledgement: &str) -> Option<Self> {
        let acknowledged = calls.iter().find(|call| call.writes(acknowledgement))?.clone();
        Some(Self { root, calls, acknowledged })
    }

    /// Lists the things that the syncs of the trace made durable, in their order.
    pub(crate) fn syncs(&self) -> Vec<Synced> {
        self.calls.iter().filter(|call| is_sync(call)).filter_map(|call| self.purpose(call)).collect()
    }

    /// Lists the things that were not synced in time, for a store that created its object.
    pub(crate) fn missing_for_new(&self) -> Vec<Synced> {
        let publish = |call: &&Call| call.succeeded && matches!(&*call.name, "linkat" | "renameat2");
        let Some(published) = self.calls.iter().find(publish) else { return vec![Synced::Name] };
        let written = published.path(0);
        let last_write =
            self.calls.iter().rfind(|call| call.name == "write" && call.descriptor(0) == written);
        let file = |call: &Call| {
            call.descriptor(0) == written
                && last_write.is_some_and(|write| write.ended_before(call))
                && call.ended_before(published)
        };
        let made = |synced| self.calls.iter().find(|call| self.makes(call, synced));
        let after = |cause: Option<&Call>, call: &Call| cause.is_some_and(|cause| cause.ended_before(call));
        self.missing(|synced, call| match synced {
            Synced::File => file(call),
            Synced::Name => after(Some(published), call),
            directory => after(made(directory), call),
        })
    }

    /// Lists the things that were not synced in time, for a store that found its object: the one who created it, and the
    /// directories, may not have come to that yet.
    pub(crate) fn missing_for_existing(&self) -> Vec<Synced> {
        self.missing(|_, _| true)
    }

    fn missing(&self, counts: impl Fn(Synced, &Call) -> bool) -> Vec<Synced> {
        let all = [Synced::Root, Synced::Objects, Synced::Shard, Synced::File, Synced::Name];
        let done = |synced: &Synced| {
            self.calls.iter().any(|call| {
                is_sync(call)
                    && call.succeeded
                    && !call.skipped
                    && call.ended_before(&self.acknowledged)
                    && self.purpose(call) == Some(*synced)
                    && counts(*synced, call)
            })
        };
        all.into_iter().filter(|synced| !done(synced)).collect()
    }

    /// Names the thing that is durable once the file or directory of this call is synced.
    fn purpose(&self, call: &Call) -> Option<Synced> {
        let path = Path::new(call.descriptor(0));
        if Some(path) == self.root.parent() {
            return Some(Synced::Root);
        }
        let below: Vec<&str> =
            path.strip_prefix(&self.root).ok()?.iter().filter_map(|part| part.to_str()).collect();
        match below.as_slice() {
            [] => Some(Synced::Objects),
            ["objects"] => Some(Synced::Shard),
            ["objects", _] => Some(Synced::Name),
            ["objects" | "tmp", ..] => Some(Synced::File),
            _ => None,
        }
    }

    /// Says whether the call creates the directory whose entry this sync makes durable.
    fn makes(&self, call: &Call, synced: Synced) -> bool {
        let path = call.path(0);
        let path = Path::new(&path);
        let objects = self.root.join("objects");
        call.name == "mkdirat"
            && call.succeeded
            && match synced {
                Synced::Root => path == self.root,
                Synced::Objects => path == objects,
                _ => path.parent() == Some(&objects),
            }
    }
}

fn is_sync(call: &Call) -> bool {
    matches!(&*call.name, "fsync" | "fdatasync")
}
