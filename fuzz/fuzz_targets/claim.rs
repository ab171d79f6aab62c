//! Fuzzes claims: a driver reads the claims that it writes, and a forged claim leads to no place that the
//! configuration does not allow.
//!
//! What a claim may name is written down twice, in the engine and in `support/promise.rs`: both must decide alike.
#![no_main]

#[path = "claim/configured.rs"]
mod configured;
#[path = "claim/forgery.rs"]
mod forgery;
#[path = "claim/identity.rs"]
mod identity;
mod support;

use std::sync::Arc;

use configured::stores;
use extstore::{
    Claim, Detected, Digest, ENCODING, ErrorKind, Operation, Payload, Reference, Result, RetrieveContext,
    SelectContext, StorageDriver, StoreContext, Target,
};
use extstore_redis::DEFAULT_KEY_PREFIX;
use libfuzzer_sys::fuzz_target;
use support::{Choices, Promise, Spy, block_on};

fuzz_target!(|input: &[u8]| {
    let Some(([kind, store], rest)) = input.split_first_chunk() else { return };
    let store = &stores()[usize::from(*store) % stores().len()];
    let mut choices = Choices::new(rest, &store.words);
    // Forgeries are where imagination is needed.
    if kind % 4 == 0 { store.keeps(&mut choices) } else { store.is_not_misled(&mut choices) }
});

/// Holds a driver, the requests that it makes, what its configuration promises, and claims to forge others from.
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

/// Lists the words that mean something in a key or in a claim.
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

    /// Lists the honest claim, no claim, and the honest one with keys as others may have written them.
    fn bases(&self, honest: Claim, key: &str) -> Vec<Claim> {
        let (prefix, _) = key.split_once("v0").expect("a key of ours");
        let foreign = ["foreign", "../foreign", "x/./foreign", "v0/foreign/sha256", "v0/x/d/sha256/x"];
        let with_key = |foreign: &str| {
            let key = prefix.to_owned() + &foreign.replace('/', &self.promise.separator.to_string());
            forgery::set(honest.clone(), self.promise.key, &key)
        };
        foreign.map(with_key).into_iter().chain([honest.clone(), Claim::new()]).collect()
    }

    /// Stores a payload for two readers, and reads it again through the reference that goes into the history.
    fn keeps(&self, choices: &mut Choices<'_>) {
        let payload = Payload::new([(ENCODING, "binary/plain")], choices.bytes().to_vec());
        self.spy.serve(payload.to_bytes());
        let [first, second] = [(); 2].map(|()| identity::any(choices));
        let [(claim, key), (_, other)] = [&first, &second].map(|identity| self.store(identity, &payload));
        let may_share = identity::alike(&first, &second, |tag| self.promise.names(&key, tag));
        assert!(key != other || may_share, "{first:?} and {second:?} share {key}");
        let reference = Reference::new(self.driver.name(), claim.clone());
        let written = reference.to_payload(payload.encoded_len() as u64);
        assert_eq!(Reference::detect(&written), Detected::Plain);
        let (name, read) = Reference::parse(&written).expect("we wrote it").into_parts();
        assert_eq!((name.as_str(), &read), (self.driver.name(), &claim));
        assert_eq!(self.retrieve(read).expect("what was stored is read"), payload);
        self.spy.asked();
    }

    /// Returns the claim and its key.
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

    /// Checks that a claim that the promise refuses makes no request, and that any other is read and gives only the
    /// right bytes.
    fn is_not_misled(&self, choices: &mut Choices<'_>) {
        let forged = forgery::forge(self.claims[choices.below(self.claims.len())].clone(), choices);
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
