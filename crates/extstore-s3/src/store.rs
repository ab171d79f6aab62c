//! Tells which drivers reach one store.

use std::fmt;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use aws_sdk_s3::Client;
use extstore::object::StoreIdentity;

/// Holds a client, and the identity of the store that it reaches.
pub(crate) struct Store {
    client: Client,
    identity: StoreIdentity,
}

/// Finds the stores of injected clients that a driver still uses.
static INJECTED: Mutex<Vec<Weak<Store>>> = Mutex::new(Vec::new());

impl Store {
    /// Makes the store of a client whose settings are known.
    pub(crate) fn new(client: Client, identity: StoreIdentity) -> Arc<Self> {
        Arc::new(Self { client, identity })
    }

    /// Finds the store of an injected client. Clones of one client reach one store. Of two other clients nothing can be
    /// told: a client does not show its endpoint URL, and its HTTP client or its interceptors may send a request elsewhere.
    pub(crate) fn of_injected(client: Client) -> Arc<Self> {
        let mut injected = INJECTED.lock().unwrap_or_else(PoisonError::into_inner);
        injected.retain(|store| store.strong_count() > 0);
        if let Some(store) = injected.iter().filter_map(Weak::upgrade).find(|store| store.is_of(&client)) {
            return store;
        }
        let store = Self::new(client, StoreIdentity::unique());
        injected.push(Arc::downgrade(&store));
        store
    }

    /// Says whether this is the store of a clone of that client. Clones share one configuration, whose address belongs to
    /// no other client while this store holds one of them.
    fn is_of(&self, client: &Client) -> bool {
        ptr::eq(self.client.config(), client.config())
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn identity(&self) -> StoreIdentity {
        self.identity.clone()
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.identity, f)
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::Config;
    use aws_sdk_s3::config::BehaviorVersion;

    use super::*;

    fn client() -> Client {
        Client::from_conf(Config::builder().behavior_version(BehaviorVersion::latest()).build())
    }

    #[test]
    fn clones_of_a_client_reach_one_store_and_other_clients_do_not() {
        let first = client();
        let store = Store::of_injected(first.clone());
        assert_eq!(store.identity(), Store::of_injected(first.clone()).identity());
        assert_ne!(store.identity(), Store::of_injected(client()).identity());
        assert_eq!(store.identity(), Store::of_injected(first).identity());
    }

    #[test]
    fn a_client_that_no_driver_uses_any_more_is_forgotten() {
        let first = client();
        let store = Store::of_injected(first.clone());
        let (identity, weak) = (store.identity(), Arc::downgrade(&store));
        drop(store);
        assert_eq!(weak.strong_count(), 0);
        assert_ne!(identity, Store::of_injected(first).identity());
    }
}
