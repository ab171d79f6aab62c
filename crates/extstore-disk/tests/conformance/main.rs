//! Runs the whole suite on the disk driver.

mod ports;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use extstore::object::{Cache, RetryPolicy};
use extstore::{Error, StorageDriver, async_trait};
use extstore_conformance::{
    Clock, Durability, Foreign, Harness, KeyLayout, Profile, RawStore, Scope, TwoDrivers,
};
use extstore_disk::{DISK_DRIVER_TYPE, DiskDriver, DiskOptions};
use tempfile::TempDir;

use ports::{PREFIX, Ports, READ_CAP};

/// Hands the directory of the run to child processes.
const DIRECTORY: &str = "EXTSTORE_DISK_DIRECTORY";

fn main() -> ExitCode {
    extstore_conformance::main(async { Disk::new() })
}

/// Makes a root for each scope, under one temporary directory on the disk that the build uses.
struct Disk {
    directory: PathBuf,
    /// The directory that the parent removes at its end; a child has none.
    owned: Option<TempDir>,
}

impl Disk {
    fn new() -> std::io::Result<Self> {
        if let Some(directory) = std::env::var_os(DIRECTORY) {
            return Ok(Self { directory: directory.into(), owned: None });
        }
        let owned = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        Ok(Self { directory: owned.path().to_owned(), owned: Some(owned) })
    }

    fn ports(&self, scope: &Scope) -> Arc<Ports> {
        Arc::new(Ports { root: self.directory.join(scope.as_str()) })
    }
}

fn make(options: DiskOptions) -> Result<Arc<dyn StorageDriver>, Error> {
    Ok(Arc::new(DiskDriver::new(options)?))
}

#[async_trait]
impl Harness for Disk {
    fn name(&self) -> &str {
        "disk"
    }

    fn profile(&self) -> Profile {
        let mut profile = Profile::object(DISK_DRIVER_TYPE, Durability::PowerLoss);
        profile.key_layout = Some(KeyLayout::S3);
        profile.read_cap = Some(READ_CAP);
        profile
    }

    async fn driver(&self, scope: &Scope) -> Result<Arc<dyn StorageDriver>, Error> {
        make(self.ports(scope).options())
    }

    async fn close(&self) {
        if let Some(directory) = &self.owned {
            // What cannot be removed is below the build's own directory.
            let _ = std::fs::remove_dir_all(directory.path());
        }
    }

    fn backend(&self) -> (String, String) {
        let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        ("disk".to_owned(), format!("{} {}", std::env::consts::OS, kernel.trim()))
    }

    fn child_environment(&self) -> Option<Vec<(String, String)>> {
        Some(vec![(DIRECTORY.to_owned(), self.directory.display().to_string())])
    }

    async fn renamed(&self, scope: &Scope, name: &str) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        Some(make(self.ports(scope).options().with_name(name)))
    }

    fn bad_options(&self) -> Vec<(&'static str, Result<(), Error>)> {
        let options = || DiskOptions::new("/root");
        let made = |options| make(options).map(drop);
        vec![
            ("root", made(DiskOptions::new("relative"))),
            ("key_prefix", made(options().with_key_prefix("../up"))),
            ("name", made(options().with_name(""))),
            ("max_payload_size", made(options().with_max_payload_size(0))),
            ("read_cap", made(options().with_read_cap(1))),
            ("refresh_after", made(options().with_refresh_after(Duration::ZERO))),
            ("attempts", made(options().with_retry(RetryPolicy::attempts(0)))),
        ]
    }

    fn debug_output(&self) -> Vec<String> {
        let options = DiskOptions::new("/root");
        let driver = DiskDriver::new(options.clone());
        vec![format!("{driver:?}"), format!("{driver:#?}"), format!("{options:?}")]
    }

    async fn absent_container(&self, scope: &Scope) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        let root = self.directory.join("absent").join(scope.as_str()).join("root");
        Some(make(DiskOptions::new(root).with_key_prefix(PREFIX)))
    }

    fn raw(&self, scope: &Scope) -> Option<Arc<dyn RawStore>> {
        Some(self.ports(scope))
    }

    fn foreign(&self, scope: &Scope) -> Option<Arc<dyn Foreign>> {
        Some(self.ports(scope))
    }

    async fn two_stores(&self, scope: &Scope, cache: &Cache) -> Option<Result<TwoDrivers, Error>> {
        let of = |store: &str| {
            let scope = Scope::new(format!("{}-{store}", scope.as_str()));
            make(self.ports(&scope).options().with_cache(cache.clone()))
        };
        Some(of("one").and_then(|one| of("two").map(|two| [one, two])))
    }

    fn clock(&self, scope: &Scope) -> Option<Arc<dyn Clock>> {
        Some(self.ports(scope))
    }
}
