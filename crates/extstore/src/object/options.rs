use std::time::Duration;

use super::{Cache, Container, Readable};
use crate::{ErrorKind, Result};

/// The largest payload that is stored unless configured otherwise: 50 MiB, as in every official driver.
pub const DEFAULT_MAX_PAYLOAD_SIZE: u64 = 50 * 1024 * 1024;
/// The largest object that is read unless configured otherwise: 128 MiB.
pub const DEFAULT_READ_CAP: u64 = 128 * 1024 * 1024;
/// How long a stored key is remembered, at most.
pub const KNOWN_KEYS_LIFETIME: Duration = Duration::from_secs(600);
/// An existing object of this age causes one warning where no `refresh_after` is set.
pub const WARN_UNRENEWED_AFTER: Duration = Duration::from_secs(30 * 24 * 3600);

/// What every object driver can be told, with its defaults.
///
/// Driver crates keep one inside their own options and forward its methods.
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
    pub(super) retry: RetryPolicy,
    pub(super) timeouts: Timeouts,
    pub(super) known_keys: usize,
    pub(super) cache: Option<Cache>,
}

/// How long the engine waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// For a connection, enforced by the backend's client; 5 seconds by default.
    pub connect: Duration,
    /// For an answer to begin and for each next chunk; 20 seconds by default. An upload may take this
    /// long plus one second per MiB.
    pub idle: Duration,
    /// For one payload, from its first request on, with all attempts and pauses; 2 minutes by default. The time in
    /// which it waits for permits of the limiter does not count.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(5), idle: seconds(20), total: seconds(120) }
    }
}

/// How often one request is tried, and how long the engine pauses in between.
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
    /// Options for payloads stored in `container`; an empty name for stores without containers.
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
            retry: RetryPolicy::default(),
            timeouts: Timeouts::default(),
            known_keys: 16 * 1024,
            cache: None,
        }
    }

    /// Names the driver instance; the driver's type otherwise. The name is permanent: references carry it.
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Puts all keys under a prefix, and refuses claims outside it.
    pub fn with_key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.key_prefix = prefix.into();
        self
    }

    /// Allows claims that point at one more location. Required where the container is chosen per payload.
    pub fn with_readable(mut self, location: impl Into<Readable>) -> Self {
        self.readable.push(location.into());
        self
    }

    /// Refuses to store payloads of more encoded bytes than this, metadata included; 50 MiB by default, as in the
    /// other SDKs' drivers.
    pub fn with_max_payload_size(mut self, bytes: u64) -> Self {
        self.max_payload_size = bytes;
        self
    }

    /// Refuses to read objects of more bytes than this; 128 MiB by default. Not below what may be stored.
    pub fn with_read_cap(mut self, bytes: u64) -> Self {
        self.read_cap = bytes;
        self
    }

    /// Renews an object that exists already once it is this old, so that an expiry rule of the
    /// container cannot delete what was just stored again. Choose less than the rule's age minus the
    /// longest time that a payload must stay readable.
    pub fn with_refresh_after(mut self, age: Duration) -> Self {
        self.refresh_after = Some(age);
        self
    }

    /// Demands that an object stays at least this long after its payload was stored, where the store says
    /// when it will delete the object: one that ends sooner is renewed, and a store that deletes even a
    /// fresh object sooner fails with `Config`. Without it, an object is renewed once less than half of
    /// its life is left. Choose the longest time that a payload must stay readable.
    pub fn with_min_lifetime(mut self, lifetime: Duration) -> Self {
        self.min_lifetime = Some(lifetime);
        self
    }

    /// Sets how often one request is tried; [`RetryPolicy`] says what holds otherwise.
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets how long the engine waits; [`Timeouts`] says what holds otherwise.
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets how many stored keys are remembered, so that storing them again makes no request; 16,384
    /// by default. A key is remembered for [`KNOWN_KEYS_LIFETIME`] and never past the point of renewal.
    pub fn with_known_keys(mut self, keys: usize) -> Self {
        self.known_keys = keys;
        self
    }

    /// Keeps payloads in memory, so that reading them again makes no request; without it nothing is kept.
    pub fn with_cache(mut self, cache: Cache) -> Self {
        self.cache = Some(cache);
        self
    }

    /// The time-outs, for a backend that builds its own client.
    #[must_use]
    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// The containers, for a driver crate's own checks.
    #[must_use]
    pub fn container(&self) -> &Container {
        &self.container
    }

    /// Whether objects that exist are renewed before their age or the store's word about their end demands it.
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
        match self.container.as_fixed() {
            Some("") if has_containers => config("the container (bucket) must not be empty"),
            None if self.readable.is_empty() => config(
                "a container chosen per payload needs `with_readable` for each container that claims may name",
            ),
            _ => Ok(()),
        }
    }
}
