//! Makes a backend that records the requests it gets.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use extstore::object::{
    Create, Created, Location, ObjectBackend, ObjectStat, Open, OpenObject, Renew, Renewed, Request, Stat,
    StoreIdentity,
};
use extstore::{ErrorKind, Result, async_trait};

/// Serves one object under every location, and remembers every location that a request named.
#[derive(Debug, Default)]
pub(crate) struct Spy {
    object: Mutex<Option<Bytes>>,
    asked: Mutex<Vec<Location>>,
}

impl Spy {
    /// Replaces the object.
    pub(crate) fn serve(&self, object: Bytes) {
        *self.object.lock().unwrap_or_else(PoisonError::into_inner) = Some(object);
    }

    /// Returns the locations of all requests since the last call.
    pub(crate) fn asked(&self) -> Vec<Location> {
        std::mem::take(&mut self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, location: &Location) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(location.clone());
    }

    fn object(&self) -> Result<Bytes> {
        let object = self.object.lock().unwrap_or_else(PoisonError::into_inner).clone();
        object.ok_or_else(|| ErrorKind::NotFound.error("nothing has been stored"))
    }
}

#[async_trait]
impl ObjectBackend for Spy {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        self.note(create.location());
        self.serve(create.content().to_bytes());
        Ok(Created::Created(ObjectStat::unknown()))
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        self.note(open.location());
        self.object().map(OpenObject::whole)
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.note(stat.location());
        self.object().map(|object| ObjectStat::new(object.len() as u64))
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        self.note(renew.location());
        Ok(Renewed::Renewed(ObjectStat::unknown()))
    }

    fn identity(&self) -> StoreIdentity {
        StoreIdentity::new(["spy"])
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, _: Request) -> &'static str {
        "no permission"
    }
}
