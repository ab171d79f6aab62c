//! Fuzzes the reading of references: of any payload, of any JSON, and of references that the core wrote.
#![no_main]

#[path = "reference/composed.rs"]
mod composed;
#[path = "reference/oracle.rs"]
mod oracle;
mod support;

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use extstore::object::ObjectOptions;
use extstore::{
    Claim, Detected, ENCODING, ErrorKind, ExternalStorage, LEGACY_ENCODING, MemoryDriver, Payload,
    REFERENCE_ENCODING, REFERENCE_MARKER, REFERENCE_MESSAGE_TYPE, Reference, Result, StorageDriver,
    StoreContext,
};
use libfuzzer_sys::fuzz_target;
use support::{Choices, Spy, block_on, words};

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else { return };
    let choices = &mut Choices::new(rest, &fixture().words);
    match kind % 6 {
        0 => any_payload(rest),
        1 => any_json(Detected::Plain, rest),
        2 => any_json(Detected::Legacy, rest),
        3 => ours(choices),
        4 => any_payload(&composed::payload(choices)),
        _ => {
            let form = if choices.byte() % 2 == 0 { Detected::Plain } else { Detected::Legacy };
            any_json(form, composed::json(choices).as_bytes());
        }
    }
});

/// Holds the payload that is in the store.
const STORED: &[u8] = b"what the reference stands for";

struct Fixture {
    storage: ExternalStorage,
    stored: Payload,
    claim: Claim,
    words: Vec<String>,
}

/// Makes external storage with one payload in it. It reads legacy references too.
fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let driver = MemoryDriver::with_backend(Arc::new(Spy::default()), ObjectOptions::new(""));
        let driver = Arc::new(driver.expect("the default options are valid"));
        let stored = Payload::new([(ENCODING, "binary/plain")], STORED);
        let claims = block_on(driver.store(&StoreContext::default(), vec![stored.clone()]));
        let claim = claims.expect("memory stores").remove(0);
        let storage = ExternalStorage::builder().with_driver(driver).with_legacy_references(true).build();
        Fixture {
            storage: storage.expect("one driver is enough"),
            stored,
            claim,
            words: words(composed::WORDS),
        }
    })
}

/// Reads any bytes as an encoded payload.
fn any_payload(bytes: &[u8]) {
    let Ok(payload) = Payload::decode(Bytes::copy_from_slice(bytes)) else { return };
    assert_eq!(payload.to_bytes(), bytes);
    // The scanner has a reader of its own: both must see the same, or one of them decides on what is not there.
    let ours = payload.metadata_entries().map(|(key, value)| (key.as_bytes(), value));
    assert!(ours.eq(extstore_wire::metadata(bytes)), "two readers of one payload differ");
    assert_eq!(Reference::detect(&payload), detected(bytes));
    let canonical = payload.canonical();
    assert_eq!(canonical.encoded_len(), payload.encoded_len());
    assert_eq!(canonical.canonical(), canonical);
    reads(&payload);
}

/// Detects a reference by its metadata as the specification says, where the last entry of a key counts.
fn detected(bytes: &[u8]) -> Detected {
    let is = |key: &str, value: &str| {
        let entries = extstore_wire::metadata(bytes).filter(|entry| entry.0 == key.as_bytes());
        entries.last().is_some_and(|entry| entry.1 == value.as_bytes())
    };
    if is(REFERENCE_MARKER, "true") {
        Detected::Marked
    } else if is(ENCODING, LEGACY_ENCODING) {
        Detected::Legacy
    } else if is(ENCODING, REFERENCE_ENCODING) && is("messageType", REFERENCE_MESSAGE_TYPE) {
        Detected::Plain
    } else {
        Detected::No
    }
}

/// Reads any bytes as the JSON of a reference.
fn any_json(kind: Detected, json: &[u8]) {
    let payload = in_form(kind, json.to_vec());
    assert_eq!(Reference::detect(&payload), kind);
    let read = reads(&payload);
    let read = if kind == Detected::Legacy { read.1 } else { read.0 };
    assert_eq!(read, oracle::read(kind, json), "{:?}", String::from_utf8_lossy(json));
}

fn in_form(kind: Detected, json: Vec<u8>) -> Payload {
    match kind {
        Detected::Legacy => Payload::new([(ENCODING, LEGACY_ENCODING)], json),
        _ => Payload::new([(ENCODING, REFERENCE_ENCODING), ("messageType", REFERENCE_MESSAGE_TYPE)], json),
    }
}

/// Writes a reference with arbitrary content, perhaps to the payload that is in the store.
fn ours(choices: &mut Choices<'_>) {
    let fixture = fixture();
    let honest = choices.byte() % 2 == 0;
    let claim = if honest { fixture.claim.clone() } else { Claim::new() };
    let edits = choices.below(4);
    let claim = (0..edits).fold(claim, |claim, _| claim.with(choices.text(), choices.text()));
    let driver = if choices.byte() % 2 == 0 { "memory".to_owned() } else { choices.text() };
    // The wire has it as a signed number.
    let size = u64::from(choices.byte()) << choices.below(56);
    let (is_honest, reference) = (honest && edits == 0 && driver == "memory", Reference::new(driver, claim));
    if reference.driver_name().is_empty() {
        assert!(Reference::parse(&reference.to_payload(size)).is_err(), "a reference without a driver");
        return;
    }
    is_read_back(&reference, size);
    let restored = restore(&reference.to_payload(size));
    assert!(restored.is_ok() || !is_honest, "an honest reference was refused");
    built(choices);
}

/// Reads a payload in every way. Whatever is read must survive being written, and nothing unknown is restored.
fn reads(payload: &Payload) -> (Option<Reference>, Option<Reference>) {
    let read = [Reference::parse(payload), Reference::parse_legacy(payload)];
    let [plain, legacy] = read.map(|read| match read {
        Ok(reference) => {
            assert!(!reference.driver_name().is_empty());
            is_read_back(&reference, reference.claim().size_hint().unwrap_or(0));
            Some(reference)
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidClaim);
            // One sentence of ours: there is no room for what was in the payload.
            assert!(error.to_string().len() < 120, "{error}");
            None
        }
    });
    let restored = restore(payload);
    if Reference::detect(payload) == Detected::No {
        assert_eq!(restored.ok().as_ref(), Some(payload), "an ordinary payload changed");
    }
    (plain, legacy)
}

/// Checks a payload of arbitrary parts: no constructor fails, and what was put in is read back.
fn built(choices: &mut Choices<'_>) {
    let entries = choices.below(8);
    let metadata: Vec<(String, Vec<u8>)> =
        (0..entries).map(|_| (choices.text(), choices.bytes().to_vec())).collect();
    let sizes: Vec<u64> =
        (0..choices.below(4)).map(|_| u64::from(choices.byte()) << choices.below(56)).collect();
    let data = choices.bytes().to_vec();
    let payload = Payload::from_parts(metadata.clone(), data.clone(), sizes.clone());
    assert_eq!(payload.data(), &data);
    assert!(payload.external_sizes().eq(sizes));
    assert_eq!(payload.metadata_entries().count(), metadata.len());
    for (key, _) in &metadata {
        let last = metadata.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_slice());
        assert_eq!(payload.metadata(key), last);
    }
    assert_eq!(Payload::decode(payload.to_bytes()).expect("we wrote it"), payload);
    assert_eq!(payload.canonical(), payload);
    reads(&payload);
}

fn is_read_back(reference: &Reference, size: u64) {
    let written = reference.to_payload(size);
    assert_eq!(Reference::detect(&written), Detected::Plain);
    assert!(written.data().is_ascii());
    assert!(written.external_sizes().eq([size]));
    let arrived = Payload::decode(written.to_bytes()).expect("we wrote it");
    let read = Reference::parse(&arrived).expect("we wrote it");
    assert_eq!(read, *reference);
    assert_eq!(read.claim().size_hint(), Some(size));
    assert_eq!(read.to_payload(size), written);
}

/// Restores a payload and checks the result: the payload that is in the store, or the same payload where it is no
/// reference.
fn restore(payload: &Payload) -> Result<Payload> {
    let fixture = fixture();
    let restored = block_on(fixture.storage.message("default").restore(vec![payload.clone()]));
    let restored = restored.map(|mut payloads| payloads.pop().expect("one payload for one"))?;
    let is_reference = Reference::detect(payload) != Detected::No;
    assert!(restored == if is_reference { fixture.stored.clone() } else { payload.clone() });
    Ok(restored)
}
