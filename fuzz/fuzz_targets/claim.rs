//! Reading claims: what we write we read, and a forged claim leads nowhere that the configuration does not allow.
//!
//! What a claim may name is written down twice, in the engine and in `support/promise.rs`: both must decide alike.
#![no_main]

mod support;

use std::sync::{Arc, OnceLock};

use extstore::object::{ObjectOptions, Readable};
use extstore::{
    Claim, Detected, Digest, ENCODING, ErrorKind, ExecutionTarget, MemoryDriver, NexusTarget, Operation,
    Payload, Reference, Result, RetrieveContext, SelectContext, StorageDriver, StoreContext, Target,
};
use extstore_gcs::{GcsDriver, GcsOptions};
use extstore_redis::{DEFAULT_KEY_PREFIX, RedisDriver, RedisOptions};
use libfuzzer_sys::fuzz_target;
use support::{Choices, Place, Promise, Spy, block_on, words};

fuzz_target!(|input: &[u8]| {
    let Some(([kind, store], rest)) = input.split_first_chunk() else { return };
    let store = &stores()[usize::from(*store) % stores().len()];
    let mut choices = Choices::new(rest, &store.words);
    if kind % 2 == 0 { store.keeps(&mut choices) } else { store.is_not_misled(&mut choices) }
});

/// A driver, the requests that it makes, what its configuration promises, and an honest claim.
struct Store {
    driver: Arc<dyn StorageDriver>,
    spy: Arc<Spy>,
    promise: Promise,
    claim: Claim,
    payload: Payload,
    /// The payload's digest.
    digest: String,
    words: Vec<String>,
}

/// What means something in a key or in a claim.
const WORDS: [&str; 23] = [
    "",
    "..",
    ".",
    "/",
    ":",
    "\\",
    "\0",
    "%2E",
    "%2F",
    "v0",
    "ns",
    "d",
    "sha256",
    "SHA256",
    "null",
    "bucket",
    "other",
    "p",
    "a/b",
    "q",
    DEFAULT_KEY_PREFIX,
    "/v0/d/sha256/",
    ":v0:d:sha256:",
];

/// Every configuration that is tried. They are made once, because making a driver costs more than using it.
fn stores() -> &'static [Store] {
    static STORES: OnceLock<Vec<Store>> = OnceLock::new();
    STORES.get_or_init(|| {
        vec![
            memory("", None),
            memory("p", None),
            memory("a/b//", Some("q/")),
            gcs("", &[]),
            gcs("p", &[]),
            gcs("p", &[Place::new("other", "")]),
            gcs("a/b", &[Place::new("other", "q"), Place::new("bucket", "p")]),
            gcs("p", &[Place::anywhere()]),
            redis(DEFAULT_KEY_PREFIX, None),
            redis("p:", None),
            redis("", None),
            redis("p", Some("a/b")),
        ]
    })
}

impl Store {
    fn new(driver: impl StorageDriver, spy: Arc<Spy>, promise: Promise) -> Self {
        let payload = Payload::new([(ENCODING, "binary/plain")], "stored");
        let digest = Digest::of(payload.body()).to_hex();
        let (driver, claim) = (Arc::new(driver), Claim::new());
        let mut store = Self { driver, spy, promise, claim, payload, digest, words: Vec::new() };
        let select = SelectContext::new().with_target(Some(Target::workflow("n", "T", "w")));
        let (claim, key) = store.store(&select, &store.payload);
        let digests = [store.digest.to_uppercase(), Digest::from_bytes([7; 32]).to_hex()];
        let known = [store.digest.as_str(), &digests[0], &digests[1], &key];
        (store.claim, store.words) = (claim, words(WORDS.into_iter().chain(known)));
        store
    }

    /// Stores a payload for two readers, and reads it again through the reference that goes into the history.
    fn keeps(&self, choices: &mut Choices<'_>) {
        let payload = Payload::new([(ENCODING, "binary/plain")], choices.bytes().to_vec());
        self.spy.serve(payload.to_bytes());
        let [first, second] = [(); 2].map(|()| identity(choices));
        let [(claim, key), (_, other)] = [&first, &second].map(|identity| self.store(identity, &payload));
        let may_share = alike(&first, &second, |tag| self.promise.names(&key, tag));
        assert!(key != other || may_share, "{first:?} and {second:?} share {key}");
        let reference = Reference::new(self.driver.name(), claim.clone());
        let written = reference.to_payload(payload.encoded_len() as u64);
        assert_eq!(Reference::detect(&written), Detected::Plain);
        let (name, read) = Reference::parse(&written).expect("we wrote it").into_parts();
        assert_eq!((name.as_str(), &read), (self.driver.name(), &claim));
        assert_eq!(self.retrieve(read).expect("what was stored is read"), payload);
        self.spy.asked();
    }

    /// The claim and its key.
    fn store(&self, select: &SelectContext, payload: &Payload) -> (Claim, String) {
        let context = StoreContext::new(select.clone(), Operation::new());
        let stored = block_on(self.driver.store(&context, vec![payload.clone()]));
        let claim = stored.expect("a small payload is stored").remove(0);
        let asked = self.spy.asked();
        assert!(
            asked.iter().all(|location| self.promise.covers(location)),
            "a key that could not be read: {asked:?}"
        );
        assert!(self.promise.admits(&claim), "{claim:?}");
        let key = claim.get("key").expect("all three drivers write it").to_owned();
        (claim, key)
    }

    /// A claim that the promise refuses makes no request; any other is read, and only the right bytes are given out.
    fn is_not_misled(&self, choices: &mut Choices<'_>) {
        let forged = forge(self.claim.clone(), choices);
        self.spy.serve(self.payload.to_bytes());
        let retrieved = self.retrieve(forged.clone());
        let asked = self.spy.asked();
        assert!(asked.iter().all(|location| self.promise.covers(location)), "{asked:?}");
        let is_refused = |kind| matches!(kind, ErrorKind::InvalidClaim | ErrorKind::Unsupported);
        match retrieved {
            Ok(read) => {
                assert_eq!(read, self.payload);
                assert!(self.promise.admits(&forged), "{forged:?}");
                assert_eq!(self.promise.digest(&forged).as_ref(), Some(&self.digest));
            }
            Err(error) if is_refused(error.kind()) => {
                assert!(asked.is_empty(), "a request for a claim that was refused");
                assert!(!self.promise.admits(&forged), "{error}: {forged:?}");
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Integrity);
                assert!(self.promise.admits(&forged), "{forged:?}");
                assert_ne!(self.promise.digest(&forged).as_ref(), Some(&self.digest));
            }
        }
    }

    fn retrieve(&self, claim: Claim) -> Result<Payload> {
        let retrieved = block_on(self.driver.retrieve(&RetrieveContext::default(), vec![claim]));
        retrieved.map(|mut payloads| payloads.pop().expect("one payload for one claim"))
    }
}

fn memory(prefix: &str, readable: Option<&str>) -> Store {
    let spy = Arc::new(Spy::default());
    let options = ObjectOptions::new("").with_key_prefix(prefix);
    let options =
        readable.into_iter().fold(options, |options, prefix| options.with_readable(Readable::prefix(prefix)));
    let driver = MemoryDriver::with_backend(spy.clone(), options).expect("valid options");
    let places = readable.into_iter().chain([prefix]).map(|prefix| Place::new("", prefix)).collect();
    Store::new(driver, spy, Promise { separator: '/', container: &[], key: &["key"], places })
}

fn gcs(prefix: &str, readable: &[Place]) -> Store {
    let spy = Arc::new(Spy::default());
    let options = GcsOptions::new("bucket").with_key_prefix(prefix);
    let options = readable.iter().fold(options, |options, place| options.with_readable(place.readable()));
    let driver = GcsDriver::with_backend(spy.clone(), options).expect("valid options");
    let places = readable.iter().cloned().chain([Place::new("bucket", prefix)]).collect();
    let key = &["object_name", "key", "object"];
    Store::new(driver, spy, Promise { separator: '/', container: &["bucket"], key, places })
}

fn redis(prefix: &str, readable: Option<&str>) -> Store {
    let spy = Arc::new(Spy::default());
    let options = RedisOptions::new().with_key_prefix(prefix);
    let options =
        readable.into_iter().fold(options, |options, prefix| options.with_readable(Readable::prefix(prefix)));
    let driver = RedisDriver::with_backend(spy.clone(), options).expect("valid options");
    let places = readable.into_iter().chain([prefix]).map(|prefix| Place::new("", prefix)).collect();
    Store::new(driver, spy, Promise { separator: ':', container: &[], key: &["key"], places })
}

/// Who reads a payload again, with whatever names.
fn identity(choices: &mut Choices<'_>) -> SelectContext {
    let select = SelectContext::new().with_namespace(Some(choices.text()));
    let kind = choices.below(4);
    let target = match kind {
        0 => None,
        1 => Some(Target::Nexus(NexusTarget::new(choices.text(), choices.text(), choices.text()))),
        _ => {
            let execution =
                ExecutionTarget::new(choices.text()).with_type(choices.text()).with_id(choices.text());
            let execution = execution.with_run_id(choices.text());
            Some(if kind == 2 { Target::Workflow(execution) } else { Target::Activity(execution) })
        }
    };
    select.with_target(target)
}

/// Whether one key may serve both: an empty name is written `null`, and only the namespace is in the keys of payloads
/// without an execution. Nothing is promised of keys that were shortened because the store could not take them.
fn alike(one: &SelectContext, other: &SelectContext, names: impl Fn(&str) -> bool) -> bool {
    let parts = |select: &SelectContext| match select.target() {
        Some(Target::Workflow(e)) => Some((0, [&e.namespace, &e.type_name, &e.id, &e.run_id].map(named))),
        Some(Target::Activity(e)) => Some((1, [&e.namespace, &e.type_name, &e.id, &e.run_id].map(named))),
        _ => None,
    };
    let namespace = |select: &SelectContext| select.effective_namespace().map(named);
    let is_short = !names("wi") && !names("ai");
    (parts(one) == parts(other) || is_short) && (namespace(one) == namespace(other) || !names("ns"))
}

fn named(name: impl AsRef<str>) -> String {
    let name = name.as_ref();
    if name.is_empty() { "null".to_owned() } else { name.to_owned() }
}

/// Changes a claim as somebody would who wants to read what is not theirs.
fn forge(claim: Claim, choices: &mut Choices<'_>) -> Claim {
    const NAMES: [&str; 9] = [
        "bucket",
        "key",
        "object_name",
        "object",
        "hash_algorithm",
        "hashAlgorithm",
        "hash_value",
        "hashValue",
        "x",
    ];
    let mut claim = if choices.byte() % 4 == 3 { Claim::new() } else { claim };
    for _ in 0..choices.below(8) {
        let name = NAMES[choices.below(NAMES.len())];
        match choices.below(4) {
            0 => drop(claim.remove(name)),
            1 => {
                let from = NAMES[choices.below(NAMES.len())];
                let value = claim.get(from).unwrap_or_default().to_owned();
                claim = claim.with(name, value);
            }
            // All names of the key at once, as a claim needs them to agree.
            2 => {
                let key = choices.text();
                let present: Vec<&str> =
                    NAMES[1..4].iter().copied().filter(|name| claim.get(name).is_some()).collect();
                claim = present.into_iter().fold(claim, |claim, name| claim.with(name, key.clone()));
            }
            _ => claim = claim.with(name, choices.text()),
        }
    }
    let many = if choices.byte() == 0xff { 40 } else { 0 };
    let claim = (0..many).fold(claim, |claim, number: u32| claim.with(number.to_string(), "x"));
    claim.with_size_hint(Some(u64::from(choices.byte()) << choices.below(57)))
}
