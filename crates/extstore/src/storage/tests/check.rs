//! Tests the check of all drivers at start-up.

use super::*;

/// A driver of which every store fails with one kind, or succeeds.
struct Answers(&'static str, Option<ErrorKind>);

#[async_trait]
impl StorageDriver for Answers {
    fn name(&self) -> &str {
        self.0
    }

    fn driver_type(&self) -> &str {
        "answers"
    }

    async fn store(&self, _: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>> {
        let error = |kind: ErrorKind| Err(kind.error("it fails").with_location(format!("place={}", self.0)));
        self.1.map_or_else(|| Ok(vec![Claim::new(); payloads.len()]), error)
    }

    async fn retrieve(&self, _: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>> {
        Ok(vec![crate::driver::canary(); claims.len()])
    }
}

fn storage(drivers: impl IntoIterator<Item = Arc<dyn StorageDriver>>) -> ExternalStorage {
    let none = |_: &SelectContext, _: &Payload| Ok(None);
    let builder = ExternalStorage::builder().with_selector(none).with_deadline(Duration::from_secs(3));
    drivers.into_iter().fold(builder, ExternalStorageBuilder::with_driver).build().unwrap()
}

fn answers(name: &'static str, kind: impl Into<Option<ErrorKind>>) -> Arc<dyn StorageDriver> {
    Arc::new(Answers(name, kind.into()))
}

#[tokio::test]
async fn a_configuration_whose_drivers_all_work_passes() {
    storage([answers("a", None), Arc::new(MemoryDriver::default())]).check().await.unwrap();
}

#[tokio::test]
async fn a_single_failure_is_that_drivers_error() {
    let error = storage([answers("a", None), answers("b", ErrorKind::Throttled)]).check().await.unwrap_err();
    assert_eq!((error.kind(), error.driver()), (ErrorKind::Throttled, Some("b")));
    assert_eq!(error.operation(), Some("check"));
    assert!(error.failures().is_empty());
}

#[tokio::test]
async fn every_failure_is_named_and_the_first_that_lasts_gives_the_kind() {
    let drivers = [
        answers("a", ErrorKind::Unavailable),
        answers("b", None),
        answers("c", ErrorKind::PermissionDenied),
        answers("d", ErrorKind::Config),
    ];
    let error = storage(drivers).check().await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::PermissionDenied, crate::Retry::Never));
    let failed: Vec<_> = error.failures().iter().map(|failure| (failure.driver(), failure.kind())).collect();
    assert_eq!(
        failed,
        [
            (Some("a"), ErrorKind::Unavailable),
            (Some("c"), ErrorKind::PermissionDenied),
            (Some("d"), ErrorKind::Config)
        ]
    );
    for text in ["3 of 4 drivers", "place=a", "place=c", "place=d"] {
        assert!(error.to_string().contains(text), "{error}");
        assert!(format!("{error:?}").contains(text), "{error:?}");
    }
    assert!(!error.to_string().contains('\n'));
}

#[tokio::test]
async fn failures_that_a_retry_can_mend_keep_the_kind_of_the_first() {
    let drivers = [answers("a", ErrorKind::Unavailable), answers("b", ErrorKind::Throttled)];
    let error = storage(drivers).check().await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Unavailable, crate::Retry::Later));
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_hangs_or_panics_does_not_hide_another() {
    let drivers: [Arc<dyn StorageDriver>; 3] = [
        Scripted::new("hangs", Script::Hang),
        Scripted::new("panics", Script::Panic),
        answers("fails", ErrorKind::Config),
    ];
    let error = storage(drivers).check().await.unwrap_err();
    let kinds: Vec<ErrorKind> = error.failures().iter().map(Error::kind).collect();
    assert_eq!(kinds, [ErrorKind::Timeout, ErrorKind::Internal, ErrorKind::Config]);
    assert!(!format!("{error:?}").contains("canary in a panic"));
}

#[tokio::test]
async fn a_driver_that_only_reads_is_not_checked() {
    let storage = ExternalStorage::builder()
        .with_driver(answers("a", None))
        .with_driver_alias("old", answers("b", ErrorKind::PermissionDenied))
        .build()
        .unwrap();
    storage.check().await.unwrap();
}
