//! Defines a store in memory that several "processes" of a test share, each with counters and gates of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use extstore::object::{
    Cache, Create, Created, Location, ObjectBackend, ObjectOptions, ObjectStat, Open, OpenObject, Renew,
    Renewed, Request, Stat, StoreIdentity,
};
use extstore::{
    Body, Digest, ExternalStorage, ExternalStorageBuilder, MemoryBackend, MemoryDriver, Observer, Payload,
    Result, async_trait,
};
use extstore_temporal::Mount;

use crate::gate::Gate;

/// Is the store as one process sees it. Clones share everything; [`MemoryStore::of_another_process`] shares the
/// objects alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryStore {
    objects: MemoryBackend,
    seen: Arc<Seen>,
}

/// Counts the requests of one process, and holds them up.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    creates: AtomicUsize,
    opens: AtomicUsize,
    pub(crate) uploads: Gate,
    pub(crate) downloads: Gate,
}

impl MemoryStore {
    pub(crate) fn of_another_process(&self) -> Self {
        Self { objects: self.objects.clone(), seen: Arc::default() }
    }

    /// Makes a mount with the defaults and a cache of 64 MiB over this store.
    pub(crate) fn mount(&self) -> Mount {
        Mount::new(self.storage())
    }

    /// Makes the same with an observer.
    pub(crate) fn observed_mount(&self, observer: impl Observer) -> Mount {
        Mount::new(self.builder().with_observer(observer).build().unwrap())
    }

    /// Makes the storage of such a mount.
    pub(crate) fn storage(&self) -> ExternalStorage {
        self.builder().build().unwrap()
    }

    fn builder(&self) -> ExternalStorageBuilder {
        let options = ObjectOptions::new("").with_cache(Cache::new(64 << 20));
        let driver = MemoryDriver::with_backend(Arc::new(self.clone()), options).unwrap();
        ExternalStorage::builder().with_driver(Arc::new(driver))
    }

    /// Requests of this process that asked for an object's content.
    pub(crate) fn opens(&self) -> usize {
        self.seen.opens.load(Ordering::Relaxed)
    }

    /// Requests of this process that sent an object's content.
    pub(crate) fn creates(&self) -> usize {
        self.seen.creates.load(Ordering::Relaxed)
    }

    pub(crate) fn uploads(&self) -> &Gate {
        &self.seen.uploads
    }

    pub(crate) fn downloads(&self) -> &Gate {
        &self.seen.downloads
    }

    /// Counts the objects.
    pub(crate) fn objects(&self) -> usize {
        self.objects.list().len()
    }

    /// Returns the keys of all objects, without their digest, whose payload's data holds the tag near its beginning.
    pub(crate) fn places_of(&self, tag: &str) -> Vec<String> {
        let holds = |location: &Location| {
            let payload = Payload::decode(self.objects.read(location).unwrap()).unwrap();
            let start = &payload.data()[..payload.data().len().min(100)];
            start.windows(tag.len()).any(|window| window == tag.as_bytes())
        };
        let place = |location: Location| {
            let (place, _) = location.key.rsplit_once("/d/sha256/").unwrap();
            place.to_owned()
        };
        self.objects.list().into_iter().filter(holds).map(place).collect()
    }
}

#[async_trait]
impl ObjectBackend for MemoryStore {
    /// Says nothing of an object that exists, as S3 does, so that the engine asks `stat`.
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        self.seen.creates.fetch_add(1, Ordering::Relaxed);
        self.seen.uploads.pass().await;
        match self.objects.create(create).await? {
            Created::Exists(_) => Ok(Created::Exists(None)),
            created => Ok(created),
        }
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        self.seen.opens.fetch_add(1, Ordering::Relaxed);
        self.seen.downloads.pass().await;
        self.objects.open(open).await
    }

    /// Vouches for the content, as S3 does: what another process stored need not be read to be known.
    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        let content = self.objects.read(stat.location()).map(Body::from);
        let found = self.objects.stat(stat).await?;
        Ok(found.with_digest(content.as_ref().map(Digest::of)))
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        self.objects.renew(renew).await
    }

    fn identity(&self) -> StoreIdentity {
        self.objects.identity()
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, _: Request) -> &'static str {
        "no permission"
    }
}
