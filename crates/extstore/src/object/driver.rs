//! Defines the driver over a backend and a layout, and checks its options.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::engine::{Engine, shortest_key};
use super::flight::Flights;
use super::hash::HashPool;
use super::keys::KeyFormat;
use super::known::KnownKeys;
use super::lifetime::LongestLife;
use super::policy::ClaimPolicy;
use super::{Layout, Location, ObjectBackend, ObjectOptions, Readable};
use crate::{ErrorKind, Result};

/// Drives every store that is bytes under a key.
///
/// Clones share one engine. Driver crates wrap it in a newtype; a store of your own needs an
/// [`ObjectBackend`] and a [`Layout`], and is a driver then.
#[derive(Clone)]
pub struct ObjectDriver(Arc<Engine>);

impl ObjectDriver {
    /// Puts a driver together and checks its options. It makes no request.  (ES-003)
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn new(
        driver_type: &'static str,
        backend: Arc<dyn ObjectBackend>,
        layout: Arc<dyn Layout>,
        options: ObjectOptions,
    ) -> Result<Self> {
        let has_containers = !layout.claims().container.is_empty();
        options.validate(has_containers)?;
        let separator = layout.keys().separator;
        let key_prefix = options.key_prefix.trim_end_matches(separator).to_owned();
        check_prefix(&key_prefix, layout.keys())?;
        check_places(&options, &key_prefix, layout.as_ref())?;
        let mut readable: Vec<Readable> =
            options.readable.iter().map(|readable| readable.trimmed(separator)).collect::<Result<_>>()?;
        if let Some(container) = options.container.as_fixed() {
            readable.push(Readable::own(container, &key_prefix));
        }
        Ok(Self(Arc::new(Engine {
            name: options.name.clone().unwrap_or_else(|| driver_type.to_owned()),
            driver_type,
            policy: ClaimPolicy { readable, key_prefix },
            known: KnownKeys::new(options.known_keys),
            stores: Flights::default(),
            retrieves: Flights::default(),
            hashing: HashPool::default(),
            warned_of_age: AtomicBool::new(false),
            fixed_ends: KnownKeys::new(FIXED_ENDS),
            warned_of_end: AtomicBool::new(false),
            longest_life: LongestLife::default(),
            identity: backend.identity(),
            backend,
            layout,
            options,
        })))
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.0
    }
}

/// So many objects whose end no renewal moves are remembered; further ones are renewed again.
const FIXED_ENDS: usize = 4096;

/// Refuses a further place of the same store that no request may name.
fn check_places(options: &ObjectOptions, prefix: &str, layout: &dyn Layout) -> Result<()> {
    let own = Location::new("", shortest_key(prefix, layout.keys()));
    let mut same_store = options.read_fallbacks.iter().filter(|place| place.is_in_same_store());
    same_store.try_for_each(|place| layout.admit(&place.location(&own))).map_err(|error| {
        ErrorKind::Config.error("read_fallback names a malformed container").with_source(error)
    })
}

/// A claim with a longer key would exceed what a claim may hold.
const MAX_KEY_BYTES: usize = 8 * 1024;

/// Refuses a prefix under which the shortest key is too long, or that no claim may name: what is stored must be readable.
fn check_prefix(prefix: &str, keys: &KeyFormat) -> Result<()> {
    let refused = |text: &str| Err(ErrorKind::Config.error(text));
    if shortest_key(prefix, keys).len() > keys.max_bytes.unwrap_or(MAX_KEY_BYTES) {
        return refused("key_prefix leaves no room for a key");
    }
    let has_dots = prefix.split(keys.separator).any(|segment| matches!(segment, "." | ".."));
    if prefix.contains('\0') || keys.separator == '/' && has_dots {
        return refused("key_prefix must not hold a NUL character or a `.` or `..` segment");
    }
    Ok(())
}

impl fmt::Debug for ObjectDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectDriver")
            .field("name", &self.0.name)
            .field("driver_type", &self.0.driver_type)
            .field("backend", &self.0.backend)
            .field("options", &self.0.options)
            .finish_non_exhaustive()
    }
}
