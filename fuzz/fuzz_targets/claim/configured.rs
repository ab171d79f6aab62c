//! Makes drivers with their configurations, and says what these promise.

use std::sync::{Arc, OnceLock};

use extstore::MemoryDriver;
use extstore::object::{ObjectOptions, Readable};
use extstore_gcs::{GcsDriver, GcsOptions};
use extstore_redis::{DEFAULT_KEY_PREFIX, RedisDriver, RedisOptions};

use crate::Store;
use crate::support::{Place, Promise, Spy};

/// Returns every configuration that is tried. They are made once, because making a driver costs more than using it.
pub(crate) fn stores() -> &'static [Store] {
    static STORES: OnceLock<Vec<Store>> = OnceLock::new();
    STORES.get_or_init(|| {
        vec![
            memory("", None),
            memory("p", None),
            memory("a/b//", Some("q/")),
            gcs("", &[]),
            gcs("p", &[]),
            gcs("p", &[Place::new("other", "")]),
            gcs("a/b", &[Place::new("other", "q"), Place::new("bucket", "p")]),
            gcs("p", &[Place::anywhere()]),
            redis(DEFAULT_KEY_PREFIX, None),
            redis("p:", None),
            redis("", None),
            redis("p", Some("a/b")),
        ]
    })
}

fn memory(prefix: &str, readable: Option<&str>) -> Store {
    let spy = Arc::new(Spy::default());
    let options = ObjectOptions::new("").with_key_prefix(prefix);
    let options =
        readable.into_iter().fold(options, |options, prefix| options.with_readable(Readable::prefix(prefix)));
    let driver = MemoryDriver::with_backend(spy.clone(), options).expect("valid options");
    let places = readable.into_iter().chain([prefix]).map(|prefix| Place::new("", prefix)).collect();
    Store::new(driver, spy, Promise { separator: '/', container: &[], key: &["key"], places })
}

fn gcs(prefix: &str, readable: &[Place]) -> Store {
    let spy = Arc::new(Spy::default());
    let options = GcsOptions::new("bucket").with_key_prefix(prefix);
    let options = readable.iter().fold(options, |options, place| options.with_readable(place.readable()));
    let driver = GcsDriver::with_backend(spy.clone(), options).expect("valid options");
    let places = readable.iter().cloned().chain([Place::new("bucket", prefix)]).collect();
    let key = &["object_name", "key", "object"];
    Store::new(driver, spy, Promise { separator: '/', container: &["bucket"], key, places })
}

fn redis(prefix: &str, readable: Option<&str>) -> Store {
    let spy = Arc::new(Spy::default());
    let options = RedisOptions::new().with_key_prefix(prefix);
    let options =
        readable.into_iter().fold(options, |options, prefix| options.with_readable(Readable::prefix(prefix)));
    let driver = RedisDriver::with_backend(spy.clone(), options).expect("valid options");
    let places = readable.into_iter().chain([prefix]).map(|prefix| Place::new("", prefix)).collect();
    Store::new(driver, spy, Promise { separator: ':', container: &[], key: &["key"], places })
}
