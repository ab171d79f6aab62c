//! Defines the driver: a newtype over the object engine.

use std::sync::Arc;
use std::time::Duration;

use extstore::object::{ObjectBacked, ObjectDriver};
use extstore::{Result, StorageDriver as _};

use crate::backend::DiskBackend;
use crate::layout::{DISK_DRIVER_TYPE, DiskLayout};
use crate::sweep::{self, Swept};
use crate::tree::Tree;
use crate::{DiskOptions, blocking};

/// Stores payloads in files under one directory. Clones share one memory of stored keys and one configuration; any
/// number of drivers and processes of one user may share a root.
#[derive(Clone, Debug)]
pub struct DiskDriver {
    object: ObjectDriver,
    tree: Arc<Tree>,
}

impl DiskDriver {
    /// Checks the options. It does not touch the disk: [`check`](extstore::StorageDriver::check) does.
    ///
    /// # Errors
    ///
    /// `Config` that names the option.
    pub fn new(options: DiskOptions) -> Result<Self> {
        let tree = Tree::new(options.root.clone());
        Self::over(tree, options)
    }

    fn over(tree: Tree, options: DiskOptions) -> Result<Self> {
        options.validate()?;
        let tree = Arc::new(tree);
        let backend = Arc::new(DiskBackend { tree: Arc::clone(&tree) });
        let layout = Arc::new(DiskLayout { root: options.root });
        let object = ObjectDriver::new(DISK_DRIVER_TYPE, backend, layout, options.object)?;
        Ok(Self { object, tree })
    }

    /// Removes objects that nobody has stored for longer than `older_than`, and the temporary files of
    /// writers that crashed. One process running it once a day is enough; several at once do no harm.
    ///
    /// It never removes an object whose store is acknowledged while it runs, in this process or another.
    /// Retrieving does not make an object young: choose `older_than` longer than the longest time that a
    /// workflow runs plus the retention of its namespace.
    ///
    /// # Errors
    ///
    /// `Config` below [`MIN_SWEEP_AGE`](crate::MIN_SWEEP_AGE), or where the root does not exist. A directory that cannot be
    /// swept, such as a symbolic link in its place, does not end the sweep: the first such error is reported
    /// after the rest was swept. What was removed stays removed; call it again.
    ///
    /// # Cancellation
    ///
    /// Dropping the future ends the sweep after the directory it is in, or while it waits for a lock.
    pub async fn sweep(&self, older_than: Duration) -> Result<Swept> {
        let tree = Arc::clone(&self.tree);
        let swept = blocking::run((), move |abandoned| sweep::run(&tree, older_than, abandoned)).await;
        swept.map_err(|error| {
            let location = format!("root={}", self.tree.root().display());
            error.with_operation("sweep").with_driver(self.name()).with_location(location)
        })
    }
}

impl ObjectBacked for DiskDriver {
    fn object(&self) -> &ObjectDriver {
        &self.object
    }
}

#[cfg(test)]
mod tests {
    use extstore::{ErrorKind, StoreContext};

    use super::*;
    use crate::file_system::FileSystem;

    #[tokio::test]
    async fn the_check_refuses_a_network_file_system_before_it_writes() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("payloads");
        let tree = Tree::new(root.clone()).on(|_| FileSystem::Network("nfs"));
        let (driver, context) =
            (DiskDriver::over(tree, DiskOptions::new(&root)).unwrap(), StoreContext::default());
        let error = driver.check(&context).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Config, Some("check")), "{error}");
        assert!(error.message().contains("network file system"), "{error}");
        assert!(!root.exists());
        DiskDriver::new(DiskOptions::new(&root)).unwrap().check(&context).await.unwrap();
    }
}
