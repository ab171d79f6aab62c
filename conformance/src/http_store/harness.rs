//! Implements the harness of the store, with every port.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use extstore::object::{Cache, Timeouts};
use extstore::{Claim, Error, Result, StorageDriver};

use super::objects::Objects;
use super::ports::{ObjectsForeign, ObjectsRaw, location};
use super::recipe::{IMPATIENT, KEY_PREFIX, Recipe, Site, client};
use super::server::HttpStore;
use super::status::ObjectsStatus;
use crate::{Clock, Foreign, Harness, Profile, RawStore, Scope, Status, TwoDrivers, Wire};

/// Tells a child process where the store of its parent is.
const ENDPOINT_VARIABLE: &str = "EXTSTORE_HTTP_STORE";

/// Runs the suite on the HTTP store, or on the same objects without a wire. Each scope is a bucket.
#[derive(Clone, Debug)]
pub(crate) struct HttpHarness {
    recipe: Recipe,
    objects: Objects,
    endpoint: Option<SocketAddr>,
    /// Kept running; a child process uses its parent's.
    _store: Option<Arc<HttpStore>>,
    environment: Vec<(String, String)>,
}

impl HttpHarness {
    /// Starts a store of its own, or finds that of the parent process.
    ///
    /// # Errors
    ///
    /// The operating system's, where no port can be bound.
    pub(crate) async fn over_http(recipe: Recipe) -> io::Result<Self> {
        if let Some(endpoint) = inherited() {
            return Ok(Self { endpoint: Some(endpoint), ..Self::direct(recipe) });
        }
        let objects = Objects::default();
        let store = HttpStore::start(objects.clone()).await?;
        let endpoint = store.address();
        let environment = vec![(ENDPOINT_VARIABLE.to_owned(), endpoint.to_string())];
        Ok(Self { recipe, objects, endpoint: Some(endpoint), _store: Some(Arc::new(store)), environment })
    }

    /// Makes the harness over the objects without a wire: it has no wire port and no child processes, and is quick.
    #[must_use]
    pub(crate) fn direct(recipe: Recipe) -> Self {
        let objects = Objects::default();
        Self { recipe, objects, endpoint: None, _store: None, environment: Vec::new() }
    }

    /// Adds a variable to the environment of child processes.
    #[must_use]
    pub(crate) fn with_child_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn site(&self, scope: &Scope) -> Site {
        Site { objects: self.objects.clone(), bucket: scope.as_str().to_owned() }
    }

    async fn bucket(&self, scope: &Scope) -> Result<Site> {
        match self.endpoint {
            Some(endpoint) => client(endpoint).create_bucket(scope.as_str()).await?,
            None => self.objects.create_bucket(scope.as_str()),
        }
        Ok(self.site(scope))
    }
}

fn inherited() -> Option<SocketAddr> {
    std::env::var(ENDPOINT_VARIABLE).ok()?.parse().ok()
}

#[async_trait]
impl Harness for HttpHarness {
    fn name(&self) -> &str {
        self.recipe.name
    }

    fn profile(&self) -> Profile {
        self.recipe.profile.clone()
    }

    async fn driver(&self, scope: &Scope) -> Result<Arc<dyn StorageDriver>> {
        let site = self.bucket(scope).await?;
        self.recipe.make(&site, self.endpoint, |options| options)
    }

    async fn close(&self) {}

    fn backend(&self) -> (String, String) {
        let name = if self.endpoint.is_some() { "http-store" } else { "objects" };
        (name.to_owned(), format!("extstore-conformance {}", env!("CARGO_PKG_VERSION")))
    }

    fn child_environment(&self) -> Option<Vec<(String, String)>> {
        self.endpoint.map(|_| self.environment.clone())
    }

    async fn renamed(&self, scope: &Scope, name: &str) -> Option<Result<Arc<dyn StorageDriver>>> {
        let make = |site: Site| self.recipe.make(&site, self.endpoint, |options| options.with_name(name));
        Some(self.bucket(scope).await.and_then(make))
    }

    fn bad_options(&self) -> Vec<(&'static str, Result<(), Error>)> {
        (self.recipe.bad_options)()
    }

    fn debug_output(&self) -> Vec<String> {
        let endpoint = self.endpoint.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 80)));
        let driver = self.recipe.make(&self.site(&Scope::new("debug")), Some(endpoint), |options| options);
        let name = driver.map(|driver| driver.name().to_owned()).unwrap_or_default();
        vec![(self.recipe.debug)(&client(endpoint)), name]
    }

    async fn absent_container(&self, scope: &Scope) -> Option<Result<Arc<dyn StorageDriver>>> {
        let site = self.site(&Scope::new(format!("{}-absent", scope.as_str())));
        Some(self.recipe.make(&site, self.endpoint, |options| options))
    }

    fn raw(&self, scope: &Scope) -> Option<Arc<dyn RawStore>> {
        let Site { objects, bucket } = self.site(scope);
        Some(Arc::new(ObjectsRaw { objects, bucket }))
    }

    fn wire(&self) -> Option<Arc<dyn Wire>> {
        self.endpoint.is_some().then(|| Arc::new(self.clone()) as Arc<dyn Wire>)
    }

    fn foreign(&self, scope: &Scope) -> Option<Arc<dyn Foreign>> {
        let bucket = format!("{}-foreign", scope.as_str());
        let key_prefix = KEY_PREFIX.to_owned();
        Some(Arc::new(ObjectsForeign { objects: self.objects.clone(), bucket, key_prefix }))
    }

    fn clock(&self, _: &Scope) -> Option<Arc<dyn Clock>> {
        Some(Arc::new(self.clone()))
    }

    fn status(&self, scope: &Scope) -> Option<Arc<dyn Status>> {
        let Site { objects, bucket } = self.site(scope);
        Some(Arc::new(ObjectsStatus { objects, bucket }))
    }

    async fn two_stores(&self, scope: &Scope, cache: &Cache) -> Option<Result<TwoDrivers>> {
        let make = || {
            let site = Site { objects: Objects::default(), bucket: scope.as_str().to_owned() };
            site.objects.create_bucket(&site.bucket);
            self.recipe.make(&site, None, |options| options.with_cache(cache.clone()))
        };
        Some(make().and_then(|first| make().map(|second| [first, second])))
    }
}

#[async_trait]
impl Clock for HttpHarness {
    async fn driver(&self, scope: &Scope, refresh_after: Duration) -> Result<Arc<dyn StorageDriver>> {
        let site = self.bucket(scope).await?;
        self.recipe.make(&site, self.endpoint, |options| options.with_refresh_after(refresh_after))
    }

    async fn make_old(&self, claim: &Claim, age: Duration) {
        self.objects.make_old(&location(claim), age);
    }

    async fn age(&self, claim: &Claim) -> Option<Duration> {
        self.objects.get(&location(claim)).and_then(|(_, stat)| stat.age)
    }
}

#[async_trait]
impl Wire for HttpHarness {
    fn upstream(&self) -> SocketAddr {
        // Only a harness with an endpoint hands itself out as a wire.
        self.endpoint.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    async fn driver(&self, scope: &Scope, endpoint: SocketAddr) -> Result<Arc<dyn StorageDriver>> {
        let site = self.bucket(scope).await?;
        self.recipe.make(&site, Some(endpoint), |options| options)
    }

    async fn impatient(&self, scope: &Scope, endpoint: SocketAddr) -> Result<Arc<dyn StorageDriver>> {
        let site = self.bucket(scope).await?;
        self.recipe.make(&site, Some(endpoint), |options| match self.recipe.times_out {
            true => options.with_timeouts(Timeouts::default().with_idle(IMPATIENT)),
            false => options,
        })
    }
}
