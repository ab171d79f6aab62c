//! Makes drivers that do as a vector says, for the vectors about configuration and contract.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use extstore::{Claim, Payload, Result, RetrieveContext, StorageDriver, StoreContext};

/// Returns as many claims and payloads as it was told and counts its calls, as a driver without a store.
#[derive(Debug)]
pub(crate) struct Scripted {
    name: String,
    driver_type: String,
    claims: usize,
    payloads: usize,
    calls: AtomicUsize,
}

impl Scripted {
    pub(crate) fn new(name: &str) -> Self {
        let (name, driver_type) = (name.to_owned(), "scripted".to_owned());
        Self { name, driver_type, claims: 0, payloads: 0, calls: AtomicUsize::new(0) }
    }

    pub(crate) fn of_type(mut self, driver_type: &str) -> Self {
        self.driver_type = driver_type.to_owned();
        self
    }

    pub(crate) fn returning(mut self, claims: usize, payloads: usize) -> Self {
        (self.claims, self.payloads) = (claims, payloads);
        self
    }

    /// Counts how often it was asked to store or to retrieve.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl StorageDriver for Scripted {
    fn name(&self) -> &str {
        &self.name
    }

    fn driver_type(&self) -> &str {
        &self.driver_type
    }

    async fn store(&self, context: &StoreContext, _: Vec<Payload>) -> Result<Vec<Claim>> {
        context.operation().limiter().no_request();
        self.calls.fetch_add(1, Ordering::Relaxed);
        Ok(vec![Claim::new(); self.claims])
    }

    async fn retrieve(&self, context: &RetrieveContext, _: Vec<Claim>) -> Result<Vec<Payload>> {
        context.operation().limiter().no_request();
        self.calls.fetch_add(1, Ordering::Relaxed);
        Ok(vec![Payload::default(); self.payloads])
    }
}
