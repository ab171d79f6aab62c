//! Implements the ports of the disk: reaches its files behind the driver's back.
#![allow(clippy::unwrap_used)]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use extstore::{Claim, Error, StorageDriver, async_trait};
use extstore_conformance::{Clock, Foreign, RawStore, Scope};
use extstore_disk::{DiskOptions, object_path};

/// Sets the key prefix of the drivers under test, so that there are keys outside it.
pub(crate) const PREFIX: &str = "inside";
/// Sets a read cap so small that an object above it is cheap.
pub(crate) const READ_CAP: u64 = 2 << 20;

/// Implements every port of one root.
pub(crate) struct Ports {
    pub(crate) root: PathBuf,
}

impl Ports {
    /// Makes options with small limits, so that a payload of the largest size is cheap.
    pub(crate) fn options(&self) -> DiskOptions {
        DiskOptions::new(&self.root)
            .with_key_prefix(PREFIX)
            .with_max_payload_size(1 << 20)
            .with_read_cap(READ_CAP)
    }

    fn file(&self, claim: &Claim) -> PathBuf {
        self.file_of(key(claim))
    }

    fn file_of(&self, key: &str) -> PathBuf {
        self.root.join(object_path(key))
    }

    /// Puts the object under another key and returns the claim for it there.
    fn copy(&self, claim: &Claim, key: String) -> Claim {
        write(&self.file_of(&key), &std::fs::read(self.file(claim)).unwrap());
        claim.clone().with("key", key)
    }
}

fn key(claim: &Claim) -> &str {
    claim.get("key").unwrap()
}

fn write(file: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, bytes).unwrap();
}

#[async_trait]
impl RawStore for Ports {
    async fn list(&self) -> Vec<String> {
        let Ok(shards) = std::fs::read_dir(self.root.join("objects")) else { return Vec::new() };
        let files = shards.flat_map(|shard| std::fs::read_dir(shard.unwrap().path()).unwrap());
        files.map(|file| file.unwrap().path().display().to_string()).collect()
    }

    async fn read(&self, claim: &Claim) -> Option<Bytes> {
        std::fs::read(self.file(claim)).ok().map(Bytes::from)
    }

    async fn write(&self, claim: &Claim, bytes: Bytes) {
        write(&self.file(claim), &bytes);
    }

    async fn delete(&self, claim: &Claim) {
        std::fs::remove_file(self.file(claim)).unwrap();
    }

    async fn read_listed(&self, id: &str) -> Option<Bytes> {
        std::fs::read(id).ok().map(Bytes::from)
    }
}

#[async_trait]
impl Foreign for Ports {
    async fn elsewhere(&self, claim: &Claim) -> Vec<Claim> {
        let bare = key(claim).trim_start_matches(PREFIX).trim_start_matches('/');
        let keys = [format!("outside/{bare}"), format!("{PREFIX}-too/{bare}"), bare.to_owned()];
        keys.into_iter().map(|key| self.copy(claim, key)).collect()
    }

    /// Each of them leads to the object, whether a driver takes keys for paths or hashes them.
    async fn escapes(&self, claim: &Claim) -> Vec<Claim> {
        let content = std::fs::read(self.file(claim)).unwrap();
        let outside = self.root.with_extension("outside");
        write(&outside, &content);
        let name = outside.file_name().unwrap().to_str().unwrap();
        let paths = [format!("{PREFIX}/../../{name}"), outside.display().to_string(), format!("../{name}")];
        std::fs::create_dir_all(self.root.join(PREFIX)).unwrap();
        let mut claims: Vec<Claim> = paths.into_iter().map(|path| self.copy(claim, path)).collect();
        let planted = self.copy(claim, key(claim).replace("/v0/", "/v0/ns/planted/"));
        std::fs::remove_file(self.file(&planted)).unwrap();
        std::os::unix::fs::symlink(&outside, self.file(&planted)).unwrap();
        claims.push(planted);
        claims
    }
}

#[async_trait]
impl Clock for Ports {
    async fn driver(&self, _: &Scope, refresh_after: Duration) -> Result<Arc<dyn StorageDriver>, Error> {
        super::make(self.options().with_refresh_after(refresh_after))
    }

    async fn make_old(&self, claim: &Claim, age: Duration) {
        let file = File::options().write(true).open(self.file(claim)).unwrap();
        #[expect(clippy::disallowed_methods, reason = "the time of a file is the wall clock's")]
        file.set_modified(SystemTime::now() - age).unwrap();
    }

    #[expect(clippy::disallowed_methods, reason = "the time of a file is the wall clock's")]
    async fn age(&self, claim: &Claim) -> Option<Duration> {
        let modified = self.file(claim).metadata().ok()?.modified().ok()?;
        SystemTime::now().duration_since(modified).ok()
    }
}
