//! A wrong backend: it writes objects under their final names.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use extstore::object::{
    Attempt, ClaimFields, Content, Created, KeyFormat, Layout, Location, ObjectBackend, ObjectDriver,
    ObjectOptions, ObjectStat, ObjectVersion, OpenObject, Renewed, Request,
};
use extstore::{ErrorKind, Result, StorageDriver, async_trait};
use extstore_disk::object_path;

pub(crate) fn driver(root: &Path) -> Result<Arc<dyn StorageDriver>> {
    let backend = Arc::new(InPlace { root: root.to_owned() });
    let options = ObjectOptions::new("").with_known_keys(0);
    Ok(Arc::new(ObjectDriver::new("local-disk", backend, Arc::new(PlainLayout), options)?))
}

#[derive(Clone, Debug)]
struct InPlace {
    root: PathBuf,
}

impl InPlace {
    fn file(&self, location: &Location) -> PathBuf {
        self.root.join(object_path(&location.key))
    }
}

#[async_trait]
impl ObjectBackend for InPlace {
    async fn create(&self, _: &Attempt, location: &Location, content: &Content) -> Result<Created> {
        let (file, content) = (self.file(location), content.clone());
        let tmp = self.root.join("tmp");
        let written = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(tmp)?;
            if file.exists() {
                return Ok(Created::Exists);
            }
            std::fs::create_dir_all(file.parent().unwrap_or(&file))?;
            let mut out = File::create(&file)?;
            for piece in content.body.segments().iter().flat_map(|segment| segment.chunks(256 << 10)) {
                out.write_all(piece)?;
                out.sync_data()?;
            }
            Ok(Created::Created)
        });
        let failed =
            |error: std::io::Error| ErrorKind::Unavailable.error("the disk failed").with_source(error);
        written.await.map_err(std::io::Error::from).and_then(|written| written).map_err(failed)
    }

    async fn open(&self, _: &Attempt, location: &Location) -> Result<OpenObject> {
        let read = std::fs::read(self.file(location));
        read.map(|bytes| OpenObject::whole(bytes.into())).map_err(missing)
    }

    async fn stat(&self, _: &Attempt, location: &Location) -> Result<ObjectStat> {
        std::fs::metadata(self.file(location)).map(|file| ObjectStat::new(file.len())).map_err(missing)
    }

    async fn renew(
        &self,
        attempt: &Attempt,
        location: &Location,
        content: &Content,
        _: Option<&ObjectVersion>,
    ) -> Result<Renewed> {
        std::fs::remove_file(self.file(location)).map_err(missing)?;
        self.create(attempt, location, content).await.map(|_| Renewed::Renewed)
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, _: Request) -> &'static str {
        "none"
    }
}

fn missing(error: std::io::Error) -> extstore::Error {
    ErrorKind::NotFound.error("there is no object").with_source(error)
}

#[derive(Debug)]
struct PlainLayout;

static KEYS: KeyFormat =
    KeyFormat { separator: '/', escape: str::to_owned, max_bytes: None, omit_empty_namespace: false };

static CLAIMS: ClaimFields = ClaimFields {
    container: &[],
    key: &["key"],
    algorithm: ClaimFields::ALGORITHM,
    digest: ClaimFields::DIGEST,
};

impl Layout for PlainLayout {
    fn keys(&self) -> &KeyFormat {
        &KEYS
    }

    fn claims(&self) -> &ClaimFields {
        &CLAIMS
    }

    fn describe(&self, location: &Location) -> String {
        format!("key={}", location.key)
    }
}
