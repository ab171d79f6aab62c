//! A backend that says what it was asked for.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use extstore::object::{
    Attempt, Content, Created, Location, ObjectBackend, ObjectStat, ObjectVersion, OpenObject, Renewed,
    Request,
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

    /// The locations of all requests since the last call.
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
    async fn create(&self, _: &Attempt, location: &Location, content: &Content) -> Result<Created> {
        self.note(location);
        self.serve(content.body.to_bytes());
        Ok(Created::Created)
    }

    async fn open(&self, _: &Attempt, location: &Location) -> Result<OpenObject> {
        self.note(location);
        self.object().map(OpenObject::whole)
    }

    async fn stat(&self, _: &Attempt, location: &Location) -> Result<ObjectStat> {
        self.note(location);
        self.object().map(|object| ObjectStat::new(object.len() as u64))
    }

    async fn renew(
        &self,
        _: &Attempt,
        location: &Location,
        _: &Content,
        _: Option<&ObjectVersion>,
    ) -> Result<Renewed> {
        self.note(location);
        Ok(Renewed::Gone)
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, _: Request) -> &'static str {
        "no permission"
    }
}
