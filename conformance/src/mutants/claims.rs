//! Lists wrong drivers that return too few claims, or put wrong fields into them.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use async_trait::async_trait;
use extstore::{Claim, ErrorKind, Payload, Result, RetrieveContext, StoreContext};

use super::Mutant;
use super::hooks::{Hooks, RIGHT, hooks};
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};
use crate::Role;
use crate::http_store::Site;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("claims.one_per_payload", "claims_of_the_first_page_only", |recipe| {
        hooks(recipe, Hooks { claims_out: |_, claims| claims.into_iter().take(100).collect(), ..RIGHT });
    })
    .also(&["size.many_small"]),
    Mutant::new("claims.empty_batch", "refuses_an_empty_batch", |recipe| {
        let payloads_in = |_: &Site, payloads: Vec<Payload>| match payloads.is_empty() {
            true => Err(ErrorKind::Config.error("a bulk request needs an item")),
            false => Ok(payloads),
        };
        hooks(recipe, Hooks { payloads_in, ..RIGHT });
    }),
    Mutant::new("claims.self_contained", "reads_only_what_its_process_stored", |recipe| {
        wrong_driver(recipe, |_| OwnKeys)
    })
    .also(&[
        "integrity.raw_bytes_verified",
        "bad_claim.future_version",
        "interop.s3_go_python_claims",
        "size.read_cap*",
        "durability.*",
    ])
    .over_http(),
    Mutant::new("claims.small", "target_is_written_into_claims", |recipe| {
        recipe.profile = recipe.profile.clone().with_claim_field(Role::Other, &["target"]);
        wrong_driver(recipe, |_| TargetInClaim);
    }),
    Mutant::new("claims.no_secrets", "claims_hold_signed_urls", |recipe| {
        recipe.profile = recipe.profile.clone().with_claim_field(Role::Other, &["url"]);
        let url = |_: &[Payload], claims| added(claims, "url", "https://store.example/k?X-Amz-Signature=0f");
        hooks(recipe, Hooks { claims_out: url, ..RIGHT });
    }),
    Mutant::new("claims.keys_documented", "claims_have_an_undocumented_field", |recipe| {
        hooks(recipe, Hooks { claims_out: |_, claims| added(claims, "node", "7"), ..RIGHT });
    }),
];

fn added(claims: Vec<Claim>, name: &str, value: &str) -> Vec<Claim> {
    claims.into_iter().map(|claim| claim.with(name, value)).collect()
}

/// Retrieves only keys that this process has stored.
struct OwnKeys;

static STORED: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

fn key(claim: &Claim) -> String {
    claim.get("key").unwrap_or_default().to_owned()
}

#[async_trait]
impl WrongDriver for OwnKeys {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let claims = inner.store(context, payloads).await?;
        STORED.lock().unwrap_or_else(PoisonError::into_inner).extend(claims.iter().map(key));
        Ok(claims)
    }

    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        // What is no valid claim is the right driver's to refuse.
        let payloads = inner.retrieve(context, claims.clone()).await?;
        let stored = STORED.lock().unwrap_or_else(PoisonError::into_inner);
        match claims.iter().all(|claim| stored.contains(&key(claim))) {
            true => Ok(payloads),
            false => Err(ErrorKind::NotFound.error("this process has not stored it")),
        }
    }
}

/// Bounds the characters of the target that a claim holds, so that claims stay readable.
const TARGET_LEN: usize = 1500;

struct TargetInClaim;

#[async_trait]
impl WrongDriver for TargetInClaim {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let target: String = format!("{:?}", context.target()).chars().take(TARGET_LEN).collect();
        Ok(added(inner.store(context, payloads).await?, "target", &target))
    }
}
