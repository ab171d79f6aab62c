//! Tests that a payload takes the memory of its bytes, however many metadata entries they name: in a cache, while it
//! is stored and while it is restored.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

use std::alloc::System;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use extstore::object::{
    Cache, Create, Created, ObjectBackend, ObjectOptions, ObjectStat, Open, OpenObject, Renew, Renewed,
    Request, Stat, StoreIdentity,
};
use extstore::{Event, ExternalStorage, MemoryBackend, MemoryDriver, Payload, Result};
use futures_util::stream;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ENTRIES: usize = 65_535;
const PAYLOADS: usize = 4;

/// Returns the number of bytes that are allocated now.
fn allocated() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

/// Encodes the payload of this number: entries of four bytes, the first of them out of order, and data.
fn hostile(number: usize) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(5 + 4 * ENTRIES + 10);
    encoded.extend(b"\x0a\x03\x0a\x01z");
    encoded.extend(b"\x0a\x02\x0a\x00".repeat(ENTRIES - 1));
    encoded.extend(format!("\x12\x08{number:08}").as_bytes());
    encoded
}

fn payloads() -> Vec<Payload> {
    (0..PAYLOADS).map(|number| Payload::decode(hostile(number)).unwrap()).collect()
}

fn encoded_len(payloads: &[Payload]) -> usize {
    payloads.iter().map(Payload::encoded_len).sum()
}

/// Fails where more than three times the encoded length is held.
fn is_bounded(what: &str, held: usize, encoded: usize) {
    assert!(held <= 3 * encoded, "{what}: {held} bytes are held for {encoded} encoded bytes");
}

fn a_payload_is_its_bytes() {
    let before = allocated();
    let payloads = payloads();
    is_bounded("decoded", allocated() - before, encoded_len(&payloads));
    let sizes = Payload::decode(b"\x1a\x00".repeat(ENTRIES)).unwrap();
    let before = allocated();
    let canonical: Vec<Payload> = payloads.iter().map(Payload::canonical).collect();
    let held = allocated() - before;
    assert!(held >= encoded_len(&canonical), "the payloads are out of order: each is written anew");
    is_bounded("canonical", held, encoded_len(&canonical));
    let before = allocated();
    assert_eq!(sizes.external_sizes().count(), ENTRIES);
    let copy = Payload::decode(sizes.to_bytes()).unwrap();
    is_bounded("external sizes", allocated() - before, copy.encoded_len());
}

/// Makes storage over one store, with the most memory that was allocated when a request had ended.
fn storage(backend: &MemoryBackend, options: ObjectOptions) -> (ExternalStorage, Arc<AtomicUsize>) {
    let most = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&most);
    let driver = MemoryDriver::with_backend(Arc::new(backend.clone()), options).unwrap();
    let builder = ExternalStorage::builder().with_driver(Arc::new(driver)).with_payload_size_threshold(0);
    let observer = move |event: &Event<'_>| {
        if matches!(event, Event::Request { .. }) {
            seen.fetch_max(allocated(), Ordering::Relaxed);
        }
    };
    (builder.with_observer(observer).build().unwrap(), most)
}

async fn what_is_stored_and_restored_is_its_bytes() {
    let backend = MemoryBackend::default();
    let payloads = payloads();
    let encoded = encoded_len(&payloads);
    let (writer, most) = storage(&backend, ObjectOptions::new(""));
    let before = allocated();
    let items = payloads.iter().map(|payload| (None, payload.clone())).collect();
    let references = writer.message("").offload(items).await.unwrap();
    // The canonical copies, which the store in memory keeps.
    is_bounded("stored", most.load(Ordering::Relaxed) - before, encoded);

    let (reader, most) = storage(&backend, ObjectOptions::new(""));
    let before = allocated();
    let restored = reader.message("").restore(references).await.unwrap();
    assert_eq!(encoded_len(&restored), encoded);
    is_bounded("restored", most.load(Ordering::Relaxed) - before, encoded);
}

async fn what_a_cache_keeps_is_its_bytes() {
    let (backend, cache) = (MemoryBackend::default(), Cache::new(64 << 20));
    let (storage, _) = storage(&backend, ObjectOptions::new("").with_cache(cache.clone()));
    let before = allocated();
    let items = payloads().into_iter().map(|payload| (None, payload)).collect();
    let references = storage.message("").offload(items).await.unwrap();
    drop(references);
    assert!(backend.list().iter().all(|location| backend.delete(location)));
    let held = allocated() - before;
    let counted = usize::try_from(cache.bytes()).unwrap();
    assert!(counted > PAYLOADS * 4 * ENTRIES, "every payload is kept");
    is_bounded("cached", held, counted);
}

/// Stands for a store whose responses are parts of larger buffers, as those of a client that reads into one buffer
/// again and again.
#[derive(Debug)]
struct Sliced(MemoryBackend);

/// Sets the size of such a buffer.
const BUFFER: usize = 400 << 10;

#[async_trait]
impl ObjectBackend for Sliced {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        self.0.create(create).await
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        let object = self.0.read(open.location()).unwrap();
        let mut buffer = vec![0; BUFFER];
        buffer[..object.len()].copy_from_slice(&object);
        let part = Bytes::from(buffer).slice(..object.len());
        Ok(OpenObject::new(Some(part.len() as u64), stream::iter([Ok(part)])))
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.0.stat(stat).await
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        self.0.renew(renew).await
    }

    fn identity(&self) -> StoreIdentity {
        self.0.identity()
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        self.0.diagnostics()
    }

    fn permission(&self, request: Request) -> &'static str {
        self.0.permission(request)
    }
}

async fn what_a_cache_keeps_holds_no_larger_buffer() {
    const READ: usize = 64;
    let backend = MemoryBackend::default();
    let (writer, _) = storage(&backend, ObjectOptions::new(""));
    let payload = |number: usize| Payload::new([("number", number.to_string())], vec![7; 1000]);
    let items = (0..READ).map(|number| (None, payload(number))).collect();
    let references = writer.message("").offload(items).await.unwrap();

    let cache = Cache::new(1 << 20);
    let before = allocated();
    let options = ObjectOptions::new("").with_cache(cache.clone());
    let driver = Arc::new(MemoryDriver::with_backend(Arc::new(Sliced(backend)), options).unwrap());
    let reader = ExternalStorage::builder().with_driver(driver).build().unwrap();
    for reference in references {
        assert_eq!(reader.message("").restore(vec![reference]).await.unwrap()[0].data().len(), 1000);
    }
    let held = allocated() - before;
    let counted = usize::try_from(cache.bytes()).unwrap();
    assert!(counted > READ * 1000, "every payload is kept");
    is_bounded("read in parts of larger buffers", held, counted);
}

async fn what_does_not_fit_a_cache_is_not_copied() {
    const LEN: usize = 8 << 20;
    let options = ObjectOptions::new("").with_cache(Cache::new(1 << 20));
    let (storage, _) = storage(&MemoryBackend::default(), options);
    // In one segment, which the store in memory shares.
    let payload =
        Payload::decode(Payload::new([("encoding", "binary/plain")], vec![7; LEN]).to_bytes()).unwrap();
    let before = ALLOCATOR.stats().bytes_allocated;
    storage.message("").offload(vec![(None, payload)]).await.unwrap();
    let ever = ALLOCATOR.stats().bytes_allocated - before;
    assert!(ever < LEN / 2, "{ever} bytes were allocated to store {LEN}");
}

/// The only test in this process: the allocator counts for all threads.
#[tokio::test]
async fn many_entries_take_no_more_memory_than_their_bytes() {
    a_payload_is_its_bytes();
    what_is_stored_and_restored_is_its_bytes().await;
    what_a_cache_keeps_is_its_bytes().await;
    what_a_cache_keeps_holds_no_larger_buffer().await;
    what_does_not_fit_a_cache_is_not_copied().await;
}
