use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::*;
use crate::object::{Cache, ObjectOptions};
use crate::{
    Claim, ENCODING, MemoryBackend, MemoryDriver, Operation, Payload, Result, RetrieveContext, StorageDriver,
    StoreContext,
};

/// Collects events as lines of text, in order.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn operation(&self) -> Operation {
        Operation::new().with_observer(Some(Arc::new(self.clone())))
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Observer for Lines {
    fn observe(&self, event: &Event<'_>) {
        let line = match event {
            Event::Batch { operation, driver, driver_type, payloads, bytes, error, .. } => {
                format!("batch {operation} {driver}/{driver_type} {payloads} {bytes} {error:?}")
            }
            Event::Request { request, driver, driver_type, error, .. } => {
                format!("request {request} {driver}/{driver_type} {error:?}")
            }
            Event::KnownKey { driver, driver_type } => format!("known {driver}/{driver_type}"),
            Event::CacheHit { driver, driver_type } => format!("cached {driver}/{driver_type}"),
            Event::Renewed { driver, driver_type, repaired } => {
                format!("renewed {driver}/{driver_type} {repaired}")
            }
            Event::Failed { .. }
            | Event::CompletionCut { .. }
            | Event::PassedOn { .. }
            | Event::Left { .. } => "host".to_owned(),
        };
        self.0.lock().unwrap().push(line);
    }
}

/// Reports what it does, as a driver that uses no object engine.
struct Reporting;

impl Reporting {
    fn source(&self) -> EventSource<'_> {
        EventSource::new(self.name(), self.driver_type())
    }
}

#[async_trait]
impl StorageDriver for Reporting {
    fn name(&self) -> &str {
        "mirror"
    }

    fn driver_type(&self) -> &str {
        "test.mirror"
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>> {
        let operation = context.operation();
        operation.observe(&Event::known_key(self.source()));
        operation.observe(&Event::renewed(self.source(), true));
        let store = EventSource::new("store of the mirror", "test.part");
        operation.observe(&Event::batch(store, "store", payloads.len(), 7, Duration::ZERO, None));
        Ok(vec![Claim::new(); payloads.len()])
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>> {
        let operation = context.operation();
        operation.observe(&Event::cache_hit(self.source()));
        let missing = Some(ErrorKind::NotFound);
        operation.observe(&Event::request(self.source(), "read", Duration::ZERO, missing));
        Ok(vec![Payload::default(); claims.len()])
    }
}

#[tokio::test]
async fn a_driver_outside_the_engine_reports_under_its_name() {
    let lines = Lines::default();
    let store = StoreContext::new(crate::SelectContext::new(), lines.operation());
    Reporting.store(&store, vec![Payload::default()]).await.unwrap();
    let expected = [
        "known mirror/test.mirror",
        "renewed mirror/test.mirror true",
        "batch store store of the mirror/test.part 1 7 None",
    ];
    assert_eq!(lines.take(), expected);
    Reporting.retrieve(&RetrieveContext::new(lines.operation()), vec![Claim::new()]).await.unwrap();
    assert_eq!(lines.take(), ["cached mirror/test.mirror", "request read mirror/test.mirror Some(NotFound)"]);
}

#[tokio::test(start_paused = true)]
async fn the_engine_names_its_driver_in_every_event() {
    let lines = Lines::default();
    let backend = Arc::new(MemoryBackend::default());
    let hour = Duration::from_secs(3600);
    let driver = |name| {
        let options = ObjectOptions::new("").with_name(name).with_refresh_after(hour);
        MemoryDriver::with_backend(backend.clone(), options.with_cache(Cache::new(1 << 20))).unwrap()
    };
    let store = StoreContext::new(crate::SelectContext::new(), lines.operation());
    let payload = Payload::new([(ENCODING, "binary/plain")], "x");
    let eu = driver("eu");
    eu.store(&store, vec![payload.clone()]).await.unwrap();
    let claims = eu.store(&store, vec![payload.clone()]).await.unwrap();
    eu.retrieve(&RetrieveContext::new(lines.operation()), claims).await.unwrap();
    assert_eq!(lines.take(), ["request create eu/memory None", "known eu/memory", "cached eu/memory"]);

    tokio::time::advance(hour).await;
    driver("us").store(&store, vec![payload]).await.unwrap();
    let seen = lines.take();
    assert!(seen.iter().all(|line| line.contains("us/memory")), "{seen:?}");
    assert_eq!(seen.last().unwrap(), "renewed us/memory false");
}
