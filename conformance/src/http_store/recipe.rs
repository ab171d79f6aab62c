//! Makes the drivers of a harness, step by step.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use extstore::object::{DEFAULT_READ_CAP, ObjectBackend, ObjectOptions, RetryPolicy, Timeouts};
use extstore::{Error, Result, StorageDriver};

use super::backend::HttpBackend;
use super::driver::{HTTP_DRIVER_TYPE, HttpLayout, driver};
use super::objects::Objects;
use crate::{Durability, KeyLayout, Profile, Role, Secrets};

/// Begins all keys, so that claims out of it can be told from those in it.
pub(super) const KEY_PREFIX: &str = "data";
/// Only a hang takes so long, however busy the machine is.
const PATIENT: Duration = Duration::from_secs(60);
/// Sets the time-out of the driver whose store never answers.
pub(super) const IMPATIENT: Duration = Duration::from_secs(1);

/// Holds every step of making a driver, and what the harness declares. A wrong driver replaces one step.
#[derive(Clone)]
#[non_exhaustive]
pub(crate) struct Recipe {
    /// The name of the harness.
    pub(crate) name: &'static str,
    /// The profile that it declares.
    pub(crate) profile: Profile,
    /// The spelling of keys and claims.
    pub(crate) layout: HttpLayout,
    /// Gives the driver for a store that never answers short time-outs.
    pub(crate) times_out: bool,
    /// Changes the options.
    pub(crate) options: fn(ObjectOptions) -> ObjectOptions,
    /// Puts something around the backend.
    pub(crate) backend: Wrap<dyn ObjectBackend>,
    /// Puts something around the driver.
    pub(crate) driver: Wrap<dyn StorageDriver>,
    /// The option that each construction must name, and what it said.
    pub(crate) bad_options: fn() -> Vec<Construction>,
    /// `{:?}` of the client.
    pub(crate) debug: fn(&HttpBackend) -> String,
}

/// Puts something around what is right.
pub(crate) type Wrap<T> = Arc<dyn Fn(Arc<T>, &Site) -> Arc<T> + Send + Sync>;

/// Pairs a wrong option with the result of construction.
pub(crate) type Construction = (&'static str, Result<(), Error>);

/// Names the bucket where a driver works, which a wrong step may reach behind the engine's back.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub(crate) struct Site {
    /// The store of this process; empty in a child process, whose objects are behind the wire.
    pub(crate) objects: Objects,
    /// The bucket.
    pub(crate) bucket: String,
}

impl Recipe {
    /// Makes the recipe of a driver without a defect, over the wire or without one.
    #[must_use]
    pub(crate) fn sound(over_http: bool) -> Self {
        Self {
            name: if over_http { "http" } else { "objects" },
            profile: profile(over_http),
            layout: HttpLayout::default(),
            times_out: true,
            options: |options| options,
            backend: Arc::new(|backend, _| backend),
            driver: Arc::new(|driver, _| driver),
            bad_options,
            debug: |backend| format!("{backend:?} {backend:#?}"),
        }
    }

    /// Makes a driver of a bucket. It makes no request.
    pub(super) fn make(
        &self,
        site: &Site,
        endpoint: Option<SocketAddr>,
        change: impl FnOnce(ObjectOptions) -> ObjectOptions,
    ) -> Result<Arc<dyn StorageDriver>> {
        let backend: Arc<dyn ObjectBackend> = match endpoint {
            Some(endpoint) => Arc::new(client(endpoint)),
            None => Arc::new(site.objects.clone()),
        };
        let options = change((self.options)(self.base_options(&site.bucket)));
        let made = driver((self.backend)(backend, site), self.layout.clone(), options)?;
        Ok((self.driver)(Arc::new(made), site))
    }

    fn base_options(&self, bucket: &str) -> ObjectOptions {
        let pauses = (Duration::from_millis(20), Duration::from_millis(100));
        let timeouts = Timeouts::default().with_connect(PATIENT).with_idle(PATIENT).with_total(2 * PATIENT);
        ObjectOptions::new(bucket)
            .with_key_prefix(KEY_PREFIX)
            .with_max_payload_size(self.profile.max_payload_bytes)
            .with_read_cap(self.profile.read_cap.unwrap_or(DEFAULT_READ_CAP))
            .with_retry(RetryPolicy::attempts(self.profile.attempts).with_pauses(pauses.0, pauses.1))
            .with_timeouts(timeouts)
    }
}

/// Makes a client whose credentials hold the canary.
pub(super) fn client(endpoint: SocketAddr) -> HttpBackend {
    HttpBackend::new(endpoint, PATIENT).with_token(Secrets::of_this_run().canary())
}

fn profile(over_http: bool) -> Profile {
    let durability = if over_http { Durability::ProcessCrash } else { Durability::Memory };
    let mut profile =
        Profile::object(HTTP_DRIVER_TYPE, durability).with_claim_field(Role::Container, &["bucket"]);
    profile.key_layout = Some(KeyLayout::S3);
    profile.read_cap = Some(2 << 20);
    profile
}

fn bad_options() -> Vec<Construction> {
    let options = || ObjectOptions::new("bucket");
    let wrong = [
        ("bucket", ObjectOptions::new("")),
        ("name", options().with_name("")),
        ("max_payload_size", options().with_max_payload_size(0)),
        ("attempts", options().with_retry(RetryPolicy::attempts(0))),
        ("refresh_after", options().with_refresh_after(Duration::ZERO)),
    ];
    let construct = |options| driver(Arc::new(Objects::default()), HttpLayout::default(), options).map(drop);
    wrong.into_iter().map(|(what, options)| (what, construct(options))).collect()
}

impl std::fmt::Debug for Recipe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recipe").field("name", &self.name).finish_non_exhaustive()
    }
}
