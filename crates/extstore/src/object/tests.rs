//! Tests the engine over a scripted backend: what it asks for, how often, and what it makes of the answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream;
use tokio::time::Instant;

mod attempts;
mod budgets;
mod hooked;
mod mirror;
mod sharing;

use super::*;

mod cache;
mod ends;
mod existing;

use crate::{
    Claim, Error, ErrorKind, MemoryBackend, MemoryDriver, Operation, Payload, Result, RetrieveContext, Retry,
    StorageDriver, StoreContext,
};

mod each;
mod elsewhere;

type ChangeStat = fn(ObjectStat) -> ObjectStat;

/// Wraps a memory store: logs requests and first gives the answers that a test queued.
#[derive(Debug, Default)]
struct Scripted {
    store: MemoryBackend,
    log: Mutex<Vec<&'static str>>,
    failures: Mutex<VecDeque<(&'static str, Error)>>,
    cut_bodies: Mutex<usize>,
    /// The next this many reads give one byte that is wrong.
    damaged_bodies: Mutex<usize>,
    read_expires_in: Mutex<Option<Duration>>,
    hangs: Mutex<Option<&'static str>>,
    ages: Mutex<Option<Option<Duration>>>,
    /// Replaces what a stat answers.
    stat: Mutex<Option<ChangeStat>>,
    /// Replaces what a create or a renewal says of the object that it wrote.
    written: Mutex<Option<ObjectStat>>,
    renewals: Mutex<Vec<RenewReason>>,
    retries_itself: std::sync::atomic::AtomicBool,
}

impl Scripted {
    fn fail(&self, request: &'static str, error: Error) {
        self.failures.lock().unwrap().push_back((request, error));
    }

    fn log(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.log.lock().unwrap())
    }

    async fn begin(&self, request: &'static str) -> Result<()> {
        self.log.lock().unwrap().push(request);
        if *self.hangs.lock().unwrap() == Some(request) {
            std::future::pending::<()>().await;
        }
        tokio::task::yield_now().await;
        let mut failures = self.failures.lock().unwrap();
        match failures.front() {
            Some((name, _)) if *name == request => Err(failures.pop_front().unwrap().1),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl ObjectBackend for Scripted {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        self.begin("create").await?;
        let written = self.written.lock().unwrap().clone();
        Ok(match (self.store.create(create).await?, written) {
            (Created::Created(_), Some(written)) => Created::Created(written),
            (Created::Created(stat), None) => Created::Created(stat),
            // As of most stores: the refusal of a conditional write says nothing of the object.
            (Created::Exists(_), _) => Created::Exists(None),
        })
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        self.begin("open").await?;
        let object = self.store.open(open).await?;
        let object = object.with_expires_in(*self.read_expires_in.lock().unwrap());
        let mut damaged = self.damaged_bodies.lock().unwrap();
        if *damaged > 0 {
            *damaged -= 1;
            let mut bytes = self.store.read(open.location()).unwrap().to_vec();
            *bytes.last_mut().unwrap() ^= 1;
            return Ok(OpenObject::whole(bytes.into()));
        }
        let mut cuts = self.cut_bodies.lock().unwrap();
        if *cuts == 0 {
            return Ok(object);
        }
        *cuts -= 1;
        Ok(OpenObject::new(object.len, stream::iter([Ok(Bytes::from_static(b"\x0a"))])))
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.begin("stat").await?;
        let stat = self.store.stat(stat).await?;
        let age = self.ages.lock().unwrap().unwrap_or(stat.age);
        let stat = stat.with_age(age);
        Ok(self.stat.lock().unwrap().map_or_else(|| stat.clone(), |change| change(stat.clone())))
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        self.begin("renew").await?;
        self.renewals.lock().unwrap().push(renew.reason());
        let written = self.written.lock().unwrap().clone();
        Ok(match (self.store.renew(renew).await?, written) {
            (Renewed::Renewed(_), Some(written)) => Renewed::Renewed(written),
            (renewed, _) => renewed,
        })
    }

    fn identity(&self) -> StoreIdentity {
        self.store.identity()
    }

    fn retries_itself(&self) -> bool {
        self.retries_itself.load(std::sync::atomic::Ordering::Relaxed)
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        vec![("region", "here".into())]
    }

    fn permission(&self, request: Request) -> &'static str {
        if request == Request::Open { "test:Read" } else { "test:Write" }
    }
}

fn driver(backend: &Arc<Scripted>, options: ObjectOptions) -> MemoryDriver {
    MemoryDriver::with_backend(backend.clone(), options).unwrap()
}

fn fresh() -> (Arc<Scripted>, MemoryDriver) {
    let backend = Arc::new(Scripted::default());
    let driver = driver(&backend, ObjectOptions::new(""));
    (backend, driver)
}

fn payload(text: &str) -> Payload {
    Payload::new([("encoding", "binary/plain")], text.to_owned())
}

async fn store(driver: &MemoryDriver, payloads: &[Payload]) -> Result<Vec<Claim>> {
    driver.store(&StoreContext::default(), payloads.to_vec()).await
}

async fn retrieve(driver: &MemoryDriver, claims: &[Claim]) -> Result<Vec<Payload>> {
    driver.retrieve(&RetrieveContext::default(), claims.to_vec()).await
}

fn at(claim: &Claim) -> Location {
    Location::new("", claim.get("key").unwrap())
}

fn unavailable() -> Error {
    ErrorKind::Unavailable.error("down").with_source("vendor text")
}

#[tokio::test]
async fn a_fresh_payload_is_one_request_and_a_known_one_none() {
    let (backend, driver) = fresh();
    let claims = store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create"]);
    assert_eq!(store(&driver, &[payload("a")]).await.unwrap(), claims);
    assert!(backend.log().is_empty());
    assert_eq!(retrieve(&driver, &claims).await.unwrap(), [payload("a")]);
    assert_eq!(backend.log(), ["open"]);
}

#[tokio::test]
async fn copies_in_a_batch_share_one_request_each_way() {
    let (backend, driver) = fresh();
    let copies = vec![payload("a"); 100];
    let claims = store(&driver, &copies).await.unwrap();
    assert_eq!(backend.log(), ["create"]);
    assert_eq!(retrieve(&driver, &claims).await.unwrap(), copies);
    assert_eq!(backend.log(), ["open"]);
}

#[tokio::test]
async fn what_exists_is_verified_before_it_is_acknowledged() {
    let (backend, first) = fresh();
    store(&first, &[payload("a")]).await.unwrap();
    backend.log();
    store(&driver(&backend, ObjectOptions::new("")), &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open"]);
}

#[tokio::test]
async fn a_poisoned_key_is_repaired_and_not_blessed() {
    for poison in ["short", "\n\u{16}\n\u{8}encoding\u{12}\u{c}binary/plain\u{12}\u{1}b"] {
        let (backend, first) = fresh();
        let claim = store(&first, &[payload("a")]).await.unwrap().remove(0);
        backend.store.write(at(&claim), poison);
        let error = retrieve(&first, std::slice::from_ref(&claim)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Integrity);
        store(&first, &[payload("a")]).await.unwrap();
        assert_eq!(retrieve(&first, &[claim]).await.unwrap(), [payload("a")]);
        assert!(backend.log().contains(&"renew"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_old_object_is_renewed_and_a_young_one_is_not() {
    let backend = Arc::new(Scripted::default());
    let options = || ObjectOptions::new("").with_refresh_after(Duration::from_secs(3600));
    store(&driver(&backend, options()), &[payload("a")]).await.unwrap();
    tokio::time::advance(Duration::from_secs(3599)).await;
    backend.log();
    let near = driver(&backend, options());
    store(&near, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open"]);
    // The key is known for one second only: until the object must be renewed.
    tokio::time::advance(Duration::from_secs(1)).await;
    store(&near, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open", "renew"]);
    tokio::time::advance(Duration::from_secs(3599)).await;
    store(&driver(&backend, options()), &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open"]);
}

#[tokio::test]
async fn an_object_of_unknown_age_is_renewed_where_a_rule_may_be_in_force() {
    let (backend, first) = fresh();
    store(&first, &[payload("a")]).await.unwrap();
    *backend.ages.lock().unwrap() = Some(None);
    backend.log();
    let options = ObjectOptions::new("").with_refresh_after(Duration::from_secs(3600));
    store(&driver(&backend, options), &[payload("a")]).await.unwrap();
    assert_eq!(backend.log().last(), Some(&"renew"));
}

#[tokio::test]
async fn a_store_that_may_not_look_writes_instead() {
    let (backend, first) = fresh();
    store(&first, &[payload("a")]).await.unwrap();
    backend.log();
    backend.fail("stat", ErrorKind::PermissionDenied.error("403"));
    store(&driver(&backend, ObjectOptions::new("")), &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "renew"]);
}

#[tokio::test]
async fn an_object_that_vanishes_after_exists_is_created_again() {
    let (backend, first) = fresh();
    store(&first, &[payload("a")]).await.unwrap();
    backend.log();
    backend.fail("stat", ErrorKind::NotFound.error("gone"));
    store(&driver(&backend, ObjectOptions::new("")), &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "create", "stat", "open"]);
}

#[tokio::test]
async fn known_keys_die_with_the_object() {
    let (backend, driver) = fresh();
    let claims = store(&driver, &[payload("a")]).await.unwrap();
    backend.store.delete(&at(&claims[0]));
    assert_eq!(retrieve(&driver, &claims).await.unwrap_err().kind(), ErrorKind::NotFound);
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(retrieve(&driver, &claims).await.unwrap(), [payload("a")]);
}

#[tokio::test(start_paused = true)]
async fn transient_failures_are_retried_and_then_explained() {
    let (backend, driver) = fresh();
    (0..3).for_each(|_| backend.fail("create", unavailable()));
    assert!(store(&driver, &[payload("a")]).await.is_ok());
    assert_eq!(backend.log().len(), 4);
    (0..4).for_each(|_| backend.fail("create", unavailable()));
    let error = store(&driver, &[payload("b"), payload("b")]).await.unwrap_err();
    assert_eq!(backend.log().len(), 4);
    assert_eq!((error.kind(), error.attempts(), error.index()), (ErrorKind::Unavailable, 4, Some(0)));
    let line = error.to_string();
    for part in ["store payload 1 of 2", "driver \"memory\"", "key=v0/d/sha256/", "region here", "attempts 4"]
    {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!line.contains("vendor text") && format!("{error:?}").contains("vendor text"));
}

#[tokio::test]
async fn what_cannot_succeed_is_asked_once() {
    for kind in [ErrorKind::PermissionDenied, ErrorKind::Config, ErrorKind::Unauthenticated] {
        let (backend, driver) = fresh();
        backend.fail("create", kind.error("no"));
        assert_eq!(store(&driver, &[payload("a")]).await.unwrap_err().kind(), kind);
        assert_eq!(backend.log(), ["create"]);
    }
}

#[tokio::test]
async fn a_denied_request_names_the_permission() {
    let (backend, driver) = fresh();
    let claims = store(&driver, &[payload("a")]).await.unwrap();
    backend.fail("open", ErrorKind::PermissionDenied.error("403"));
    let error = retrieve(&driver, &claims).await.unwrap_err();
    assert!(error.to_string().contains("test:Read"), "{error}");
    backend.fail("create", ErrorKind::PermissionDenied.error("403"));
    let fresh = MemoryDriver::with_backend(backend, ObjectOptions::new("")).unwrap();
    let error = fresh.check(&StoreContext::default()).await.unwrap_err();
    assert_eq!((error.operation(), error.kind()), (Some("check"), ErrorKind::PermissionDenied));
    assert!(error.to_string().contains("test:Write"), "{error}");
    fresh.check(&StoreContext::default()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stores_own_delay_is_waited_for() {
    let (backend, driver) = fresh();
    let throttled = ErrorKind::Throttled.error("slow down").with_retry(Retry::After(Duration::from_secs(30)));
    backend.fail("create", throttled.clone());
    let started = Instant::now();
    store(&driver, &[payload("a")]).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(30));
    // Where the deadline is nearer than the delay, waiting is pointless.
    backend.fail("create", throttled);
    let deadline = Some(Instant::now() + Duration::from_secs(10));
    let context = StoreContext::new(Default::default(), Operation::new().with_deadline(deadline));
    let started = Instant::now();
    let error = driver.store(&context, vec![payload("b")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(started.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_never_answers_ends_in_a_time_out() {
    for (request, operation) in [("create", "store"), ("open", "retrieve")] {
        let backend = Arc::new(Scripted::default());
        let timeouts =
            Timeouts::default().with_idle(Duration::from_secs(7)).with_total(Duration::from_secs(20));
        let driver = driver(&backend, ObjectOptions::new("").with_timeouts(timeouts));
        let claims = store(&driver, &[payload("a")]).await.unwrap();
        *backend.hangs.lock().unwrap() = Some(request);
        let started = Instant::now();
        let error = if request == "create" {
            store(&driver, &[payload("b")]).await.unwrap_err()
        } else {
            retrieve(&driver, &claims).await.unwrap_err()
        };
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Timeout, Some(operation)));
        assert!(started.elapsed() <= Duration::from_secs(21), "{:?}", started.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_ends_early_is_read_again() {
    let (backend, driver) = fresh();
    let claims = store(&driver, &[payload("a")]).await.unwrap();
    *backend.cut_bodies.lock().unwrap() = 2;
    assert_eq!(retrieve(&driver, &claims).await.unwrap(), [payload("a")]);
    *backend.cut_bodies.lock().unwrap() = 9;
    assert_eq!(retrieve(&driver, &claims).await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn one_payload_above_the_limit_stores_nothing() {
    let backend = Arc::new(Scripted::default());
    let limit = payload("12345").encoded_len() as u64;
    let options = ObjectOptions::new("").with_max_payload_size(limit).with_read_cap(limit);
    let driver = driver(&backend, options);
    let error = store(&driver, &[payload("a"), payload("123456"), payload("1234567")]).await.unwrap_err();
    assert_eq!((error.kind(), error.index()), (ErrorKind::TooLarge, Some(1)));
    assert!(error.to_string().contains(&limit.to_string()) && backend.log().is_empty());
    let claims = store(&driver, &[payload("12345")]).await.unwrap();
    backend.store.write(at(&claims[0]), vec![0; 1000]);
    let error = retrieve(&driver, &claims).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("with_read_cap"), "{error}");
}

#[tokio::test]
async fn claims_outside_the_configuration_make_no_request() {
    let backend = Arc::new(Scripted::default());
    let driver = driver(&backend, ObjectOptions::new("").with_key_prefix("mine/"));
    let good = store(&driver, &[payload("a")]).await.unwrap().remove(0);
    assert!(good.get("key").unwrap().starts_with("mine/v0/d/sha256/"));
    backend.log();
    let digest = good.get("hash_value").unwrap();
    let forged = [
        format!("v0/d/sha256/{digest}"),
        format!("mine/../v0/d/sha256/{digest}"),
        format!("mine2/v0/d/sha256/{digest}"),
        format!("mine/v0/d/sha256/{}", "0".repeat(64)),
        format!("mine/a\0b/{digest}"),
        format!("mine/{}/{digest}", "x".repeat(1024)),
    ];
    for key in forged {
        let error = retrieve(&driver, &[good.clone(), good.clone().with("key", &*key)]).await.unwrap_err();
        assert_eq!((error.kind(), error.index()), (ErrorKind::InvalidClaim, Some(1)), "{key}");
    }
    assert!(backend.log().is_empty());
}

#[tokio::test]
async fn a_second_location_is_readable_only_where_it_is_allowed() {
    let (backend, writer) = fresh();
    let claims = store(&writer, &[payload("a")]).await.unwrap();
    let confined = ObjectOptions::new("").with_key_prefix("mine");
    let error = retrieve(&driver(&backend, confined.clone()), &claims).await.unwrap_err();
    assert!(error.to_string().contains("with_readable"), "{error}");
    let allowed = confined.with_readable(Readable::prefix("v0/"));
    assert_eq!(retrieve(&driver(&backend, allowed), &claims).await.unwrap(), [payload("a")]);
}

#[tokio::test]
async fn a_dropped_store_is_safe_at_every_poll() {
    use futures_util::FutureExt as _;
    for polls in 0..12 {
        let (backend, driver) = fresh();
        let context = StoreContext::default();
        let mut future = Box::pin(driver.store(&context, vec![payload("a"), payload("b")]));
        for _ in 0..polls {
            if future.as_mut().now_or_never().is_some() {
                break;
            }
        }
        drop(future);
        let claims = store(&driver, &[payload("a"), payload("b")]).await.unwrap();
        assert_eq!(retrieve(&driver, &claims).await.unwrap(), [payload("a"), payload("b")]);
        assert_eq!(backend.store.list().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn limits_without_measure_do_not_panic() {
    let backend = Arc::new(Scripted::default());
    let endless = Duration::MAX;
    let timeouts = Timeouts::default().with_idle(endless).with_total(endless);
    let retry = RetryPolicy::attempts(2).with_pauses(endless, endless);
    let driver = driver(&backend, ObjectOptions::new("").with_timeouts(timeouts).with_retry(retry));
    let claims = store(&driver, &[payload("a")]).await.unwrap();
    backend.fail("open", unavailable().with_retry(Retry::After(Duration::from_secs(u64::MAX))));
    assert_eq!(retrieve(&driver, &claims).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(retrieve(&driver, &claims).await.unwrap(), [payload("a")]);
}

#[tokio::test]
async fn another_messages_cap_is_not_mine_and_mine_counts_what_others_read() {
    let (backend, driver) = fresh();
    let claims = store(&driver, &[payload(&"a".repeat(100))]).await.unwrap();
    let read = |cap: u64| {
        let context = RetrieveContext::new(Operation::new().with_restore_cap(cap));
        let (driver, claims) = (driver.clone(), claims.clone());
        async move { driver.retrieve(&context, claims).await }
    };
    for (first, second) in [(10, 1000), (1000, 10)] {
        let (first, second) = tokio::join!(read(first), read(second));
        let errors: Vec<_> = [first, second].into_iter().filter_map(Result::err).collect();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].kind(), ErrorKind::TooLarge);
    }
    assert!(!backend.log().is_empty());
}

#[tokio::test]
async fn a_chosen_container_is_checked_before_the_first_request() {
    let backend = Arc::new(Scripted::default());
    let choose = Container::per_payload(|_, payload| {
        Ok(if payload.data() == "b" { "b".into() } else { String::new() })
    });
    let driver = driver(&backend, ObjectOptions::new(choose).with_readable(Readable::container("")));
    let error = store(&driver, &[payload("a"), payload("b")]).await.unwrap_err();
    assert_eq!((error.kind(), error.index()), (ErrorKind::Config, Some(1)));
    assert!(backend.log().is_empty());
}

#[test]
fn options_that_cannot_work_are_refused_by_name() {
    let new = || ObjectOptions::new("");
    let zero = Duration::ZERO;
    let cases = [
        (new().with_name(""), "name"),
        (new().with_key_prefix("x".repeat(1000)), "key_prefix"),
        (new().with_key_prefix("a\0b"), "key_prefix"),
        (new().with_key_prefix("a/../b"), "key_prefix"),
        (new().with_max_payload_size(0), "max_payload_size must be greater than zero"),
        (new().with_read_cap(1), "read_cap"),
        (new().with_refresh_after(zero), "refresh_after"),
        (new().with_min_lifetime(zero), "min_lifetime"),
        (new().with_readable(Readable::prefix("/")), "with_readable"),
        (new().with_readable(Readable::container("").under("")), "with_readable"),
        (new().with_retry(RetryPolicy::attempts(0)), "retry.attempts"),
        (new().with_timeouts(Timeouts::default().with_idle(zero)), "time-outs"),
        (ObjectOptions::new(Container::per_payload(|_, _| Ok("b".into()))), "with_readable"),
    ];
    for (options, text) in cases {
        let error = MemoryDriver::new(options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[tokio::test]
async fn retrieves_at_the_same_time_share_one_request() {
    let (backend, driver) = fresh();
    let claims = store(&driver, &[payload("a")]).await.unwrap();
    backend.log();
    let all = futures_util::future::join_all((0..20).map(|_| retrieve(&driver, &claims))).await;
    assert!(all.into_iter().all(|found| found.unwrap() == [payload("a")]));
    assert_eq!(backend.log(), ["open"]);
}
