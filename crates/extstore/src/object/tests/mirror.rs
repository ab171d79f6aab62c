//! Tests a driver over two others, as third parties write it, and the restore cap of the messages that it serves.

use super::*;
use crate::ExternalStorage;

/// Stores every payload twice, and reads the second copy where the first cannot be read.
struct Mirror {
    first: MemoryDriver,
    second: MemoryDriver,
}

#[async_trait]
impl StorageDriver for Mirror {
    fn name(&self) -> &str {
        "mirror"
    }

    fn driver_type(&self) -> &str {
        "test.mirror"
    }

    async fn store(&self, context: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>> {
        self.first.store(context, payloads.clone()).await?;
        self.second.store(context, payloads).await
    }

    async fn retrieve(&self, context: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>> {
        match self.first.retrieve(context, claims.clone()).await {
            Ok(payloads) => Ok(payloads),
            Err(_) => self.second.retrieve(context, claims).await,
        }
    }
}

/// Flips the last byte of the object of `claim`.
fn damage(backend: &MemoryBackend, claim: &Claim) {
    let mut bytes = backend.read(&at(claim)).unwrap().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    backend.write(at(claim), bytes);
}

fn memory() -> (MemoryBackend, MemoryDriver) {
    let backend = MemoryBackend::default();
    let driver = MemoryDriver::with_backend(Arc::new(backend.clone()), ObjectOptions::new("")).unwrap();
    (backend, driver)
}

#[tokio::test]
async fn a_damaged_first_copy_does_not_count_against_the_restore_cap() {
    let ((damaged, first), (_, second)) = (memory(), memory());
    let payloads: Vec<_> = ["a", "b"].map(|text| payload(&text.repeat(250_000))).to_vec();
    let claims = store(&first, &payloads).await.unwrap();
    let storage = ExternalStorage::builder()
        .with_driver(Arc::new(Mirror { first, second }))
        .with_payload_size_threshold(1000)
        .with_restore_cap(700_000)
        .build()
        .unwrap();
    let message = || storage.message("");
    let pairs = payloads.iter().map(|payload| (None, payload.clone())).collect();
    let offloaded = message().offload(pairs).await.unwrap();
    assert_ne!(offloaded, payloads);
    // The other payload of the batch was read before the damaged one failed.
    damage(&damaged, &claims[1]);
    assert_eq!(message().restore(offloaded.clone()).await.unwrap(), payloads);
    // What is returned counts as before.
    let twice = message();
    twice.restore(offloaded.clone()).await.unwrap();
    assert_eq!(twice.restore(offloaded).await.unwrap_err().kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn what_is_returned_counts_until_it_is_released() {
    let (_, driver) = memory();
    let claims = store(&driver, &[payload(&"a".repeat(500))]).await.unwrap();
    let operation = Operation::new().with_restore_cap(700);
    let read = || {
        let context = RetrieveContext::new(operation.clone());
        let (driver, claims) = (driver.clone(), claims.clone());
        async move { driver.retrieve(&context, claims).await }
    };
    let first = read().await.unwrap();
    assert_eq!(read().await.unwrap_err().kind(), ErrorKind::TooLarge);
    operation.release_restore(first[0].encoded_len() as u64);
    assert_eq!(read().await.unwrap(), first);
}
