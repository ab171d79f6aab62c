//! Runs the whole suite on the memory driver.

mod memory_ports;

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use extstore::object::{Cache, ObjectOptions, RetryPolicy};
use extstore::{Error, MEMORY_DRIVER_TYPE, MemoryBackend, MemoryDriver, StorageDriver, async_trait};
use extstore_conformance::{Clock, Durability, Foreign, Harness, Profile, RawStore, Scope, TwoDrivers};

use memory_ports::{PREFIX, Ports};

/// Sets a read cap so small that an object above it is cheap.
const READ_CAP: u64 = 2 << 20;

fn main() -> ExitCode {
    extstore_conformance::main(async { Ok::<_, Error>(Memory::default()) })
}

/// Makes one store per scope.
#[derive(Default)]
struct Memory(Mutex<HashMap<Scope, MemoryBackend>>);

impl Memory {
    fn backend(&self, scope: &Scope) -> MemoryBackend {
        let mut backends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        backends.entry(scope.clone()).or_default().clone()
    }

    fn make(&self, scope: &Scope, options: ObjectOptions) -> Result<Arc<dyn StorageDriver>, Error> {
        Ok(Arc::new(MemoryDriver::with_backend(Arc::new(self.backend(scope)), options)?))
    }

    fn ports(&self, scope: &Scope) -> Arc<Ports> {
        Arc::new(Ports(self.backend(scope)))
    }
}

/// Small, so that a payload of the largest size is cheap; under a prefix, so that there is an outside.
fn options() -> ObjectOptions {
    ObjectOptions::new("").with_key_prefix(PREFIX).with_max_payload_size(1 << 20).with_read_cap(READ_CAP)
}

#[async_trait]
impl Harness for Memory {
    fn name(&self) -> &str {
        "memory"
    }

    fn profile(&self) -> Profile {
        let mut profile = Profile::object(MEMORY_DRIVER_TYPE, Durability::Memory);
        profile.read_cap = Some(READ_CAP);
        profile
    }

    async fn driver(&self, scope: &Scope) -> Result<Arc<dyn StorageDriver>, Error> {
        self.make(scope, options())
    }

    async fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn renamed(&self, scope: &Scope, name: &str) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        Some(self.make(scope, options().with_name(name)))
    }

    fn bad_options(&self) -> Vec<(&'static str, Result<(), Error>)> {
        let made = |options| MemoryDriver::new(options).map(drop);
        vec![
            ("name", made(options().with_name(""))),
            ("max_payload_size", made(options().with_max_payload_size(0))),
            ("read_cap", made(options().with_read_cap(1))),
            ("refresh_after", made(options().with_refresh_after(Duration::ZERO))),
            ("attempts", made(options().with_retry(RetryPolicy::attempts(0)))),
        ]
    }

    fn debug_output(&self) -> Vec<String> {
        let driver = MemoryDriver::new(options());
        vec![format!("{driver:?}"), format!("{driver:#?}"), format!("{:?}", options())]
    }

    fn raw(&self, scope: &Scope) -> Option<Arc<dyn RawStore>> {
        Some(self.ports(scope))
    }

    fn foreign(&self, scope: &Scope) -> Option<Arc<dyn Foreign>> {
        Some(self.ports(scope))
    }

    async fn two_stores(&self, scope: &Scope, cache: &Cache) -> Option<Result<TwoDrivers, Error>> {
        let of = |store: &str| {
            let scope = Scope::new(format!("{}-{store}", scope.as_str()));
            self.make(&scope, options().with_cache(cache.clone()))
        };
        Some(of("one").and_then(|one| of("two").map(|two| [one, two])))
    }

    fn clock(&self, scope: &Scope) -> Option<Arc<dyn Clock>> {
        Some(self.ports(scope))
    }
}
