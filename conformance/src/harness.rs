//! Defines the interface that a driver author implements.

use std::sync::Arc;

use async_trait::async_trait;
use extstore::object::Cache;
use extstore::{Error, StorageDriver};

use crate::ports::{Clock, Foreign, RawStore, Status, Wire};
use crate::profile::Profile;
use crate::scope::Scope;

/// Holds the drivers that [`Harness::two_stores`] makes.
pub type TwoDrivers = [Arc<dyn StorageDriver>; 2];

/// Makes the drivers under test and declares what they can do; a driver's author implements it. Four methods are
/// required; every port is optional, and a case whose port is missing is reported as `not_run`, never as passed.
///
/// Two drivers of the same [`Scope`] must see the same data; two scopes must not. Make each scope a
/// key prefix, a bucket or a directory, whatever your store has.
#[async_trait]
pub trait Harness: Send + Sync + 'static {
    /// Returns the driver's name in reports: `s3`.
    fn name(&self) -> &str;

    /// Returns the driver's declarations. They are checked before the run and printed in the report.
    fn profile(&self) -> Profile;

    /// Makes a fresh driver for a scope. It is called often, also in child processes.
    ///
    /// Leave a cache of content out: cases change stored bytes behind the driver's back and expect to
    /// be told.
    async fn driver(&self, scope: &Scope) -> Result<Arc<dyn StorageDriver>, Error>;

    /// Removes what the run left behind. It is called once, after the last case.
    async fn close(&self);

    /// Returns the store behind the driver: a short name, and the product with its version, for the report.
    fn backend(&self) -> (String, String) {
        (self.name().to_owned(), "in process".to_owned())
    }

    /// Returns environment variables that a child process needs so that its harness reaches the same data.
    ///
    /// Return `None` where no other process can (a store in memory): cases with children are `unsupported` then.
    fn child_environment(&self) -> Option<Vec<(String, String)>> {
        None
    }

    /// Makes a driver of the same scope whose instance has another name.
    async fn renamed(&self, _scope: &Scope, _name: &str) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        None
    }

    /// Tries options that must be refused at construction, and returns for each a word that the error must hold, such
    /// as the option's name, and the result of construction.
    fn bad_options(&self) -> Vec<(&'static str, Result<(), Error>)> {
        Vec::new()
    }

    /// Returns `{:?}` of drivers, options and clients that were built with [`Secrets`](crate::Secrets) in every
    /// credential.
    fn debug_output(&self) -> Vec<String> {
        Vec::new()
    }

    /// Makes a driver whose container (bucket, table, root) does not exist, with claims of the scope's shape.
    async fn absent_container(&self, _scope: &Scope) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        None
    }

    /// Gives access to the stored bytes behind the driver's back.
    fn raw(&self, _scope: &Scope) -> Option<Arc<dyn RawStore>> {
        None
    }

    /// Gives an endpoint that can be put behind the fault proxy.
    fn wire(&self) -> Option<Arc<dyn Wire>> {
        None
    }

    /// Gives claims to locations that the driver must not touch.
    fn foreign(&self, _scope: &Scope) -> Option<Arc<dyn Foreign>> {
        None
    }

    /// Gives influence on how old stored objects are.
    fn clock(&self, _scope: &Scope) -> Option<Arc<dyn Clock>> {
        None
    }

    /// Gives influence on what the store says of its objects.
    fn status(&self, _scope: &Scope) -> Option<Arc<dyn Status>> {
        None
    }

    /// Makes two drivers of one name over two stores that share nothing but this content cache. Whatever a claim of
    /// one points at has the same place in the other.
    async fn two_stores(&self, _scope: &Scope, _cache: &Cache) -> Option<Result<TwoDrivers, Error>> {
        None
    }
}
