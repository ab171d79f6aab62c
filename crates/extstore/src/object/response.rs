//! Reads one object's response: bounds the wait for each chunk, caps the length, and keeps no byte that the permit
//! does not cover.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::TryStreamExt as _;

use super::retry::Attempts;
use super::{Attempt, Open, OpenObject, Request};
use crate::{DEFAULT_PAYLOAD_SIZE_THRESHOLD, Error, ErrorKind, Result};

/// Estimates the bytes of a response until it says its length: smaller payloads are seldom offloaded.
const UNKNOWN: u64 = DEFAULT_PAYLOAD_SIZE_THRESHOLD;

/// Reads an object under the permit of one attempt.
pub(super) struct Response<'a> {
    attempts: &'a Attempts<'a>,
    attempt: Attempt,
    object: OpenObject,
    arrived: u64,
}

/// Says why a response was not read to its end.
pub(super) enum Stop {
    /// The attempt failed.
    Failed(Error),
    /// The response needs this many bytes, which the permit does not cover and the budget does not have free now.
    Outgrown(u64),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Returns the bytes that a request for an object asks for, where a claim may say how many it has.
pub(super) fn expected(hint: u64) -> u64 {
    if hint == 0 { UNKNOWN } else { hint }
}

/// Opens the object and reads it with `read`.
///
/// A response that turns out to need more bytes than are free is given up and asked for again under a permit that
/// covers it: it would lie open with nobody to read it, until the server closes it. `hint` is the claim's, 0 where it
/// has none.
pub(super) async fn read<'a, T, F>(
    attempts: &'a Attempts<'a>,
    hint: u64,
    read: impl Fn(Response<'a>) -> F,
) -> Result<T>
where
    F: Future<Output = Result<T, Stop>>,
{
    let attempt = |attempt: Attempt| async {
        let outcome = async { read(Response::open(attempts, attempt).await?).await };
        match outcome.await {
            Ok(value) => Ok(Ok(value)),
            Err(Stop::Outgrown(needed)) => Ok(Err(needed)),
            Err(Stop::Failed(error)) => Err(error),
        }
    };
    let mut bytes = expected(hint);
    loop {
        match attempts.run(Request::Open, bytes, attempt).await? {
            Ok(value) => return Ok(value),
            // More each time, until the permit covers the whole budget, which is never outgrown.
            Err(needed) => bytes = needed,
        }
    }
}

impl<'a> Response<'a> {
    async fn open(attempts: &'a Attempts<'a>, attempt: Attempt) -> Result<Self, Stop> {
        let engine = attempts.engine;
        let open = Open::new(&attempt, attempts.location, engine.options.read_cap);
        let object = attempts.idle(attempts.limit(Request::Open, 0), attempts.backend.open(open)).await?;
        let response = Self { attempts, attempt, object, arrived: 0 };
        if let Some(len) = response.announced() {
            response.check_len(len)?;
            response.cover(len, len)?;
            response.attempt.permit().shrink(len);
        }
        Ok(response)
    }

    /// Returns the object's length, where the store says it before the first chunk.
    pub(super) fn announced(&self) -> Option<u64> {
        self.object.len
    }

    /// Returns the time until the store deletes the object, where it said so with its answer.
    pub(super) fn expires_in(&self) -> Option<Duration> {
        self.object.expires_in
    }

    /// Says whether a chunk holds no more memory than its bytes.
    pub(super) fn is_exact(&self) -> bool {
        self.object.is_exact
    }

    /// Waits for the next chunk; `None` once all bytes that were announced have arrived.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Stop> {
        let idle = self.attempts.engine.options.timeouts.idle;
        let chunk = self.attempts.idle(idle, self.object.chunks.try_next()).await?;
        self.arrived += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        match self.announced() {
            Some(len) if self.arrived > len || chunk.is_none() && self.arrived < len => Err(ended_early())?,
            Some(_) => {}
            None => {
                self.check_len(self.arrived)?;
                // Twice as much as has arrived, so that few requests find out how long it is.
                self.cover(self.arrived, self.arrived.saturating_mul(2).max(UNKNOWN))?;
            }
        }
        Ok(chunk)
    }

    fn check_len(&self, len: u64) -> Result<()> {
        Open::new(&self.attempt, self.attempts.location, self.attempts.engine.options.read_cap).check_len(len)
    }

    /// Makes the permit cover `bytes`, or gives the response up for one that covers `otherwise`.
    fn cover(&self, bytes: u64, otherwise: u64) -> Result<(), Stop> {
        if self.attempt.permit().cover(bytes) { Ok(()) } else { Err(Stop::Outgrown(otherwise)) }
    }
}

fn ended_early() -> Error {
    ErrorKind::Unavailable.error("the store sent another number of bytes than it announced")
}
