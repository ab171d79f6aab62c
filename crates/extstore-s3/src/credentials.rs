//! Holds the client's cache of credentials, and empties it when the store rejects them.

use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aws_sdk_s3::config::{
    ConfigBag, IdentityCache, ResolveCachedIdentity, RuntimeComponents, SharedIdentityCache,
};
use aws_sdk_s3::error::BoxError;
use aws_smithy_runtime_api::client::identity::{IdentityFuture, SharedIdentityResolver};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use extstore::object::CredentialRefresh;
use extstore::{Error, ErrorKind};

/// Holds the cache of credentials of one derived client. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    cache: Arc<RwLock<SharedIdentityCache>>,
    refresh: Arc<CredentialRefresh>,
}

impl Credentials {
    /// Begins with the application's cache, which its other clients may share.
    pub(crate) fn new(cache: Option<SharedIdentityCache>) -> Self {
        let cache = cache.unwrap_or_else(fresh);
        Self { cache: Arc::new(RwLock::new(cache)), refresh: Arc::default() }
    }

    /// Names the credentials that a request uses which is sent now.
    pub(crate) fn generation(&self) -> u64 {
        self.refresh.generation()
    }

    /// Makes the next attempt ask the provider, where the store does not know the credentials of this one.
    pub(crate) fn review(&self, error: Error, used: u64) -> Error {
        if !is_rejected(&error) {
            return error;
        }
        self.refresh.rejected(error, used, || {
            *self.cache.write().unwrap_or_else(PoisonError::into_inner) = fresh();
        })
    }

    fn cache(&self) -> SharedIdentityCache {
        self.cache.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Says whether the store does not know these credentials, or does not accept them any more.
fn is_rejected(error: &Error) -> bool {
    let code = error.vendor().code.as_deref().unwrap_or_default();
    error.kind() == ErrorKind::Unauthenticated
        && matches!(
            code,
            "ExpiredToken"
                | "ExpiredTokenException"
                | "InvalidAccessKeyId"
                | "InvalidToken"
                | "TokenRefreshRequired"
        )
}

/// Makes an empty cache. It needs a clock and timers, which the feature `rt-tokio` gives to every client.
fn fresh() -> SharedIdentityCache {
    IdentityCache::lazy().build()
}

impl ResolveCachedIdentity for Credentials {
    fn resolve_cached_identity<'a>(
        &'a self,
        resolver: SharedIdentityResolver,
        components: &'a RuntimeComponents,
        config: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        let cache = self.cache();
        IdentityFuture::new(async move {
            let identity = cache.resolve_cached_identity(resolver, components, config).await;
            identity.map_err(|error| NoCredentials(error).into())
        })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.cache().validate_base_client_config(components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.cache().validate_final_config(components, config)
    }
}

/// Says that the provider of the credentials failed: nothing was sent to the store.
#[derive(Debug)]
pub(crate) struct NoCredentials(BoxError);

impl fmt::Display for NoCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no credentials were provided")
    }
}

impl StdError for NoCredentials {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.0.as_ref())
    }
}
