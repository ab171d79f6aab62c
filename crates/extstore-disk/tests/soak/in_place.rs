//! Implements a wrong backend that writes objects under their final names.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use extstore::object::{
    ClaimFields, Create, Created, KeyFormat, Layout, Location, ObjectBackend, ObjectDriver, ObjectOptions,
    ObjectStat, Open, OpenObject, Renew, Renewed, Request, Stat, StoreIdentity,
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
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        let (file, content) = (self.file(create.location()), create.content().clone());
        let tmp = self.root.join("tmp");
        let written = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(tmp)?;
            if file.exists() {
                return Ok(Created::Exists(None));
            }
            std::fs::create_dir_all(file.parent().unwrap_or(&file))?;
            let mut out = File::create(&file)?;
            for piece in content.body().segments().iter().flat_map(|segment| segment.chunks(256 << 10)) {
                out.write_all(piece)?;
                out.sync_data()?;
            }
            Ok(Created::Created(ObjectStat::unknown()))
        });
        let failed =
            |error: std::io::Error| ErrorKind::Unavailable.error("the disk failed").with_source(error);
        written.await.map_err(std::io::Error::from).and_then(|written| written).map_err(failed)
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        let read = std::fs::read(self.file(open.location()));
        read.map(|bytes| OpenObject::whole(bytes.into())).map_err(missing)
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        std::fs::metadata(self.file(stat.location())).map(|file| ObjectStat::new(file.len())).map_err(missing)
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        std::fs::remove_file(self.file(renew.location())).map_err(missing)?;
        let create = Create::new(renew.attempt(), renew.location(), renew.content());
        self.create(create).await.map(|_| Renewed::Renewed(ObjectStat::unknown()))
    }

    fn identity(&self) -> StoreIdentity {
        StoreIdentity::new([self.root.to_string_lossy().as_ref()])
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

static KEYS: KeyFormat = KeyFormat::new('/', str::to_owned);

static CLAIMS: ClaimFields = ClaimFields::new(&["key"]);

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
