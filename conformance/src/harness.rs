//! Defines the interface that a driver author implements.

use std::sync::Arc;

use async_trait::async_trait;
use extstore::object::Cache;
use extstore::{Error, StorageDriver};

use crate::ports::{Clock, Foreign, RawStore, Status, Wire};
use crate::profile::Profile;
use crate::scope::Scope;

/// The drivers that [`Harness::two_stores`] makes.
pub type TwoDrivers = [Arc<dyn StorageDriver>; 2];

/// A driver under test, from its author's side. Four methods are required; every port is optional,
/// and a case whose port is missing is reported as `not_run`, never as passed.
///
/// Two drivers of the same [`Scope`] must see the same data; two scopes must not. Make each scope a
/// key prefix, a bucket or a directory, whatever your store has.
#[async_trait]
pub trait Harness: Send + Sync + 'static {
    /// The driver's name in reports: `s3`.
    fn name(&self) -> &str;

    /// The driver's declarations. They are checked before the run and printed in the report.
    fn profile(&self) -> Profile;

    /// Makes a fresh driver for a scope. It is called often, also in child processes.
    ///
    /// Leave a cache of content out: cases change stored bytes behind the driver's back and expect to
    /// be told.
    async fn driver(&self, scope: &Scope) -> Result<Arc<dyn StorageDriver>, Error>;

    /// Removes what the run left behind. It is called once, after the last case.
    async fn close(&self);

    /// The store behind the driver: a short name, and the product with its version, for the report.
    fn backend(&self) -> (String, String) {
        (self.name().to_owned(), "in process".to_owned())
    }

    /// Environment variables that a child process needs so that its harness reaches the same data.
    ///
    /// Return `None` where no other process can (a store in memory): cases with children are `unsupported` then.
    fn child_environment(&self) -> Option<Vec<(String, String)>> {
        None
    }

    /// A driver of the same scope whose instance has another name.
    async fn renamed(&self, _scope: &Scope, _name: &str) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        None
    }

    /// Options that must be refused at construction: a word by which the error must name each, such as
    /// the option's name, and what construction said.
    fn bad_options(&self) -> Vec<(&'static str, Result<(), Error>)> {
        Vec::new()
    }

    /// `{:?}` of drivers, options and clients that were built with [`Secrets`](crate::Secrets) in every credential.
    fn debug_output(&self) -> Vec<String> {
        Vec::new()
    }

    /// A driver whose container (bucket, table, root) does not exist, with claims of the scope's shape.
    async fn absent_container(&self, _scope: &Scope) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        None
    }

    /// Access to the stored bytes behind the driver's back.
    fn raw(&self, _scope: &Scope) -> Option<Arc<dyn RawStore>> {
        None
    }

    /// An endpoint that can be put behind the fault proxy.
    fn wire(&self) -> Option<Arc<dyn Wire>> {
        None
    }

    /// Claims to locations that the driver must not touch.
    fn foreign(&self, _scope: &Scope) -> Option<Arc<dyn Foreign>> {
        None
    }

    /// Influence on how old stored objects are.
    fn clock(&self, _scope: &Scope) -> Option<Arc<dyn Clock>> {
        None
    }

    /// Influence on what the store says of its objects.
    fn status(&self, _scope: &Scope) -> Option<Arc<dyn Status>> {
        None
    }

    /// Two drivers of one name over two stores that share nothing but this content cache. Whatever a claim of one
    /// points at has the same place in the other.
    async fn two_stores(&self, _scope: &Scope, _cache: &Cache) -> Option<Result<TwoDrivers, Error>> {
        None
    }
}
