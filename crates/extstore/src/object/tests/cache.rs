//! Tests one cache in several drivers: it answers for a whole tenant and for nobody else, and known keys belong to one
//! driver.

use super::*;
use crate::SelectContext;

#[tokio::test]
async fn a_cache_answers_for_what_was_stored_or_read_and_only_to_its_tenant() {
    let backend = Arc::new(Scripted::default());
    let cache = Cache::new(1 << 20);
    let options = || ObjectOptions::new("").with_cache(cache.clone());
    let (writer, reader) = (driver(&backend, options()), driver(&backend, options()));
    let claims = store(&writer, &[payload("a")]).await.unwrap();
    assert_eq!(retrieve(&reader, &claims).await.unwrap(), [payload("a")]);
    assert_eq!(backend.log(), ["create"]);
    let select = crate::SelectContext::new().with_namespace(Some("tenant"));
    let tenant = StoreContext::new(select, Operation::new());
    let theirs = writer.store(&tenant, vec![payload("a")]).await.unwrap();
    backend.store.delete(&at(&theirs[0]));
    let cold = driver(&backend, ObjectOptions::new("").with_cache(Cache::new(1 << 20)));
    assert_eq!(retrieve(&cold, &theirs).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(retrieve(&cold, &claims).await.unwrap(), [payload("a")]);
    backend.log();
    assert_eq!(retrieve(&cold, &claims).await.unwrap(), [payload("a")]);
    assert_eq!(retrieve(&cold, &theirs).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(backend.log(), ["open"]);
}

/// Forges a claim under this prefix, as a writer does who knows nothing but a digest.
fn invented(prefix: &str, known: &Claim) -> Claim {
    let digest = known.get("hash_value").unwrap();
    let key = format!("{prefix}v0/ns/default/wt/X/wi/invented/ri/null/d/sha256/{digest}");
    known.clone().with("key", key)
}

/// Makes a driver over a store with one cache, with options of its own.
fn cached(
    backend: &Arc<Scripted>,
    cache: &Cache,
    change: impl Fn(ObjectOptions) -> ObjectOptions,
) -> MemoryDriver {
    driver(backend, change(ObjectOptions::new("").with_cache(cache.clone())))
}

fn of_namespace(namespace: &str) -> StoreContext {
    StoreContext::new(SelectContext::new().with_namespace(Some(namespace)), Operation::new())
}

#[tokio::test]
async fn a_cache_never_answers_under_another_prefix() {
    let (backend, cache) = (Arc::new(Scripted::default()), Cache::new(1 << 20));
    let [a, b, none] = ["tenant-a", "tenant-b", ""]
        .map(|prefix| cached(&backend, &cache, |options| options.with_key_prefix(prefix)));
    let secret = a.store(&of_namespace("default"), vec![payload("secret")]).await.unwrap().remove(0);
    assert_eq!(retrieve(&a, std::slice::from_ref(&secret)).await.unwrap(), [payload("secret")]);
    assert_eq!(retrieve(&a, &[invented("tenant-a/", &secret)]).await.unwrap(), [payload("secret")]);
    assert_eq!(backend.log(), ["create"], "the cache answers to its own tenant");
    for (driver, prefix) in [(&b, "tenant-b/"), (&none, "")] {
        let error = retrieve(driver, &[invented(prefix, &secret)]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{prefix}");
    }
}

#[tokio::test]
async fn a_cache_never_answers_for_another_store() {
    let cache = Cache::new(1 << 20);
    let stores: [Arc<Scripted>; 2] = Default::default();
    let [first, second] = stores.each_ref().map(|store| cached(store, &cache, |options| options));
    let claims = store(&first, &[payload("a")]).await.unwrap();
    assert_eq!(retrieve(&second, &claims).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(stores[1].log(), ["open"]);
    assert_eq!(retrieve(&first, &claims).await.unwrap(), [payload("a")]);
    assert_eq!(stores[0].log(), ["create"]);
}

#[tokio::test]
async fn drivers_of_one_store_share_a_cache_whatever_their_names_are() {
    let (backend, cache) = (Arc::new(Scripted::default()), Cache::new(1 << 20));
    let [first, second] =
        ["first", "second"].map(|name| cached(&backend, &cache, |options| options.with_name(name)));
    let claims = store(&first, &[payload("a")]).await.unwrap();
    assert_eq!(retrieve(&second, &claims).await.unwrap(), [payload("a")]);
    assert_eq!(backend.log(), ["create"]);
}

#[tokio::test]
async fn what_is_known_to_one_driver_is_not_taken_for_stored_by_another() {
    let stores: [Arc<Scripted>; 2] = Default::default();
    for store_of_its_own in &stores {
        let driver = driver(store_of_its_own, ObjectOptions::new(""));
        for _ in 0..2 {
            let claims = store(&driver, &[payload("a")]).await.unwrap();
            assert!(store_of_its_own.store.read(&at(&claims[0])).is_some());
        }
        assert_eq!(store_of_its_own.log(), ["create"]);
    }
}
