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
use support::{Choices, Place, Promise, Spy, block_on};

fuzz_target!(|input: &[u8]| {
    let Some(([kind, store], rest)) = input.split_first_chunk() else { return };
    let store = &stores()[usize::from(*store) % stores().len()];
    let mut choices = Choices::new(rest, &store.words);
    // Forgeries are where imagination is needed.
    if kind % 4 == 0 { store.keeps(&mut choices) } else { store.is_not_misled(&mut choices) }
});

/// A driver, the requests that it makes, what its configuration promises, and claims to forge others from.
struct Store {
    driver: Arc<dyn StorageDriver>,
    spy: Arc<Spy>,
    promise: Promise,
    claims: Vec<Claim>,
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
        let (driver, claims, words) = (Arc::new(driver), Vec::new(), Vec::new());
        let mut store = Self { driver, spy, promise, claims, payload, digest, words };
        let select = SelectContext::new().with_target(Some(Target::workflow("n", "T", "w")));
        let (claim, key) = store.store(&select, &store.payload);
        let digests = [store.digest.to_uppercase(), Digest::from_bytes([7; 32]).to_hex()];
        let known = [store.digest.as_str(), &digests[0], &digests[1], &key];
        store.words = support::words(WORDS.into_iter().chain(known));
        store.claims = store.bases(claim, &key);
        store
    }

    /// The honest claim, no claim, and the honest one with keys as others may have written them.
    fn bases(&self, honest: Claim, key: &str) -> Vec<Claim> {
        let (prefix, _) = key.split_once("v0").expect("a key of ours");
        let foreign = ["foreign", "../foreign", "x/./foreign", "v0/foreign/sha256", "v0/x/d/sha256/x"];
        let with_key = |foreign: &str| {
            let key = prefix.to_owned() + &foreign.replace('/', &self.promise.separator.to_string());
            set(honest.clone(), self.promise.key, &key)
        };
        foreign.map(with_key).into_iter().chain([honest.clone(), Claim::new()]).collect()
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
        let forged = forge(self.claims[choices.below(self.claims.len())].clone(), choices);
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

/// Names of a claim's fields, by what they are for.
const CONTAINER: &[&str] = &["bucket"];
const KEY: &[&str] = &["key", "object_name", "object"];
const ALGORITHM: &[&str] = &["hash_algorithm", "hashAlgorithm"];
const DIGEST: &[&str] = &["hash_value", "hashValue"];
const FIELDS: [&[&str]; 6] = [CONTAINER, KEY, ALGORITHM, DIGEST, &["x"], &[""]];

/// Changes a claim as somebody would who wants to read what is not theirs.
fn forge(claim: Claim, choices: &mut Choices<'_>) -> Claim {
    let edits = choices.below(8);
    let claim = (0..edits).fold(claim, |claim, _| edit(claim, choices));
    let many = if choices.byte() == 0xff { 40 } else { 0 };
    let claim = (0..many).fold(claim, |claim, number: u32| claim.with(number.to_string(), "x"));
    claim.with_size_hint(Some(u64::from(choices.byte()) << choices.below(57)))
}

fn edit(mut claim: Claim, choices: &mut Choices<'_>) -> Claim {
    let names = FIELDS[choices.below(FIELDS.len())];
    let name = names[choices.below(names.len())];
    match choices.below(6) {
        0 => {
            claim.remove(name);
            claim
        }
        // One name of several, so that they contradict each other.
        1 => claim.with(name, choices.text()),
        // Something where something else belongs.
        2 => {
            let from = FIELDS[choices.below(FIELDS.len())][0];
            let value = claim.get(from).unwrap_or_default().to_owned();
            set(claim, names, &value)
        }
        // Most of what was there: a key below the prefix, a digest with other digits.
        3 => {
            let old: Vec<char> = claim.get(name).unwrap_or_default().chars().collect();
            let at = usize::from(choices.byte()).min(old.len());
            let end = (at + choices.below(80)).min(old.len());
            let new =
                [String::from_iter(&old[..at]), choices.text(), String::from_iter(&old[end..])].concat();
            set(claim, names, &new)
        }
        // All names alike, as a claim needs them.
        _ => set(claim, names, &choices.text()),
    }
}

/// Gives all these names one value.
fn set(claim: Claim, names: &[&str], value: &str) -> Claim {
    names.iter().fold(claim, |claim, name| claim.with(*name, value))
}
