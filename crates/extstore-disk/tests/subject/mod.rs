//! Makes the disk driver on a root of its own, for the tests that start themselves as child processes.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use extstore::{Result, StorageDriver, async_trait};
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_testkit::soak::Subject;
use tempfile::TempDir;

const ROOT: &str = "EXTSTORE_DISK_ROOT";

/// Makes a driver of a root.
type Make = fn(&Path) -> Result<Arc<dyn StorageDriver>>;

pub(crate) struct DiskSubject {
    root: PathBuf,
    make: Make,
    /// The directory that the parent removes at its end; a child has none.
    _directory: Option<TempDir>,
}

impl DiskSubject {
    /// Uses the parent's root in a child, else makes a new one beside the build's output: on a disk and not in
    /// memory.
    pub(crate) fn new(make: Make) -> io::Result<Self> {
        if let Some(root) = std::env::var_os(ROOT) {
            return Ok(Self { root: root.into(), make, _directory: None });
        }
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let root = directory.path().join("root");
        // A child may be killed before its first store creates them.
        for part in ["objects", "tmp"] {
            std::fs::create_dir_all(root.join(part))?;
        }
        Ok(Self { root, make, _directory: Some(directory) })
    }
}

pub(crate) fn is_child() -> bool {
    std::env::var_os(ROOT).is_some()
}

/// Makes the driver itself.
pub(crate) fn disk(root: &Path) -> Result<Arc<dyn StorageDriver>> {
    Ok(Arc::new(open(root)?))
}

fn open(root: &Path) -> Result<DiskDriver> {
    DiskDriver::new(DiskOptions::new(root).with_known_keys(0))
}

#[async_trait]
impl Subject for DiskSubject {
    async fn driver(&self) -> Result<Arc<dyn StorageDriver>> {
        (self.make)(&self.root)
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![(ROOT.to_owned(), self.root.display().to_string())]
    }

    async fn objects(&self) -> io::Result<Vec<String>> {
        let files = files(&self.root.join("objects"))?;
        Ok(files.into_iter().map(|file| file.display().to_string()).collect())
    }

    async fn read(&self, object: &str) -> io::Result<Bytes> {
        std::fs::read(object).map(Bytes::from)
    }

    async fn sweep(&self) -> io::Result<u64> {
        let driver = open(&self.root).map_err(io::Error::other)?;
        driver.sweep(Duration::from_secs(86_400)).await.map_err(io::Error::other)?;
        Ok(files(&self.root.join("tmp"))?.len() as u64)
    }
}

fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() { files.extend(self::files(&path)?) } else { files.push(path) }
    }
    Ok(files)
}

pub(crate) fn fail(reason: &str) -> ExitCode {
    let _ = writeln!(io::stdout().lock(), "FAIL {reason}");
    ExitCode::FAILURE
}
