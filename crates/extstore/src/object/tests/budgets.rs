//! Tests the byte budget over a link that is slower than the messages that share it.
#![expect(clippy::disallowed_methods, reason = "the clock is paused")]

use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::try_join_all;
use tokio::time::sleep;

use super::hooked::Hooked;
use super::*;
use crate::limiter::Pool;
use crate::{Budgets, Event};

const KIB: u64 = 1 << 10;

/// Counts what is open at a moment, and what was at most.
#[derive(Default)]
struct Gauge {
    now: AtomicU64,
    peak: AtomicU64,
}

impl Gauge {
    fn add(&self, amount: u64) {
        let now = self.now.fetch_add(amount, Ordering::Relaxed) + amount;
        self.peak.fetch_max(now, Ordering::Relaxed);
    }

    fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }
}

/// Counts `amount` until it is dropped.
struct Counted(Arc<Gauge>, u64);

impl Counted {
    fn new(gauge: &Arc<Gauge>, amount: u64) -> Self {
        gauge.add(amount);
        Self(gauge.clone(), amount)
    }

    fn grow(&mut self, amount: u64) {
        self.0.add(amount);
        self.1 += amount;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.now.fetch_sub(self.1, Ordering::Relaxed);
    }
}

/// Counts the responses that are open, and the bytes that have arrived in them.
#[derive(Clone, Default)]
struct Line {
    busy: Arc<tokio::sync::Mutex<()>>,
    responses: Arc<Gauge>,
    bytes: Arc<Gauge>,
}

impl Line {
    /// Makes a response whose chunks of `chunk` bytes each occupy the line for `pace`.
    fn send(&self, body: Bytes, announces: bool, chunk: u64, pace: Duration) -> OpenObject {
        let len = announces.then_some(body.len() as u64);
        let open = (self.busy.clone(), Counted::new(&self.responses, 1), Counted::new(&self.bytes, 0), body);
        let chunks = stream::unfold(open, move |(busy, open, mut arrived, mut body)| async move {
            if body.is_empty() {
                return None;
            }
            let line = busy.lock().await;
            sleep(pace).await;
            drop(line);
            let next = body.split_to(body.len().min(chunk as usize));
            arrived.grow(next.len() as u64);
            Some((Ok(next), (busy, open, arrived, body)))
        });
        OpenObject::new(len, chunks)
    }
}

fn large(seed: u8, len: u64) -> Payload {
    let mut data = vec![0; len as usize];
    data[0] = seed;
    Payload::new([("encoding", "binary/plain")], data)
}

/// Holds the length of the longest request that was observed.
type Longest = Arc<Mutex<Duration>>;

fn operation(pool: &Pool, longest: &Longest) -> Operation {
    let longest = longest.clone();
    let observe = move |event: &Event<'_>| {
        if let Event::Request { elapsed, .. } = event {
            let mut longest = longest.lock().unwrap();
            *longest = (*longest).max(*elapsed);
        }
    };
    Operation::new().with_limiter(pool.limiter()).with_observer(Some(Arc::new(observe)))
}

fn budget(bytes: u64) -> Pool {
    Pool::new(Budgets { bytes, ..Budgets::default() })
}

/// Uses the default budgets and four messages of eight payloads of 50 MiB over 10 MiB/s, with all sizes divided by
/// 1024: each payload takes five seconds and most of the budget, all of them together take longer than the time for
/// one payload.
#[tokio::test(start_paused = true)]
async fn more_than_fits_is_read_one_after_the_other_and_succeeds() {
    let size = 50 * KIB;
    for hint in [Some(size + 100), None, Some(1)] {
        let line = Line::default();
        let sender = line.clone();
        let pace = Duration::from_millis(500);
        let backend = Hooked::new().opened(move |body| sender.send(body, true, size.div_ceil(10), pace));
        let driver = backend.driver();
        let payloads: Vec<_> = (0..32).map(|seed| large(seed, size - 100)).collect();
        let claims: Vec<_> = store(&driver, &payloads)
            .await
            .unwrap()
            .into_iter()
            .map(|claim| claim.with_size_hint(hint))
            .collect();
        let (pool, longest) = (budget(64 * KIB), Longest::default());
        let started = Instant::now();
        let messages = claims.chunks(8).map(|claims| {
            let context = RetrieveContext::new(operation(&pool, &longest));
            let driver = &driver;
            async move { driver.retrieve(&context, claims.to_vec()).await }
        });
        let read = try_join_all(messages).await.unwrap_or_else(|error| panic!("{hint:?}: {error}"));
        assert_eq!(read.concat(), payloads);
        assert_eq!(started.elapsed(), Duration::from_secs(160), "{hint:?}: the line was never idle");
        assert_eq!(
            *longest.lock().unwrap(),
            Duration::from_secs(5),
            "{hint:?}: no wait counts as the store's"
        );
        assert!(
            line.responses.peak() <= 2,
            "{hint:?}: {} responses were open at once",
            line.responses.peak()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_length_that_is_not_announced_is_charged_while_it_arrives() {
    let (size, chunk, bytes) = (1024 * KIB, 64 * KIB, 512 * KIB);
    let line = Line::default();
    let sender = line.clone();
    let pace = Duration::from_millis(10);
    let driver = Hooked::new().opened(move |body| sender.send(body, false, chunk, pace)).driver();
    let payloads: Vec<_> = (0..16).map(|seed| large(seed, size)).collect();
    let claims = store(&driver, &payloads).await.unwrap();
    let (pool, longest) = (budget(bytes), Longest::default());
    let context = RetrieveContext::new(operation(&pool, &longest));
    assert_eq!(driver.retrieve(&context, claims).await.unwrap(), payloads);
    // One at most travels alone above the budget; the chunk that shows it to be too large has arrived.
    let peak = line.bytes.peak();
    assert!(peak <= size + chunk, "{peak} bytes were in flight under a budget of {bytes}");
}

#[tokio::test(start_paused = true)]
async fn small_objects_of_unknown_length_are_read_at_once_and_once_each() {
    let opened = Arc::new(Gauge::default());
    let (line, counter) = (Line::default(), opened.clone());
    let sender = line.clone();
    let backend = Hooked::new().opened(move |body| {
        counter.add(1);
        sender.send(body, false, KIB, Duration::from_millis(1))
    });
    let driver = backend.driver();
    let payloads: Vec<_> = (0..8).map(|seed| large(seed, 50 * KIB)).collect();
    let claims = store(&driver, &payloads).await.unwrap();
    assert_eq!(retrieve(&driver, &claims).await.unwrap(), payloads);
    assert_eq!((opened.peak(), line.responses.peak()), (8, 8));
}
