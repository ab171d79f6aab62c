//! Changes the object and leaves the claim.

use std::sync::Arc;

use bytes::Bytes;
use extstore::{Claim, ENCODING, Error, ErrorKind, Payload};

use crate::case::{CaseResult, Cx, OrFail, Stop, expect, expect_eq, expect_kind};
use crate::fixture::{self, wire};
use crate::{RawStore, Role};

/// Holds stored payloads that the case can spoil behind the driver's back.
struct Victims<'a> {
    cx: &'a Cx,
    raw: Arc<dyn RawStore>,
    payloads: Vec<Payload>,
    claims: Vec<Claim>,
}

impl<'a> Victims<'a> {
    /// Stores `count` small payloads of one length.
    async fn new(cx: &'a Cx, count: usize) -> Result<Self, Stop> {
        let mut rng = cx.rng();
        Self::of(cx, (0..count).map(|_| fixture::payload(&mut rng, 2000)).collect()).await
    }

    /// Stores small payloads, and as many large ones: a driver may read these by other code.
    async fn of_both_sizes(cx: &'a Cx, count: usize) -> Result<[Self; 2], Stop> {
        let (mut rng, profile) = (cx.rng(), cx.profile());
        let large = (0..count).map(|_| fixture::large_payload(&mut rng, &profile)).collect();
        Ok([Self::new(cx, count).await?, Self::of(cx, large).await?])
    }

    async fn of(cx: &'a Cx, payloads: Vec<Payload>) -> Result<Self, Stop> {
        let (raw, count) = (cx.raw()?, payloads.len());
        let claims = cx.store(&*cx.driver().await?, payloads.clone()).await.or_fail("store succeeds")?;
        expect_eq("number of claims", claims.len(), count)?;
        Ok(Self { cx, raw, payloads, claims })
    }

    fn bytes(&self, place: usize) -> Vec<u8> {
        self.payloads[place].to_bytes().to_vec()
    }

    /// Puts these bytes where a payload was stored, and expects that nobody gets them.
    async fn spoil(&self, place: usize, bytes: impl Into<Bytes>, what: &str) -> Result<Error, Stop> {
        self.raw.write(&self.claims[place], bytes.into()).await;
        self.refused(place, what).await
    }

    /// A fresh driver refuses the object and says where it is.
    async fn refused(&self, place: usize, what: &str) -> Result<Error, Stop> {
        let driver = self.cx.driver().await?;
        let found = self.cx.retrieve(&*driver, vec![self.claims[place].clone()]).await;
        let error = expect_kind(found, &[ErrorKind::Integrity], what)?;
        expect_located(self.cx, &error, &self.claims[place])?;
        Ok(error)
    }
}

/// An operator finds the object by what the error says.
pub(in crate::cases) fn expect_located(cx: &Cx, error: &Error, claim: &Claim) -> CaseResult {
    let profile = cx.profile();
    let named = fixture::field(claim, &profile, Role::Key).is_none_or(|key| error.to_string().contains(key));
    let located = error.location().is_some_and(|location| !location.is_empty());
    expect(named && located, "an error that names the location", || error)
}

pub(super) async fn bit_flip(cx: Cx) -> CaseResult {
    for victims in Victims::of_both_sizes(&cx, 1).await? {
        let length = victims.bytes(0).len();
        let anywhere = cx.rng().usize(..length);
        for (byte, bit) in [(0, 0), (2, 3), (length / 2, 7), (anywhere, 4), (length - 1, 0)] {
            let mut bytes = victims.bytes(0);
            bytes[byte] ^= 1 << bit;
            victims.spoil(0, bytes, &format!("bit {bit} of byte {byte} of {length} flipped")).await?;
        }
    }
    Ok(())
}

pub(super) async fn truncated(cx: Cx) -> CaseResult {
    for victims in Victims::of_both_sizes(&cx, 1).await? {
        let length = victims.bytes(0).len();
        for kept in [length - 1, length / 2, 1, 0] {
            let bytes = victims.bytes(0)[..kept].to_vec();
            victims.spoil(0, bytes, &format!("cut to {kept} of {length} bytes")).await?;
        }
    }
    Ok(())
}

pub(super) async fn appended(cx: Cx) -> CaseResult {
    let largest = cx.profile().max_payload_bytes as usize;
    for victims in Victims::of_both_sizes(&cx, 1).await? {
        let whole = victims.bytes(0);
        let mut tails = vec![
            ("a NUL byte", vec![0]),
            ("a line break", b"\n".to_vec()),
            ("an unknown field", wire::field(9, b"x")),
            ("another data field", wire::data(b"other data")),
        ];
        // What is larger than any payload is refused for another reason.
        if 2 * whole.len() <= largest {
            tails.push(("itself", whole.clone()));
        }
        for (what, tail) in tails {
            let bytes = [&whole[..], &tail].concat();
            victims.spoil(0, bytes, &format!("{what} appended")).await?;
        }
    }
    Ok(())
}

pub(super) async fn swapped(cx: Cx) -> CaseResult {
    for victims in Victims::of_both_sizes(&cx, 2).await? {
        victims.raw.write(&victims.claims[1], victims.bytes(0).into()).await;
        victims.spoil(0, victims.bytes(1), "the first of two exchanged objects").await?;
        victims.refused(1, "the second of two exchanged objects").await?;
    }
    Ok(())
}

pub(super) async fn rolled_back(cx: Cx) -> CaseResult {
    let victims = Victims::new(&cx, 1).await?;
    let older = fixture::payload(&mut fastrand::Rng::with_seed(cx.seed() ^ 1), 2000).to_bytes();
    expect_eq("length of the older object", older.len(), victims.bytes(0).len())?;
    victims.spoil(0, older, "an older object of the same length").await.map(drop)
}

pub(super) async fn raw_bytes_verified(cx: Cx) -> CaseResult {
    let victims = Victims::new(&cx, 1).await?;
    let profile = cx.profile();
    let (b, a) = (wire::metadata("b", b"2"), wire::metadata(ENCODING, b"binary/plain"));
    let data = wire::data(b"data of another encoder");
    let unknown = wire::field(100, b"a field of another version");
    for (what, bytes) in [
        ("data before metadata", [data.clone(), a.clone()].concat()),
        ("unsorted metadata", [b.clone(), a.clone(), data.clone()].concat()),
        ("an unknown field in front", [unknown.clone(), a.clone(), data.clone()].concat()),
        ("metadata around data", [b, data, unknown, a].concat()),
    ] {
        let bytes = Bytes::from(bytes);
        let claim = fixture::claim_for(&victims.claims[0], &profile, &bytes);
        victims.raw.write(&claim, bytes.clone()).await;
        let expected = Payload::decode(bytes).or_fail("the suite's own bytes are a payload")?;
        let driver = cx.driver().await?;
        cx.expect_payload(&*driver, &claim, &expected).await.map_err(|stop| described(stop, what))?;
    }
    Ok(())
}

fn described(stop: Stop, what: &str) -> Stop {
    match stop {
        Stop::Fail { expected, observed } => Stop::Fail { expected: format!("{what}: {expected}"), observed },
        Stop::Error(_) | Stop::Unsupported(_) | Stop::NotRun(_) => stop,
    }
}

pub(super) async fn valid_digest_garbage(cx: Cx) -> CaseResult {
    let victims = Victims::new(&cx, 1).await?;
    let profile = cx.profile();
    let driver = cx.driver().await?;
    let garbage: [(&str, &[u8]); 5] = [
        ("a field that ends early", b"\x0a\xff\x01x"),
        ("a wire type that does not exist", b"\x0f"),
        ("a varint without end", &[0xff; 12]),
        ("text", b"<html>503 Service Unavailable</html>"),
        ("a field with number zero", b"\x02\x00"),
    ];
    for (what, bytes) in garbage {
        let bytes = Bytes::from_static(bytes);
        let claim = fixture::claim_for(&victims.claims[0], &profile, &bytes);
        victims.raw.write(&claim, bytes).await;
        let found = cx.retrieve(&*driver, vec![claim.clone()]).await;
        let error = expect_kind(found, &[ErrorKind::Integrity], what)?;
        expect_located(&cx, &error, &claim)?;
    }
    Ok(())
}

pub(super) async fn one_bad_in_batch(cx: Cx) -> CaseResult {
    let victims = Victims::new(&cx, 3).await?;
    let mut bytes = victims.bytes(1);
    bytes[100] ^= 1;
    victims.raw.write(&victims.claims[1], bytes.into()).await;
    let found = cx.retrieve(&*cx.driver().await?, victims.claims.clone()).await;
    let error = expect_kind(found, &[ErrorKind::Integrity], "a batch with one bad object")?;
    expect_eq("the index of the error", error.index(), Some(1))?;
    expect_located(&cx, &error, &victims.claims[1])
}
