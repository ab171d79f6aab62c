//! Fetches the payloads of one part of a response, and no more than the response has room for.

use extstore::{Error, Message, Payload, Result, refuse_references};

use super::cap;
use super::plan::{Part, WhenFailed};
use super::references::{restore_with, size_hint};
use crate::exchange::Exchange;

/// Says what became of a reference.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    Restored(Payload),
    /// It stays, because the response has no room for its payload.
    NoRoom,
    /// It stays, because it could not be restored.
    Failed(Error),
}

/// Holds the storage work for one response, and the room for the payloads of all its parts together.
#[derive(Debug)]
pub(super) struct Fetch {
    work: Option<Message>,
    /// The length of the response without the references that must be restored, in bytes.
    length: u64,
    cap: u64,
    /// Says whether the room is smaller than what the storage lets a message restore.
    is_bounded_by_room: bool,
}

impl Fetch {
    /// Starts the work for a response that has `length` bytes before its payloads come.
    pub(super) fn new(exchange: &Exchange, length: u64) -> Self {
        let cap = exchange.state.options.message_cap;
        let room = cap.saturating_sub(length);
        let work = exchange.storage_work(&exchange.caller.namespace).map(|work| work.with_restore_cap(room));
        let is_bounded_by_room = work.as_ref().is_some_and(|work| work.restore_cap() == room);
        Self { work, length, cap, is_bounded_by_room }
    }

    pub(super) fn work(&self) -> Option<&Message> {
        self.work.as_ref()
    }

    /// Fetches the payloads of a part.
    ///
    /// # Errors
    ///
    /// The reason why the part fails.
    pub(super) async fn part(&self, part: &Part) -> Result<Vec<Fate>> {
        match part.when_failed {
            WhenFailed::Fails => {
                let restored = restore_with(self.work.as_ref(), part.references.clone()).await;
                let payloads = restored.map_err(|error| self.explain(error))?;
                Ok(payloads.into_iter().map(Fate::Restored).collect())
            }
            WhenFailed::FailsUnlessTooLarge => {
                let fates = self.each(&part.references).await;
                match fates
                    .iter()
                    .find_map(|fate| if let Fate::Failed(error) = fate { Some(error) } else { None })
                {
                    Some(error) => Err(error.clone()),
                    None => Ok(fates),
                }
            }
            WhenFailed::Stays => Ok(self.each(&part.references).await),
        }
    }

    /// Fetches each payload for itself, those that claim to be small first, so that the room holds as many as it can.
    async fn each(&self, references: &[Payload]) -> Vec<Fate> {
        let Some(work) = &self.work else {
            let refused = refuse_references(references).err();
            let fate =
                |reference: &Payload| refused.clone().map_or(Fate::Restored(reference.clone()), Fate::Failed);
            return references.iter().map(fate).collect();
        };
        let mut order: Vec<usize> = (0..references.len()).collect();
        order.sort_by_key(|at| size_hint(&references[*at]));
        let results = work.restore_each(order.iter().map(|at| references[*at].clone()).collect()).await;
        let mut fates: Vec<(usize, Fate)> = order.into_iter().zip(results.into_iter().map(fate)).collect();
        fates.sort_unstable_by_key(|(at, _)| *at);
        fates.into_iter().map(|(_, fate)| fate).collect()
    }

    /// Names the cap of the response where that was the reason.
    fn explain(&self, error: Error) -> Error {
        match error.over_restore_cap().filter(|_| self.is_bounded_by_room) {
            Some(bytes) => cap::above(self.length.saturating_add(bytes), self.cap),
            None => error,
        }
    }
}

fn fate(result: Result<Payload>) -> Fate {
    match result {
        Ok(payload) => Fate::Restored(payload),
        Err(error) if error.over_restore_cap().is_some() => Fate::NoRoom,
        Err(error) => Fate::Failed(error),
    }
}
