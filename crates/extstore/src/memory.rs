//! Keeps objects in this process's memory: for tests, and the smallest example of a backend.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::time::Instant;

use crate::object::{
    ClaimFields, Create, Created, KeyFormat, Layout, Location, ObjectBacked, ObjectBackend, ObjectDriver,
    ObjectOptions, ObjectStat, ObjectVersion, Open, OpenObject, Renew, Renewed, Request, Stat, StoreIdentity,
    escape_percent,
};
use crate::{ErrorKind, Result};

/// Names the type of the memory driver.
pub const MEMORY_DRIVER_TYPE: &str = "memory";

/// Stores payloads in this process's memory. They are gone when the process ends: use it in tests.
#[derive(Clone, Debug)]
pub struct MemoryDriver(ObjectDriver);

impl MemoryDriver {
    /// Makes a driver over a store of its own.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn new(options: ObjectOptions) -> Result<Self> {
        Self::with_backend(Arc::new(MemoryBackend::default()), options)
    }

    /// Makes a driver over a store that others can hold too.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn with_backend(backend: Arc<dyn ObjectBackend>, options: ObjectOptions) -> Result<Self> {
        ObjectDriver::new(MEMORY_DRIVER_TYPE, backend, Arc::new(MemoryLayout), options).map(Self)
    }
}

impl Default for MemoryDriver {
    fn default() -> Self {
        // The default options are valid: a test says so.
        Self::new(ObjectOptions::new("")).expect("the default options are valid")
    }
}

impl ObjectBacked for MemoryDriver {
    fn object(&self) -> &ObjectDriver {
        &self.0
    }
}

#[derive(Debug)]
struct MemoryLayout;

static KEYS: KeyFormat = KeyFormat::new('/', |identity| {
    escape_percent(identity, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
})
.with_max_bytes(1024);

static CLAIMS: ClaimFields = ClaimFields::new(&["key"]);

impl Layout for MemoryLayout {
    fn keys(&self) -> &KeyFormat {
        &KEYS
    }

    fn claims(&self) -> &ClaimFields {
        &CLAIMS
    }

    fn describe(&self, location: &Location) -> String {
        format!("key={}", location.key)
    }
}

/// Holds objects in memory. Clones share them; a test can look at, change and delete what is stored.
#[derive(Clone)]
pub struct MemoryBackend(Arc<Shared>);

struct Shared {
    identity: StoreIdentity,
    objects: Mutex<HashMap<Location, Object>>,
}

struct Object {
    bytes: Bytes,
    version: u64,
    written: Instant,
}

impl Object {
    fn stat(&self) -> ObjectStat {
        ObjectStat::new(self.bytes.len() as u64)
            .with_age(Some(self.written.elapsed()))
            .with_version(Some(ObjectVersion(self.version.to_string())))
    }
}

impl Default for MemoryBackend {
    fn default() -> Self {
        Self(Arc::new(Shared { identity: StoreIdentity::unique(), objects: Mutex::default() }))
    }
}

impl MemoryBackend {
    /// Returns the stored bytes.
    #[must_use]
    pub fn read(&self, location: &Location) -> Option<Bytes> {
        self.lock().get(location).map(|object| object.bytes.clone())
    }

    /// Puts bytes there, whatever was there before.
    pub fn write(&self, location: Location, bytes: impl Into<Bytes>) {
        put(&mut self.lock(), location, bytes.into());
    }

    /// Deletes an object and says whether there was one.
    pub fn delete(&self, location: &Location) -> bool {
        self.lock().remove(location).is_some()
    }

    /// Lists all locations, sorted.
    #[must_use]
    pub fn list(&self) -> Vec<Location> {
        let mut locations: Vec<Location> = self.lock().keys().cloned().collect();
        locations.sort();
        locations
    }

    /// Returns how long ago the object was written.
    #[must_use]
    pub fn age(&self, location: &Location) -> Option<Duration> {
        self.lock().get(location).map(|object| object.written.elapsed())
    }

    /// Makes an object look as if it had been written this long ago, to test expiry without waiting.
    pub fn make_old(&self, location: &Location, age: Duration) {
        if let Some(object) = self.lock().get_mut(location) {
            object.written = Instant::now().checked_sub(age).unwrap_or(object.written);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Location, Object>> {
        self.0.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn put(objects: &mut HashMap<Location, Object>, location: Location, bytes: Bytes) -> ObjectStat {
    let version = objects.get(&location).map_or(0, |object| object.version + 1);
    let object = Object { bytes, version, written: Instant::now() };
    let stat = object.stat();
    objects.insert(location, object);
    stat
}

fn missing() -> crate::Error {
    ErrorKind::NotFound.error("there is no object at this location")
}

#[async_trait]
impl ObjectBackend for MemoryBackend {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        let mut objects = self.lock();
        if let Some(object) = objects.get(create.location()) {
            return Ok(Created::Exists(Some(object.stat())));
        }
        let stat = put(&mut objects, create.location().clone(), create.content().to_bytes());
        Ok(Created::Created(stat))
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        self.read(open.location()).map(OpenObject::whole).ok_or_else(missing)
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.lock().get(stat.location()).map(Object::stat).ok_or_else(missing)
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        let mut objects = self.lock();
        match (objects.get(renew.location()), renew.version()) {
            (None, Some(_)) => return Ok(Renewed::Gone),
            (Some(object), Some(seen)) if object.version.to_string() != seen.0 => {
                return Ok(Renewed::Changed);
            }
            _ => {}
        }
        let stat = put(&mut objects, renew.location().clone(), renew.content().to_bytes());
        Ok(Renewed::Renewed(stat))
    }

    fn identity(&self) -> StoreIdentity {
        self.0.identity.clone()
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, _: Request) -> &'static str {
        "no permission"
    }
}

impl std::fmt::Debug for MemoryBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemoryBackend({} objects)", self.lock().len())
    }
}
