//! Remembers what was acknowledged and seen, and checks that it is still right.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use extstore::{Body, Claim, Digest, RetrieveContext, StorageDriver};
use futures_util::stream::{StreamExt as _, iter};

use super::{Subject, payload};

/// Bounds the number of payloads that are read back at once.
const AT_ONCE: usize = 4;

/// Records what was acknowledged, lost and torn since the loop began.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) acknowledged: BTreeMap<String, (Digest, Claim)>,
    pub(super) lost: BTreeSet<String>,
    pub(super) torn: BTreeSet<String>,
    whole: BTreeSet<String>,
}

impl Ledger {
    /// Retrieves what these stores acknowledged.
    pub(super) async fn retrieve(&mut self, subject: &impl Subject, stores: Vec<String>) -> io::Result<()> {
        let driver = subject.driver().await.map_err(io::Error::other)?;
        let entries = stores.into_iter().filter_map(|store| {
            let (digest, claim) = self.acknowledged.get(&store)?.clone();
            Some(check(Arc::clone(&driver), store, digest, claim))
        });
        let lost: Vec<Option<String>> =
            iter(entries.collect::<Vec<_>>()).buffer_unordered(AT_ONCE).collect().await;
        self.lost.extend(lost.into_iter().flatten());
        Ok(())
    }

    /// Looks at every visible object; at those that were whole before only where `again` says so.
    pub(super) async fn look(&mut self, subject: &impl Subject, again: bool) -> io::Result<()> {
        for object in subject.objects().await? {
            if !again && self.whole.contains(&object) {
                continue;
            }
            if payload::is_whole(&subject.read(&object).await?) {
                self.whole.insert(object);
            } else {
                self.torn.insert(object);
            }
        }
        Ok(())
    }
}

/// Returns the store's name where its payload has been lost.
async fn check(
    driver: Arc<dyn StorageDriver>,
    store: String,
    digest: Digest,
    claim: Claim,
) -> Option<String> {
    let found = driver.retrieve(&RetrieveContext::default(), vec![claim]).await;
    let is_right = found.is_ok_and(|payloads| {
        payloads.len() == 1 && Digest::of(&Body::from(payloads[0].to_bytes())) == digest
    });
    (!is_right).then_some(store)
}
