//! Wraps a driver with functions that change what goes into a call or comes out of it.

use async_trait::async_trait;
use bytes::Bytes;
use extstore::object::Location;
use extstore::{Claim, Error, Payload, Result, RetrieveContext, StoreContext};

use super::wrong_driver::{Inner, WrongDriver, wrong_driver};
use crate::http_store::{Recipe, Site};

/// Holds the four places at which a wrong driver can interfere, and its errors. Each is right by default.
#[derive(Clone, Copy)]
pub(super) struct Hooks {
    pub(super) payloads_in: fn(&Site, Vec<Payload>) -> Result<Vec<Payload>>,
    pub(super) claims_out: fn(&[Payload], Vec<Claim>) -> Vec<Claim>,
    pub(super) claims_in: fn(&Site, Vec<Claim>) -> Result<Vec<Claim>>,
    pub(super) payloads_out: fn(Vec<Payload>) -> Result<Vec<Payload>>,
    pub(super) error: fn(Error) -> Error,
}

pub(super) const RIGHT: Hooks = Hooks {
    payloads_in: |_, payloads| Ok(payloads),
    claims_out: |_, claims| claims,
    claims_in: |_, claims| Ok(claims),
    payloads_out: Ok,
    error: |error| error,
};

/// Puts a defect around every driver of a recipe.
pub(super) fn hooks(recipe: &mut Recipe, hooks: Hooks) {
    wrong_driver(recipe, move |site| At(hooks, site.clone()));
}

/// Changes every payload on its way in.
pub(super) fn each_payload(recipe: &mut Recipe, change: fn(Payload) -> Payload) {
    wrong_driver(recipe, move |_| EachPayload(change));
}

/// Changes every claim on its way in.
pub(super) fn each_claim(recipe: &mut Recipe, change: fn(&Site, Claim) -> Claim) {
    wrong_driver(recipe, move |site| EachClaim(change, site.clone()));
}

/// Finds an excuse for objects that must be refused with `Integrity`.
pub(super) fn lenient(recipe: &mut Recipe, excuse: Excuse) {
    wrong_driver(recipe, move |site| Lenient { site: site.clone(), excuse });
}

/// Makes a payload in place of an error, from the bytes that are stored.
pub(super) type Excuse = fn(&Site, &Claim, Bytes) -> Option<Payload>;

struct EachPayload(fn(Payload) -> Payload);

#[async_trait]
impl WrongDriver for EachPayload {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        inner.store(context, payloads.into_iter().map(self.0).collect()).await
    }
}

struct EachClaim(fn(&Site, Claim) -> Claim, Site);

#[async_trait]
impl WrongDriver for EachClaim {
    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        let Self(change, site) = self;
        inner.retrieve(context, claims.into_iter().map(|claim| change(site, claim)).collect()).await
    }
}

struct At(Hooks, Site);

#[async_trait]
impl WrongDriver for At {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let Self(hooks, site) = self;
        let payloads = (hooks.payloads_in)(site, payloads)?;
        let claims = inner.store(context, payloads.clone()).await.map_err(hooks.error)?;
        Ok((hooks.claims_out)(&payloads, claims))
    }

    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        let Self(hooks, site) = self;
        let claims = (hooks.claims_in)(site, claims)?;
        (hooks.payloads_out)(inner.retrieve(context, claims).await.map_err(hooks.error)?)
    }
}

/// Returns the location that a claim points at.
pub(super) fn location(claim: &Claim) -> Location {
    let field = |name| claim.get(name).unwrap_or_default().to_owned();
    Location::new(field("bucket"), field("key"))
}

/// Returns the bytes behind a claim.
pub(super) fn stored(site: &Site, claim: &Claim) -> Option<Bytes> {
    site.objects.get(&location(claim)).map(|(bytes, _)| bytes)
}

/// Returns the digest that stands in a claim's key.
pub(super) fn digest_in_key(claim: &Claim) -> Option<&str> {
    let (rest, digest) = claim.get("key")?.rsplit_once('/')?;
    (rest.ends_with("/d/sha256") && digest.len() == 64).then_some(digest)
}

struct Lenient {
    site: Site,
    excuse: Excuse,
}

#[async_trait]
impl WrongDriver for Lenient {
    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        let error = match inner.retrieve(context, claims.clone()).await {
            Err(error) if error.kind() == extstore::ErrorKind::Integrity => error,
            other => return other,
        };
        let mut payloads = Vec::new();
        for claim in claims {
            let one = inner.retrieve(context, vec![claim.clone()]).await;
            let excused = || (self.excuse)(&self.site, &claim, stored(&self.site, &claim)?);
            match one.ok().and_then(|mut payloads| payloads.pop()).or_else(excused) {
                Some(payload) => payloads.push(payload),
                None => return Err(error),
            }
        }
        Ok(payloads)
    }
}
