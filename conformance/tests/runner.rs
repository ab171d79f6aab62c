//! Tests the runner with drivers and profiles of every kind.

use std::sync::Arc;
use std::time::Duration;

use extstore::object::ObjectOptions;
use extstore::{
    Claim, Error, ErrorKind, MEMORY_DRIVER_TYPE, MemoryDriver, Payload, RetrieveContext, StorageDriver,
    StoreContext, async_trait,
};
use extstore_conformance::{Durability, Harness, Options, Outcome, Profile, Report, Scope, Secrets, run};

/// Declares and makes what a test tells it to, as a harness.
struct Scripted {
    profile: Profile,
    driver: Arc<dyn StorageDriver>,
}

impl Scripted {
    fn sound() -> Self {
        let driver = MemoryDriver::new(ObjectOptions::new("").with_max_payload_size(1 << 20));
        Self { profile: profile(), driver: Arc::new(driver.expect("valid options")) }
    }

    fn with_profile(change: impl FnOnce(&mut Profile)) -> Self {
        let mut scripted = Self::sound();
        change(&mut scripted.profile);
        scripted
    }

    /// Makes a driver of which every call ends the same way.
    fn wrong(way: Way) -> Self {
        Self { profile: profile(), driver: Arc::new(Wrong(way)) }
    }
}

fn profile() -> Profile {
    Profile::object(MEMORY_DRIVER_TYPE, Durability::Memory)
}

#[async_trait]
impl Harness for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    fn profile(&self) -> Profile {
        self.profile.clone()
    }

    async fn driver(&self, _: &Scope) -> Result<Arc<dyn StorageDriver>, Error> {
        Ok(Arc::clone(&self.driver))
    }

    async fn close(&self) {}
}

#[derive(Clone, Copy)]
enum Way {
    Panic,
    Hang,
    Leak,
}

struct Wrong(Way);

impl Wrong {
    async fn end<T>(&self) -> Result<T, Error> {
        match self.0 {
            Way::Panic => panic!("this driver panics"),
            Way::Hang => std::future::pending().await,
            Way::Leak => Err(ErrorKind::Internal.error(Secrets::of_this_run().canary())),
        }
    }
}

#[async_trait]
impl StorageDriver for Wrong {
    fn name(&self) -> &str {
        "wrong"
    }

    fn driver_type(&self) -> &str {
        MEMORY_DRIVER_TYPE
    }

    async fn store(&self, _: &StoreContext, _: Vec<Payload>) -> Result<Vec<Claim>, Error> {
        self.end().await
    }

    async fn retrieve(&self, _: &RetrieveContext, _: Vec<Claim>) -> Result<Vec<Payload>, Error> {
        self.end().await
    }
}

const SINGLE: &str = "round_trip.single";

/// Names a case that does not oblige every driver.
const EXTENDED: &str = "dedupe.same_batch";

async fn single(harness: Scripted) -> Report {
    only(SINGLE, harness).await
}

async fn only(case: &str, harness: Scripted) -> Report {
    let options = Options::new().with_cases([case]).with_time_limit(Duration::from_millis(200));
    run(Arc::new(harness), options).await
}

fn outcome(report: &Report) -> (Outcome, &str) {
    let case = &report.runs[0].cases[0];
    (case.outcome, &case.observed)
}

fn listed(id: &str) -> Vec<(String, String)> {
    vec![(id.to_owned(), "a reason".to_owned())]
}

#[tokio::test]
async fn a_sound_driver_passes() {
    let report = single(Scripted::sound()).await;
    assert_eq!((outcome(&report).0, report.exit_code()), (Outcome::Pass, 0));
}

#[tokio::test]
async fn a_panic_and_a_hang_fail_the_case_and_not_the_run() {
    let panicked = single(Scripted::wrong(Way::Panic)).await;
    assert_eq!(outcome(&panicked), (Outcome::Fail, "a panic: this driver panics"));
    let hung = single(Scripted::wrong(Way::Hang)).await;
    assert_eq!(outcome(&hung), (Outcome::Fail, "it did not end"));
    assert_eq!((panicked.exit_code(), hung.exit_code()), (1, 1));
}

#[tokio::test]
async fn what_is_known_to_fail_is_no_failure_and_no_pass() {
    let mut wrong = Scripted::wrong(Way::Panic);
    wrong.profile.known_failures = listed(SINGLE);
    let report = single(wrong).await;
    assert_eq!((outcome(&report).0, report.exit_code()), (Outcome::KnownFail, 3));
}

#[tokio::test]
async fn a_known_failure_that_passes_fails_the_run() {
    let report = single(Scripted::with_profile(|profile| profile.known_failures = listed(SINGLE))).await;
    assert_eq!((outcome(&report).0, report.exit_code()), (Outcome::Fail, 1));
}

#[tokio::test]
async fn what_the_profile_turns_off_is_not_executed_and_no_pass() {
    let mut wrong = Scripted::wrong(Way::Panic);
    wrong.profile.unsupported = listed(EXTENDED);
    let report = only(EXTENDED, wrong).await;
    assert_eq!((outcome(&report).0, report.exit_code()), (Outcome::Unsupported, 3));
    assert_eq!(report.runs[0].cases[0].expected, "a reason");
}

#[tokio::test]
async fn a_profile_that_contradicts_itself_is_an_error() {
    let wrong: [fn(&mut Profile); 7] = [
        |profile| profile.max_payload_bytes = 0,
        |profile| profile.attempts = 0,
        |profile| profile.claim_fields.clear(),
        |profile| profile.durability = Durability::PowerLoss,
        |profile| profile.known_failures = listed("no.such_case"),
        |profile| (profile.known_failures, profile.unsupported) = (listed(EXTENDED), listed(EXTENDED)),
        // It obliges every driver.
        |profile| profile.unsupported = listed(SINGLE),
    ];
    for change in wrong {
        let report = single(Scripted::with_profile(change)).await;
        assert_eq!((outcome(&report).0, report.exit_code()), (Outcome::Error, 2), "{:?}", outcome(&report));
    }
}

#[tokio::test]
async fn a_canary_that_comes_out_fails_the_run_and_is_not_repeated() {
    let report = single(Scripted::wrong(Way::Leak)).await;
    let ids: Vec<&str> = report.runs[0].cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, [SINGLE, "suite.secrets"]);
    assert_eq!(report.exit_code(), 1);
    let mut text = serde_json::to_string(&report).expect("a report is JSON").into_bytes();
    report.write_text(&mut text).expect("a vector takes all");
    assert!(!Secrets::of_this_run().leaked_in(&String::from_utf8_lossy(&text)));
}

#[tokio::test]
async fn a_canary_in_what_the_harness_says_of_itself_fails_the_run() {
    let canary = Secrets::of_this_run().canary();
    let report = single(Scripted::with_profile(|profile| {
        profile.unsupported = vec![(EXTENDED.to_owned(), canary.to_owned())];
    }))
    .await;
    assert_eq!(report.exit_code(), 1);
    let text = serde_json::to_string(&report).expect("a report is JSON");
    assert!(!Secrets::of_this_run().leaked_in(&text));
}

#[tokio::test]
async fn a_failure_is_printed_with_the_command_that_repeats_it() {
    let options = Options::new().with_cases([SINGLE]).with_seed(0x7f3a);
    let report = run(Arc::new(Scripted::wrong(Way::Panic)), options).await;
    let mut text = Vec::new();
    report.write_text(&mut text).expect("a vector takes all");
    let text = String::from_utf8(text).expect("UTF-8");
    assert!(text.contains("FAIL round_trip.single  ES-009  scripted / scripted / seed 7f3a"), "{text}");
    assert!(text.contains("EXTSTORE_CASE=round_trip.single EXTSTORE_SEED=7f3a cargo test"), "{text}");
}

#[tokio::test]
async fn a_pass_without_counted_requests_is_said_to_be_partial() {
    let report = only("size.over_max", Scripted::sound()).await;
    let case = &report.runs[0].cases[0];
    assert_eq!(
        (case.outcome, &*case.partial),
        (Outcome::Pass, "without a wire port, requests were not counted")
    );
    let mut text = Vec::new();
    report.write_text(&mut text).expect("a vector takes all");
    assert!(String::from_utf8_lossy(&text).contains("pass in part size.over_max"));
}
