//! The memory driver under the whole suite.

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use extstore::object::ObjectOptions;
use extstore::{Error, MEMORY_DRIVER_TYPE, MemoryBackend, MemoryDriver, StorageDriver, async_trait};
use extstore_conformance::{Durability, Harness, Profile, Scope};

fn main() -> ExitCode {
    extstore_conformance::main(async { Ok::<_, Error>(Memory::default()) })
}

/// One store per scope.
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
}

#[async_trait]
impl Harness for Memory {
    fn name(&self) -> &str {
        "memory"
    }

    fn profile(&self) -> Profile {
        Profile::object(MEMORY_DRIVER_TYPE, Durability::Memory)
    }

    async fn driver(&self, scope: &Scope) -> Result<Arc<dyn StorageDriver>, Error> {
        self.make(scope, ObjectOptions::new("").with_max_payload_size(self.profile().max_payload_bytes))
    }

    async fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
