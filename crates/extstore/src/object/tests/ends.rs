//! Tests what the engine makes of a store that says when it deletes an object, and how old it is.

use super::*;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const LIFE: Duration = Duration::from_secs(10 * 3600);

type Writes = fn(Option<RenewReason>) -> bool;

/// A store of one object that it will delete.
#[derive(Debug)]
struct Ending {
    store: MemoryBackend,
    log: Mutex<Vec<&'static str>>,
    life: Duration,
    /// The writes that move the end; a create has no reason.
    moves_end: Writes,
    /// The writes that restart the age.
    restarts_age: Writes,
    tells_age: bool,
    tells_with_writes: bool,
    /// When the age began, and when the store deletes the object.
    times: Mutex<(Instant, Instant)>,
}

impl Ending {
    fn new(life: Duration) -> Self {
        let now = Instant::now();
        Self {
            store: MemoryBackend::default(),
            log: Mutex::default(),
            life,
            moves_end: |_| true,
            restarts_age: |_| true,
            tells_age: true,
            tells_with_writes: true,
            times: Mutex::new((now, now)),
        }
    }

    fn driver(self: &Arc<Self>, options: ObjectOptions) -> MemoryDriver {
        MemoryDriver::with_backend(self.clone(), options).unwrap()
    }

    fn log(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.log.lock().unwrap())
    }

    fn says(&self) -> ObjectStat {
        let (began, ends) = *self.times.lock().unwrap();
        ObjectStat::unknown()
            .with_age(self.tells_age.then(|| began.elapsed()))
            .with_expires_in(Some(ends.saturating_duration_since(Instant::now())))
    }

    /// Notes a write and answers it.
    fn wrote(&self, reason: Option<RenewReason>) -> ObjectStat {
        let now = Instant::now();
        let mut times = self.times.lock().unwrap();
        if reason.is_none() || (self.restarts_age)(reason) {
            times.0 = now;
        }
        if reason.is_none() || (self.moves_end)(reason) {
            times.1 = now + self.life;
        }
        drop(times);
        if self.tells_with_writes { self.says() } else { ObjectStat::unknown() }
    }

    fn note(&self, request: &'static str) {
        self.log.lock().unwrap().push(request);
    }
}

#[async_trait]
impl ObjectBackend for Ending {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        self.note("create");
        Ok(match self.store.create(create).await? {
            Created::Created(_) => Created::Created(self.wrote(None)),
            Created::Exists(_) => Created::Exists(None),
        })
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        self.note("open");
        self.store.open(open).await
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.note("stat");
        self.store.stat(stat).await.map(|_| self.says())
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        let reason = renew.reason();
        self.note(if reason == RenewReason::Lifetime { "renew lifetime" } else { "renew content" });
        self.store.renew(renew).await.map(|_| Renewed::Renewed(self.wrote(Some(reason))))
    }

    fn identity(&self) -> StoreIdentity {
        self.store.identity()
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, _: Request) -> &'static str {
        "none"
    }
}

fn new() -> ObjectOptions {
    ObjectOptions::new("")
}

fn only_content(reason: Option<RenewReason>) -> bool {
    reason == Some(RenewReason::Content)
}

/// A store that got an object `age` ago, and a driver that has not seen it.
async fn after(age: Duration, store_of: Ending, options: ObjectOptions) -> (Arc<Ending>, MemoryDriver) {
    let backend = Arc::new(store_of);
    store(&backend.driver(new()), &[payload("a")]).await.unwrap();
    tokio::time::advance(age).await;
    backend.log();
    let second = backend.driver(options);
    (backend, second)
}

/// Stores the payload every eleven minutes, when no key is known any more, and returns the renewals.
async fn renewals(backend: &Ending, driver: &MemoryDriver, times: u32) -> usize {
    backend.log();
    for _ in 0..times {
        tokio::time::advance(11 * MINUTE).await;
        store(driver, &[payload("a")]).await.unwrap();
    }
    let log = backend.log();
    assert_eq!(log.iter().filter(|request| **request == "stat").count(), times as usize, "{log:?}");
    log.iter().filter(|request| request.starts_with("renew")).count()
}

fn assert_refused(stored: Result<Vec<Claim>>, option: &str) {
    let error = stored.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Config, Retry::Never));
    assert!(error.to_string().contains(option), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_object_that_ends_within_the_hour_is_not_acknowledged_unless_the_options_say_so() {
    for life in [Duration::from_secs(1), HOUR] {
        let backend = Arc::new(Ending::new(life));
        assert_refused(store(&backend.driver(new()), &[payload("a")]).await, "with_min_lifetime");
        let stored_again = store(&backend.driver(new()), &[payload("a")]).await;
        assert_refused(stored_again, "with_min_lifetime");
        let short = backend.driver(new().with_min_lifetime(life / 2));
        store(&short, &[payload("b")]).await.unwrap();
    }
    let backend = Arc::new(Ending::new(HOUR + MINUTE));
    store(&backend.driver(new()), &[payload("a")]).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_end_that_a_renewal_does_not_move_is_moved_by_writing_everything() {
    let ending = Ending { moves_end: only_content, ..Ending::new(LIFE) };
    let (backend, driver) = after(6 * HOUR, ending, new()).await;
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open", "renew lifetime", "renew content"]);
    assert_eq!(renewals(&backend, &driver, 20).await, 0);
}

#[tokio::test(start_paused = true)]
async fn an_end_that_nothing_moves_is_left_alone_until_it_is_too_near() {
    let ending = Ending { moves_end: |_| false, ..Ending::new(LIFE) };
    let (backend, driver) = after(6 * HOUR, ending, new()).await;
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open", "renew lifetime", "renew content"]);
    // Until three hours later.
    assert_eq!(renewals(&backend, &driver, 16).await, 0);
    tokio::time::advance(5 * MINUTE).await;
    assert_refused(store(&driver, &[payload("a")]).await, "with_min_lifetime");
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_says_nothing_of_the_end_is_not_taken_for_one_that_moved_it() {
    let ending = Ending { moves_end: |_| false, tells_with_writes: false, ..Ending::new(LIFE) };
    let (backend, driver) = after(9 * HOUR + HOUR / 2, ending, new()).await;
    assert_refused(store(&driver, &[payload("a")]).await, "with_min_lifetime");
    let again = ["renew lifetime", "stat", "renew content", "stat"];
    assert_eq!(backend.log(), [&["create", "stat", "open"], &again[..]].concat());
}

#[tokio::test(start_paused = true)]
async fn the_check_finds_an_end_of_which_only_a_look_tells() {
    let ending = Ending { tells_with_writes: false, ..Ending::new(LIFE) };
    let driver = Arc::new(ending).driver(new().with_min_lifetime(2 * LIFE));
    let error = driver.check(&StoreContext::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Config, Some("check")));
    assert!(error.to_string().contains("with_min_lifetime"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn without_an_age_one_renewal_tells_how_long_objects_live() {
    let ending = Ending { tells_age: false, ..Ending::new(LIFE) };
    let (backend, driver) = after(MINUTE, ending, new()).await;
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open", "renew lifetime"]);
    // Half of ten hours is not over after 27 times eleven minutes, and is after 28.
    assert_eq!(renewals(&backend, &driver, 27).await, 0);
    assert_eq!(renewals(&backend, &driver, 1).await, 1);
    assert_eq!(renewals(&backend, &driver, 27).await, 0);
}

#[tokio::test(start_paused = true)]
async fn an_age_that_a_renewal_does_not_restart_is_restarted_by_writing_everything_or_refused() {
    let options = || new().with_min_lifetime(MINUTE).with_refresh_after(HOUR);
    let ending = Ending { restarts_age: only_content, ..Ending::new(LIFE) };
    let (backend, driver) = after(2 * HOUR, ending, options()).await;
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(backend.log(), ["create", "stat", "open", "renew lifetime", "renew content"]);
    let ending = Ending { restarts_age: |_| false, ..Ending::new(LIFE) };
    let (backend, driver) = after(2 * HOUR, ending, options()).await;
    assert_refused(store(&driver, &[payload("a")]).await, "with_refresh_after");
    assert_eq!(backend.log(), ["create", "stat", "open", "renew lifetime", "renew content"]);
}

#[tokio::test(start_paused = true)]
async fn an_object_whose_age_never_restarts_is_not_renewed_at_every_look() {
    let ending = Ending { restarts_age: |_| false, ..Ending::new(LIFE) };
    let backend = Arc::new(ending);
    let driver = backend.driver(new());
    store(&driver, &[payload("a")]).await.unwrap();
    // Two renewals that the half of the life demands, two that are told an age beyond it, and then none.
    tokio::time::advance(9 * HOUR).await;
    store(&driver, &[payload("a")]).await.unwrap();
    tokio::time::advance(9 * HOUR).await;
    store(&driver, &[payload("a")]).await.unwrap();
    assert_eq!(renewals(&backend, &driver, 40).await, 0);
}
