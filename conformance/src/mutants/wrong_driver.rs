//! Wraps a driver, so that one of its methods is wrong.

use std::sync::Arc;

use async_trait::async_trait;
use extstore::{Claim, Payload, Result, RetrieveContext, StorageDriver, StoreContext};

use crate::http_store::{Recipe, Site};

/// Replaces whole calls of a driver by wrong ones. Everything that it does not override is right.
#[async_trait]
pub(super) trait WrongDriver: Send + Sync + 'static {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        inner.store(context, payloads).await
    }

    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        inner.retrieve(context, claims).await
    }

    async fn retrieve_each(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        claims: Vec<Claim>,
    ) -> Vec<Result<Payload>> {
        inner.retrieve_each(context, claims).await
    }

    async fn check(&self, inner: &Inner, context: &StoreContext) -> Result<()> {
        inner.check(context).await
    }

    fn driver_type<'a>(&'a self, inner: &'a Inner) -> &'a str {
        inner.driver_type()
    }
}

/// Names the driver without a defect, which a wrong one wraps.
pub(super) type Inner = Arc<dyn StorageDriver>;

/// Puts a defect around every driver of a recipe.
pub(super) fn wrong_driver<T: WrongDriver>(
    recipe: &mut Recipe,
    make: impl Fn(&Site) -> T + Send + Sync + 'static,
) {
    recipe.driver = Arc::new(move |inner, site| Arc::new(Spoiled { inner, wrong: make(site) }));
}

struct Spoiled<T> {
    inner: Inner,
    wrong: T,
}

#[async_trait]
impl<T: WrongDriver> StorageDriver for Spoiled<T> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn driver_type(&self) -> &str {
        self.wrong.driver_type(&self.inner)
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>> {
        self.wrong.store(&self.inner, context, payloads).await
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>> {
        self.wrong.retrieve(&self.inner, context, claims).await
    }

    async fn retrieve_each(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Vec<Result<Payload>> {
        self.wrong.retrieve_each(&self.inner, context, claims).await
    }

    async fn check(&self, context: &StoreContext) -> Result<()> {
        self.wrong.check(&self.inner, context).await
    }
}
