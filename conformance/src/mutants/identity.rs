//! Lists wrong drivers in name, type, options, `Debug` or store identity.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use extstore::object::StoreIdentity;
use extstore::{Claim, ErrorKind, Payload, Result, RetrieveContext, StoreContext};

use super::Mutant;
use super::wrong_backend::{self, WrongBackend, wrong_backend};
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};
use crate::Role;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("identity.name_stable", "name_differs_between_instances", |recipe| {
        recipe.options = |options| {
            static INSTANCES: AtomicUsize = AtomicUsize::new(0);
            options.with_name(format!("driver-{}", INSTANCES.fetch_add(1, Ordering::Relaxed)))
        };
    })
    .also(&["identity.two_stores"]),
    Mutant::new("identity.name_not_in_storage", "name_is_part_of_claims", |recipe| {
        recipe.profile = recipe.profile.clone().with_claim_field(Role::Other, &["driver"]);
        wrong_driver(recipe, |_| OwnClaims);
    }),
    Mutant::new("identity.type_constant", "type_is_a_rust_path", |recipe| {
        wrong_driver(recipe, |_| RustPath);
    }),
    Mutant::new("identity.two_stores", "all_stores_have_one_identity", |recipe| {
        wrong_backend(recipe, |_| OneIdentity);
    }),
    Mutant::new("identity.bad_options_rejected", "options_are_not_checked", |recipe| {
        recipe.bad_options = || vec![("bucket", Ok(()))];
    }),
    Mutant::new("identity.debug_hides_secrets", "token_in_debug", |recipe| {
        recipe.debug = |backend| format!("{backend:?} with the token {}", backend.token());
    }),
];

/// Writes its name into claims and reads only those that hold it.
struct OwnClaims;

#[async_trait]
impl WrongDriver for OwnClaims {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let claims = inner.store(context, payloads).await?;
        Ok(claims.into_iter().map(|claim| claim.with("driver", inner.name())).collect())
    }

    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        if claims.iter().any(|claim| claim.get("driver").is_some_and(|name| name != inner.name())) {
            return Err(ErrorKind::InvalidClaim.error("the claim is another driver's"));
        }
        inner.retrieve(context, claims).await
    }
}

struct RustPath;

impl WrongDriver for RustPath {
    fn driver_type<'a>(&'a self, _: &'a Inner) -> &'a str {
        std::any::type_name::<Self>()
    }
}

struct OneIdentity;

impl WrongBackend for OneIdentity {
    fn identity(&self, _: &wrong_backend::Inner) -> StoreIdentity {
        StoreIdentity::new(["http"])
    }
}
