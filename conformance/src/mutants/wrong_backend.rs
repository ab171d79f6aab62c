//! Wraps a backend, so that one of its methods is wrong.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use extstore::object::{
    Create, Created, ObjectBackend, ObjectStat, Open, OpenObject, Renew, Renewed, Request, Stat,
    StoreIdentity,
};
use extstore::{Error, Result};

use crate::http_store::{Recipe, Site};

/// Replaces single requests of a backend by wrong ones. Everything that it does not override is right.
#[async_trait]
pub(super) trait WrongBackend: Send + Sync + 'static {
    async fn create(&self, inner: &Inner, create: Create<'_>) -> Result<Created> {
        inner.create(create).await
    }

    async fn open(&self, inner: &Inner, open: Open<'_>) -> Result<OpenObject> {
        inner.open(open).await
    }

    async fn stat(&self, inner: &Inner, stat: Stat<'_>) -> Result<ObjectStat> {
        inner.stat(stat).await
    }

    async fn renew(&self, inner: &Inner, renew: Renew<'_>) -> Result<Renewed> {
        inner.renew(renew).await
    }

    fn identity(&self, inner: &Inner) -> StoreIdentity {
        inner.identity()
    }

    /// Changes the errors of all four requests.
    fn error(&self, error: Error) -> Error {
        error
    }
}

/// Names the backend without a defect, which a wrong one wraps.
pub(super) type Inner = Arc<dyn ObjectBackend>;

/// Puts a defect around every backend of a recipe.
pub(super) fn wrong_backend<T: WrongBackend>(
    recipe: &mut Recipe,
    make: impl Fn(&Site) -> T + Send + Sync + 'static,
) {
    recipe.backend = Arc::new(move |inner, site| Arc::new(Spoiled { inner, wrong: make(site) }));
}

/// Lets the backend tell its errors in another way.
pub(super) fn retell(recipe: &mut Recipe, tell: fn(Error) -> Error) {
    wrong_backend(recipe, move |_| Retold(tell));
}

struct Retold(fn(Error) -> Error);

impl WrongBackend for Retold {
    fn error(&self, error: Error) -> Error {
        self.0(error)
    }
}

struct Spoiled<T> {
    inner: Inner,
    wrong: T,
}

#[async_trait]
impl<T: WrongBackend> ObjectBackend for Spoiled<T> {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        let created = self.wrong.create(&self.inner, create).await;
        created.map_err(|error| self.wrong.error(error))
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        self.wrong.open(&self.inner, open).await.map_err(|error| self.wrong.error(error))
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.wrong.stat(&self.inner, stat).await.map_err(|error| self.wrong.error(error))
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        let renewed = self.wrong.renew(&self.inner, renew).await;
        renewed.map_err(|error| self.wrong.error(error))
    }

    fn identity(&self) -> StoreIdentity {
        self.wrong.identity(&self.inner)
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        self.inner.diagnostics()
    }

    fn permission(&self, request: Request) -> &'static str {
        self.inner.permission(request)
    }
}

impl<T> fmt::Debug for Spoiled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.inner, f)
    }
}
