use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use super::*;
use crate::{
    Claim, Detected, ENCODING, Error, Limiter, MemoryDriver, Payload, Reference, ReferenceContext,
    RetrieveContext, SelectContext, StoreContext, Target,
};

mod cap;
mod check;
mod each;
mod names;

/// Does what its test tells it and remembers what it was asked, as a driver.
struct Scripted {
    name: &'static str,
    calls: Mutex<Vec<(Option<Target>, usize)>>,
    script: Script,
}

#[derive(Clone, Copy)]
enum Script {
    Echo,
    Miscount(isize),
    Panic,
    FailItem(usize),
    Hang,
}

impl Scripted {
    fn new(name: &'static str, script: Script) -> Arc<Self> {
        Arc::new(Self { name, calls: Mutex::default(), script })
    }

    async fn answer<T>(&self, limiter: &Limiter, mut items: Vec<T>, again: impl Fn() -> T) -> Result<Vec<T>> {
        limiter.no_request();
        match self.script {
            Script::Echo => {}
            Script::Miscount(by) if by < 0 => items.truncate(items.len() - by.unsigned_abs()),
            Script::Miscount(by) => (0..by).for_each(|_| items.push(again())),
            Script::Panic => panic!("canary in a panic"),
            Script::FailItem(index) => {
                return Err(ErrorKind::NotFound.error("gone").with_index(index, items.len()));
            }
            Script::Hang => std::future::pending().await,
        }
        Ok(items)
    }
}

#[async_trait]
impl StorageDriver for Scripted {
    fn name(&self) -> &str {
        self.name
    }

    fn driver_type(&self) -> &str {
        "scripted"
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>> {
        self.calls.lock().unwrap().push((context.target().cloned(), payloads.len()));
        let claims = payloads.iter().map(|p| Claim::new().with("data", String::from_utf8_lossy(p.data())));
        self.answer(context.operation().limiter(), claims.collect(), Claim::new).await
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>> {
        let payloads = claims.iter().map(|c| data(c.get("data").unwrap_or_default()));
        self.answer(context.operation().limiter(), payloads.collect(), Payload::default).await
    }
}

fn data(text: &str) -> Payload {
    Payload::new([(ENCODING, "binary/plain")], text.to_owned())
}

fn all(driver: Arc<Scripted>) -> Message {
    ExternalStorage::builder()
        .with_driver(driver)
        .with_payload_size_threshold(0)
        .build()
        .unwrap()
        .message("ambient")
}

fn target(id: &str) -> Option<Target> {
    Some(Target::workflow("ns", "T", id))
}

#[tokio::test]
async fn a_host_may_offload_payloads_below_the_threshold() {
    let builder = ExternalStorage::builder()
        .with_driver(Arc::new(MemoryDriver::default()))
        .with_payload_size_threshold(u64::MAX);
    let message = builder.build().unwrap().message("orders");
    let payload = data("small");
    let first = message.offload_any_size(vec![(None, payload.clone())]).await.unwrap();
    assert_eq!(Reference::detect(&first[0]), Detected::Plain);
    let again = message.offload_any_size(vec![(None, first[0].clone())]).await.unwrap();
    assert_eq!(again, first, "a reference is not offloaded again");
    assert_eq!(message.restore(first).await.unwrap(), [payload]);
}

#[tokio::test]
async fn the_threshold_is_the_encoded_size_and_zero_means_everything() {
    let payload = data("x");
    let size = payload.encoded_len() as u64;
    for (threshold, stored) in [(size + 1, false), (size, true), (size - 1, true), (0, true)] {
        let storage = ExternalStorage::builder()
            .with_driver(Scripted::new("d", Script::Echo))
            .with_payload_size_threshold(threshold);
        let out = storage.build().unwrap().message("").offload(vec![(None, payload.clone())]).await.unwrap();
        assert_eq!(Reference::detect(&out[0]) == Detected::Plain, stored, "threshold {threshold}");
        assert!(!stored || out[0].external_sizes().eq([size]));
    }
}

#[tokio::test]
async fn a_reference_is_never_offloaded_again() {
    let message = all(Scripted::new("d", Script::Echo));
    let once = message.offload(vec![(None, data("x"))]).await.unwrap();
    let twice = message.offload(vec![(None, once[0].clone())]).await.unwrap();
    assert_eq!(once, twice);
}

#[tokio::test]
async fn payloads_are_grouped_by_driver_and_target() {
    let driver = Scripted::new("d", Script::Echo);
    let items =
        vec![(target("a"), data("1")), (target("b"), data("2")), (target("a"), data("3")), (None, data("4"))];
    let message = all(driver.clone());
    let out = message.offload(items).await.unwrap();
    let mut calls = driver.calls.lock().unwrap().clone();
    calls.sort();
    assert_eq!(calls, [(None, 1), (target("a"), 2), (target("b"), 1)]);
    let restored = message.restore(out).await.unwrap();
    assert_eq!(restored, [data("1"), data("2"), data("3"), data("4")]);
}

#[tokio::test]
async fn an_error_names_the_message_index_and_the_driver() {
    let message = all(Scripted::new("d", Script::FailItem(1)));
    let inline = Payload::new([(ENCODING, crate::LEGACY_ENCODING)], "");
    let items = vec![(None, inline), (target("a"), data("1")), (target("a"), data("2"))];
    let error = message.offload(items).await.unwrap_err();
    assert_eq!((error.index(), error.driver(), error.operation()), (Some(2), Some("d"), Some("store")));
    assert!(error.to_string().starts_with("NotFound: store payload 3 of 3 with driver \"d\""), "{error}");
}

#[tokio::test]
async fn a_driver_that_miscounts_or_panics_is_contained() {
    let texts = [
        (Script::Miscount(-1), "Driver 'd' returned 0 claims, expected 1"),
        (Script::Miscount(1), "Driver 'd' returned 2 claims, expected 1"),
        (Script::Panic, "driver 'd' panicked"),
    ];
    for (script, text) in texts {
        let error = all(Scripted::new("d", script)).offload(vec![(None, data("x"))]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
        assert!(error.to_string().contains(text) && !format!("{error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn a_selector_or_an_observer_that_panics_is_contained() {
    let builder = || ExternalStorage::builder().with_payload_size_threshold(0);
    let selects = |_: &SelectContext, _: &Payload| -> Result<Option<Arc<dyn StorageDriver>>> {
        panic!("canary in a panic")
    };
    let storage =
        builder().with_driver(Scripted::new("d", Script::Echo)).with_selector(selects).build().unwrap();
    let error = storage.message("").offload(vec![(None, data("x"))]).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation(), error.index()),
        (ErrorKind::Internal, Some("store"), Some(0))
    );
    assert!(error.to_string().contains("selector panicked") && !format!("{error:?}").contains("canary"));

    let observes = |_: &Event<'_>| panic!("canary in a panic");
    let storage =
        builder().with_driver(Scripted::new("d", Script::Echo)).with_observer(observes).build().unwrap();
    storage.observe(&Event::passed_on("malformed"));
    assert_eq!(storage.message("").offload(vec![(None, data("x"))]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_restore_reads_every_reference_before_it_calls_a_driver() {
    let driver = Scripted::new("d", Script::Panic);
    let good = Reference::new("d", Claim::new()).to_payload(1);
    let cases = [
        (
            Reference::new("other", Claim::new()).to_payload(1),
            ErrorKind::Config,
            "No driver found with name 'other'",
        ),
        (
            Payload::new([(ENCODING, crate::LEGACY_ENCODING)], "{}"),
            ErrorKind::Unsupported,
            "with_legacy_references",
        ),
        (Payload::new([(crate::REFERENCE_MARKER, "true")], "{}"), ErrorKind::Config, "[TMPRL1106]"),
    ];
    let codes = [None, None, Some("TMPRL1106")];
    for ((bad, kind, text), code) in cases.into_iter().zip(codes) {
        let error = all(driver.clone()).restore(vec![good.clone(), bad]).await.unwrap_err();
        assert_eq!((error.kind(), error.index(), error.code()), (kind, Some(1), code));
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[tokio::test]
async fn a_selector_must_return_a_registered_instance() {
    let (one, two) = (Scripted::new("a", Script::Echo), Scripted::new("a", Script::Echo));
    let returned: Arc<dyn StorageDriver> = two;
    let storage = ExternalStorage::builder()
        .with_driver(one)
        .with_selector(move |_: &SelectContext, _: &Payload| Ok(Some(Arc::clone(&returned))))
        .with_payload_size_threshold(0);
    let error = storage.build().unwrap().message("").offload(vec![(None, data("x"))]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(
        error.to_string().contains("Driver 'a' returned by driver_selector is not registered"),
        "{error}"
    );
}

#[tokio::test]
async fn the_ready_made_selectors_choose_by_size_and_by_namespace() {
    let (a, b) = (Scripted::new("a", Script::Echo), Scripted::new("b", Script::Echo));
    let small = crate::by_size(40, a.clone(), b.clone());
    let name = |chosen: Option<Arc<dyn StorageDriver>>| chosen.map(|driver| driver.name().to_owned());
    assert_eq!(name(small.select(&SelectContext::new(), &data("x")).unwrap()).unwrap(), "a");
    assert_eq!(name(small.select(&SelectContext::new(), &data(&"x".repeat(99))).unwrap()).unwrap(), "b");
    let by_namespace = crate::by_namespace([("ns".to_owned(), a as Arc<dyn StorageDriver>)], None);
    let context = SelectContext::new().with_namespace(Some("ambient")).with_target(target("w"));
    assert_eq!(name(by_namespace.select(&context, &data("x")).unwrap()).unwrap(), "a");
    assert!(by_namespace.select(&SelectContext::new(), &data("x")).unwrap().is_none());
    // A target whose namespace is not known is in the ambient one.
    let unknown = Target::workflow("", "T", "w");
    let context = SelectContext::new().with_namespace(Some("ns")).with_target(Some(unknown));
    assert_eq!(name(by_namespace.select(&context, &data("x")).unwrap()).unwrap(), "a");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_driver_that_hangs() {
    let storage = ExternalStorage::builder()
        .with_driver(Scripted::new("d", Script::Hang))
        .with_payload_size_threshold(0)
        .with_deadline(Duration::from_secs(3));
    let message = storage.build().unwrap().message("");
    let error = message.offload(vec![(None, data("x"))]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(message.elapsed(), Duration::from_secs(3));
    assert_eq!(message.restore(vec![data("inline")]).await.unwrap(), [data("inline")]);
}

#[tokio::test]
async fn a_message_cannot_restore_more_than_its_cap() {
    let storage = ExternalStorage::builder()
        .with_driver(Arc::new(MemoryDriver::default()))
        .with_payload_size_threshold(0)
        .with_restore_cap(100)
        .build()
        .unwrap();
    let (one, two) = (data(&"1".repeat(60)), data(&"2".repeat(60)));
    let out = storage.message("").offload(vec![(None, one), (None, two)]).await.unwrap();
    assert!(storage.message("").restore(vec![out[0].clone()]).await.is_ok());
    let copies = vec![out[0].clone(), out[0].clone()];
    assert_eq!(storage.message("").restore(copies).await.unwrap_err().kind(), ErrorKind::TooLarge);
    let error = storage.message("").restore(out).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("with_restore_cap"), "{error}");
}

/// Adds 1 to each byte of the whole payload and counts its calls, as a codec.
#[derive(Default)]
struct Plus(AtomicUsize, AtomicUsize);

#[async_trait]
impl ReferenceCodec for Plus {
    async fn encode(&self, _: &ReferenceContext, references: Vec<Payload>) -> Result<Vec<Payload>> {
        self.0.fetch_add(references.len(), Ordering::SeqCst);
        let shift =
            |p: &Payload| -> Vec<u8> { p.to_bytes().iter().map(|byte| byte.wrapping_add(1)).collect() };
        Ok(references.iter().map(|p| Payload::new([(ENCODING, "binary/plus")], shift(p))).collect())
    }

    async fn decode(&self, _: &ReferenceContext, encoded: Vec<Payload>) -> Result<Vec<Payload>> {
        self.1.fetch_add(encoded.len(), Ordering::SeqCst);
        let back = |p: &Payload| -> Vec<u8> { p.data().iter().map(|byte| byte.wrapping_sub(1)).collect() };
        encoded.iter().map(|p| Payload::decode(back(p))).collect()
    }
}

#[tokio::test]
async fn the_marked_form_encodes_new_references_once_and_keeps_their_size() {
    let codec = Arc::new(Plus::default());
    let storage = ExternalStorage::builder()
        .with_driver(Scripted::new("d", Script::Echo))
        .with_payload_size_threshold(30)
        .with_reference_form(ReferenceForm::Marked)
        .with_reference_codec(codec.clone())
        .build()
        .unwrap();
    let (large, small) = (data("large enough to be stored"), data("s"));
    let items = vec![(None, small.clone()), (None, large.clone())];
    let out = storage.message("").offload(items).await.unwrap();
    assert_eq!(out[0], small);
    assert_eq!(Reference::detect(&out[1]), Detected::Marked);
    assert!(out[1].external_sizes().eq([large.encoded_len() as u64]));
    assert_eq!(out[1].metadata(ENCODING).unwrap(), b"binary/plus");
    assert_eq!(storage.message("").restore(out).await.unwrap(), [small, large]);
    assert_eq!((codec.0.load(Ordering::SeqCst), codec.1.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn a_marked_plain_reference_is_read_without_and_with_a_codec() {
    let storage = |codec: Option<Arc<Plus>>| {
        let builder = ExternalStorage::builder()
            .with_driver(Scripted::new("d", Script::Echo))
            .with_reference_form(ReferenceForm::Marked)
            .with_payload_size_threshold(0);
        match codec {
            Some(codec) => builder.with_reference_codec(codec).build().unwrap(),
            None => builder.build().unwrap(),
        }
    };
    let out = storage(None).message("").offload(vec![(None, data("x"))]).await.unwrap();
    assert_eq!(Reference::detect(&out[0]), Detected::Marked);
    for codec in [None, Some(Arc::new(Plus::default()))] {
        assert_eq!(storage(codec).message("").restore(out.clone()).await.unwrap(), [data("x")]);
    }
}

#[tokio::test]
async fn a_reference_that_was_marked_before_it_was_encoded_is_read() {
    let codec = Arc::new(Plus::default());
    let storage = ExternalStorage::builder()
        .with_driver(Scripted::new("d", Script::Echo))
        .with_payload_size_threshold(0)
        .with_reference_codec(codec.clone())
        .build()
        .unwrap();
    let mut out = storage.message("").offload(vec![(None, data("x"))]).await.unwrap();
    let inside = crate::reference::mark(&out[0], 9);
    let encoded = codec.encode(&ReferenceContext::default(), vec![inside]).await.unwrap();
    out[0] = crate::reference::mark(&encoded[0], 9);
    assert_eq!(storage.message("").restore(out).await.unwrap(), [data("x")]);
}

/// Has a key for each namespace and remembers the context that it got when it encoded, as a codec.
#[derive(Default)]
struct Keyed(Mutex<Vec<ReferenceContext>>);

impl Keyed {
    fn apply(context: &ReferenceContext, bytes: &[u8]) -> Vec<u8> {
        let key = context.namespace().map_or(0, |namespace| namespace.bytes().fold(1, u8::wrapping_add));
        bytes.iter().map(|byte| byte ^ key).collect()
    }
}

#[async_trait]
impl ReferenceCodec for Keyed {
    async fn encode(&self, context: &ReferenceContext, references: Vec<Payload>) -> Result<Vec<Payload>> {
        self.0.lock().unwrap().push(context.clone());
        let encoded = references.iter().map(|reference| Self::apply(context, &reference.to_bytes()));
        Ok(encoded.map(|data| Payload::new([(ENCODING, "binary/keyed")], data)).collect())
    }

    async fn decode(&self, context: &ReferenceContext, encoded: Vec<Payload>) -> Result<Vec<Payload>> {
        encoded.iter().map(|payload| Payload::decode(Self::apply(context, payload.data()))).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_codec_is_told_namespace_target_and_deadline() {
    let codec = Arc::new(Keyed::default());
    let storage = ExternalStorage::builder()
        .with_driver(Scripted::new("d", Script::Echo))
        .with_payload_size_threshold(0)
        .with_reference_form(ReferenceForm::Marked)
        .with_reference_codec(codec.clone())
        .with_deadline(Duration::from_secs(5))
        .build()
        .unwrap();
    let targets = ["a", "b"].map(|id| Target::workflow("orders", "T", id));
    let items = [0, 1, 0].map(|at| (Some(targets[at].clone()), data("x"))).to_vec();
    let out = storage.message("orders").offload(items).await.unwrap();

    let told = std::mem::take(&mut *codec.0.lock().unwrap());
    assert_eq!(told.iter().map(ReferenceContext::target).collect::<Vec<_>>(), targets.each_ref().map(Some));
    assert!(told.iter().all(|context| context.namespace() == Some("orders")));
    let deadline = Some(tokio::time::Instant::now() + Duration::from_secs(5));
    assert!(told.iter().all(|context| context.operation().deadline() == deadline));

    assert_eq!(storage.message("orders").restore(out.clone()).await.unwrap(), vec![data("x"); 3]);
    assert!(storage.message("sales").restore(out).await.is_err(), "another namespace has another key");
}

/// Never answers, or panics, as a codec.
struct Broken(bool);

#[async_trait]
impl ReferenceCodec for Broken {
    async fn encode(&self, _: &ReferenceContext, _: Vec<Payload>) -> Result<Vec<Payload>> {
        assert!(!self.0, "canary in a panic");
        std::future::pending().await
    }

    async fn decode(&self, context: &ReferenceContext, encoded: Vec<Payload>) -> Result<Vec<Payload>> {
        self.encode(context, encoded).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_codec_that_hangs_or_panics_is_contained() {
    for (panics, kind) in [(false, ErrorKind::Timeout), (true, ErrorKind::Internal)] {
        let storage = ExternalStorage::builder()
            .with_driver(Scripted::new("d", Script::Echo))
            .with_payload_size_threshold(0)
            .with_reference_form(ReferenceForm::Marked)
            .with_reference_codec(Arc::new(Broken(panics)))
            .with_deadline(Duration::from_secs(3))
            .build()
            .unwrap();
        let error = storage.message("").offload(vec![(None, data("x"))]).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
        let marked = Payload::new([(crate::REFERENCE_MARKER, "true")], "x");
        assert_eq!(storage.message("").restore(vec![marked]).await.unwrap_err().kind(), kind);
    }
}

#[test]
fn a_configuration_that_cannot_work_is_refused_by_name() {
    let driver = |name| Scripted::new(name, Script::Echo) as Arc<dyn StorageDriver>;
    let build = |drivers: Vec<Arc<dyn StorageDriver>>| {
        drivers.into_iter().fold(ExternalStorage::builder(), ExternalStorageBuilder::with_driver)
    };
    let none = |_: &SelectContext, _: &Payload| Ok(None);
    let cases = [
        (build(vec![]).build(), "must contain at least one driver"),
        (build(vec![driver("")]).build(), "without a name"),
        (build(vec![driver("a"), driver("b")]).build(), "driver_selector must be specified"),
        (build(vec![driver("a"), driver("a")]).with_selector(none).build(), "multiple drivers with name 'a'"),
        (build(vec![driver("a")]).with_message_budget(0).build(), "greater than zero"),
        (build(vec![driver("a")]).with_shared_budget(0).build(), "greater than zero"),
        (build(vec![driver("a")]).with_bytes_in_flight(0).build(), "greater than zero"),
    ];
    for (result, text) in cases {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn a_target_without_a_namespace_belongs_to_the_ambient_one() {
    let target = |namespace| Some(Target::workflow(namespace, "T", "w"));
    let context = SelectContext::new().with_namespace(Some("ambient"));
    assert_eq!(context.clone().with_target(target("")).effective_namespace(), Some("ambient"));
    assert_eq!(context.with_target(target("own")).effective_namespace(), Some("own"));
    assert_eq!(SelectContext::new().with_namespace(None).with_target(target("")).effective_namespace(), None);
}
