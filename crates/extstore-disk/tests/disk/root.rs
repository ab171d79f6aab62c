//! Makes a root in a temporary directory, with short ways to use it and to look at it.

use std::fs::File;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use extstore::{Claim, Payload, Result, RetrieveContext, StorageDriver as _, StoreContext};
use extstore_disk::{DiskDriver, DiskOptions, object_path};
use tempfile::TempDir;

pub(crate) struct Root(TempDir);

impl Root {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Returns the path of the root, which does not exist yet; the directory around it does.
    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("root")
    }

    pub(crate) fn outside(&self) -> &Path {
        self.0.path()
    }

    /// Makes options without a memory of stored keys, so that every store reaches the disk.
    pub(crate) fn options(&self) -> DiskOptions {
        DiskOptions::new(self.path()).with_known_keys(0)
    }

    pub(crate) fn driver(&self) -> DiskDriver {
        DiskDriver::new(self.options()).unwrap()
    }

    pub(crate) fn file(&self, claim: &Claim) -> PathBuf {
        self.path().join(object_path(claim.get("key").unwrap()))
    }

    /// Lists every file under a directory of the root.
    pub(crate) fn files(&self, below: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut directories = vec![self.path().join(below)];
        while let Some(directory) = directories.pop() {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { directories.push(path) } else { files.push(path) }
            }
        }
        files
    }
}

pub(crate) fn payload(len: usize) -> Payload {
    Payload::new([("encoding", "binary/plain")], vec![7; len])
}

pub(crate) async fn store(driver: &DiskDriver, payload: &Payload) -> Result<Claim> {
    driver.store(&StoreContext::default(), vec![payload.clone()]).await.map(|mut claims| claims.remove(0))
}

pub(crate) async fn retrieve(driver: &DiskDriver, claim: &Claim) -> Result<Payload> {
    let payloads = driver.retrieve(&RetrieveContext::default(), vec![claim.clone()]).await;
    payloads.map(|mut payloads| payloads.remove(0))
}

pub(crate) fn make_old(file: &Path, age: Duration) {
    #[expect(clippy::disallowed_methods, reason = "the time of a file is the wall clock's")]
    File::options().write(true).open(file).unwrap().set_modified(SystemTime::now() - age).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the time of a file is the wall clock's")]
pub(crate) fn age(file: &Path) -> Duration {
    let modified = file.metadata().unwrap().modified().unwrap();
    SystemTime::now().duration_since(modified).unwrap_or_default()
}

pub(crate) fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}
