//! Collects the engine's options, their defaults, the retry policy and the time-outs.

use std::time::Duration;

use super::{Cache, Container, ReadFallback, Readable};
use crate::{ErrorKind, Result};

/// Bounds a stored payload unless configured otherwise: 50 MiB, as in every official driver.
pub const DEFAULT_MAX_PAYLOAD_SIZE: u64 = 50 * 1024 * 1024;
/// Bounds an object that is read unless configured otherwise: 128 MiB.
pub const DEFAULT_READ_CAP: u64 = 128 * 1024 * 1024;
/// The engine remembers a stored key for this long at most.
pub const KNOWN_KEYS_LIFETIME: Duration = Duration::from_secs(600);
/// An object that its store will delete sooner is not acknowledged, unless
/// [`with_min_lifetime`](ObjectOptions::with_min_lifetime) says otherwise: one hour.
pub const DEFAULT_MIN_LIFETIME: Duration = Duration::from_secs(3600);
/// An existing object of this age causes one warning where no `refresh_after` is set.
pub const WARN_UNRENEWED_AFTER: Duration = Duration::from_secs(30 * 24 * 3600);

/// Configures the engine of one object driver.
///
/// The options of a driver crate hold one and get its setters with [`object_setters!`](crate::object_setters).
#[derive(Clone, Debug)]
#[must_use]
pub struct ObjectOptions {
    pub(super) name: Option<String>,
    pub(super) container: Container,
    pub(super) key_prefix: String,
    pub(super) readable: Vec<Readable>,
    pub(super) max_payload_size: u64,
    pub(super) read_cap: u64,
    pub(super) refresh_after: Option<Duration>,
    pub(super) min_lifetime: Option<Duration>,
    pub(super) not_found_budget: Duration,
    pub(super) read_fallbacks: Vec<ReadFallback>,
    pub(super) retry: RetryPolicy,
    pub(super) timeouts: Timeouts,
    pub(super) known_keys: usize,
    pub(super) cache: Option<Cache>,
}

/// Bounds how long the engine waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Bounds the time to connect; the backend's client enforces it; 5 seconds by default.
    pub connect: Duration,
    /// Bounds the wait for the start of an answer and for each next chunk; 20 seconds by default. An upload may take
    /// this long plus one second per MiB.
    pub idle: Duration,
    /// Bounds the time for one payload, from its first request on, with all attempts and pauses; 2 minutes by
    /// default. The time in which it waits for permits of the limiter does not count. Each
    /// further place that an object is read from ([`ReadFallback`]) has this time for itself.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(5), idle: seconds(20), total: seconds(120) }
    }
}

/// Says how often the engine tries one request, and how long it pauses in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// Attempts at one request, the first included; 4 by default.
    pub attempts: u32,
    /// The pause before the second attempt; it doubles each time, with jitter; 100 ms by default.
    pub initial_pause: Duration,
    /// The longest pause; 5 seconds by default. A store's own `Retry-After` is waited for even if it is longer.
    pub max_pause: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 4, initial_pause: Duration::from_millis(100), max_pause: Duration::from_secs(5) }
    }
}

impl RetryPolicy {
    /// A policy of this many attempts at one request, with the default pauses.
    #[must_use]
    pub fn attempts(attempts: u32) -> Self {
        Self { attempts, ..Self::default() }
    }

    /// Sets the first and the longest pause.
    #[must_use]
    pub fn with_pauses(mut self, initial: Duration, max: Duration) -> Self {
        (self.initial_pause, self.max_pause) = (initial, max);
        self
    }
}

impl Timeouts {
    /// Sets the time for a connection.
    #[must_use]
    pub fn with_connect(mut self, limit: Duration) -> Self {
        self.connect = limit;
        self
    }

    /// Sets the time for an answer to begin and for each next chunk.
    #[must_use]
    pub fn with_idle(mut self, limit: Duration) -> Self {
        self.idle = limit;
        self
    }

    /// Sets the time for one payload, from its first request on, with all attempts and pauses, and without the time in
    /// which it waits for permits.
    #[must_use]
    pub fn with_total(mut self, limit: Duration) -> Self {
        self.total = limit;
        self
    }
}

impl ObjectOptions {
    /// Makes options for payloads stored in `container`; the name is empty for stores without containers.
    pub fn new(container: impl Into<Container>) -> Self {
        Self {
            name: None,
            container: container.into(),
            key_prefix: String::new(),
            readable: Vec::new(),
            max_payload_size: DEFAULT_MAX_PAYLOAD_SIZE,
            read_cap: DEFAULT_READ_CAP,
            refresh_after: None,
            min_lifetime: None,
            not_found_budget: Duration::ZERO,
            read_fallbacks: Vec::new(),
            retry: RetryPolicy::default(),
            timeouts: Timeouts::default(),
            known_keys: 16 * 1024,
            cache: None,
        }
    }

    crate::object_setters!(@list @define);

    /// Returns the time-outs, for a backend that builds its own client.
    #[must_use]
    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// The containers, for a driver crate's own checks.
    #[must_use]
    pub fn container(&self) -> &Container {
        &self.container
    }

    /// The prefix of all keys as it was given, for a driver crate's own checks.
    #[must_use]
    pub fn key_prefix(&self) -> &str {
        &self.key_prefix
    }

    /// Says whether objects that exist are renewed before their age or the store's word about their end demands it.
    pub(super) fn renews(&self) -> bool {
        self.refresh_after.is_some() || self.min_lifetime.is_some()
    }

    pub(super) fn validate(&self, has_containers: bool) -> Result<()> {
        let config = |message: &str| Err(ErrorKind::Config.error(message));
        if self.name.as_deref() == Some("") {
            return config("name must not be empty; leave it out to use the driver's type");
        }
        if self.max_payload_size == 0 {
            return config("max_payload_size must be greater than zero");
        }
        if self.read_cap < self.max_payload_size {
            return config("read_cap must not be below max_payload_size: what is stored must be readable");
        }
        if self.refresh_after == Some(Duration::ZERO) {
            return config("refresh_after must be greater than zero");
        }
        if self.min_lifetime == Some(Duration::ZERO) {
            return config("min_lifetime must be greater than zero");
        }
        if self.retry.attempts == 0 {
            return config("retry.attempts must be greater than zero");
        }
        if [self.timeouts.connect, self.timeouts.idle, self.timeouts.total].contains(&Duration::ZERO) {
            return config("time-outs must be greater than zero");
        }
        if !has_containers && self.readable.iter().any(Readable::names_container) {
            return config("readable names a container, and this store has none; use `Readable::prefix`");
        }
        if !has_containers && self.read_fallbacks.iter().any(ReadFallback::names_container) {
            return config("read_fallback names a container, and this store has none");
        }
        match self.container.as_fixed() {
            Some("") if has_containers => config("the container (bucket) must not be empty"),
            None if self.readable.is_empty() => config(
                "a container chosen per payload needs `with_readable` for each container that claims may name",
            ),
            _ => Ok(()),
        }
    }
}
