//! Makes the same objects a backend without a wire: quicker for everything that needs none.

use async_trait::async_trait;
use extstore::object::{
    Create, Created, Location, ObjectBackend, ObjectStat, Open, OpenObject, Renew, Renewed, Request, Stat,
    StoreIdentity,
};
use extstore::{Error, ErrorKind, Result, Vendor};
use futures_util::future::ready;
use futures_util::stream::once;

use super::objects::{Found, Objects, Precondition, Put};
use super::server::ARCHIVED;

#[async_trait]
impl ObjectBackend for Objects {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        match self.put(create.location(), create.content().to_bytes(), &Precondition::Absent) {
            Put::Done => Ok(Created::Created(ObjectStat::unknown())),
            Put::Failed => Ok(Created::Exists(None)),
            Put::NoKey | Put::NoBucket => Err(missing(self, create.location())),
            Put::Refused => Err(refused()),
        }
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        match self.ask(open.location()) {
            Found::Object(stat, Some(bytes)) if stat.len.is_some() => Ok(OpenObject::whole(bytes)),
            Found::Object(_, Some(bytes)) => Ok(OpenObject::new(None, once(ready(Ok(bytes))))),
            Found::Object(_, None) => Err(archived()),
            Found::Nothing => Err(missing(self, open.location())),
        }
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        match self.ask(stat.location()) {
            Found::Object(said, _) => Ok(said),
            Found::Nothing => Err(missing(self, stat.location())),
        }
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        let precondition =
            renew.version().map_or(Precondition::None, |version| Precondition::Version(version.0.clone()));
        match self.put(renew.location(), renew.content().to_bytes(), &precondition) {
            Put::Done => Ok(Renewed::Renewed(ObjectStat::unknown())),
            Put::Failed => Ok(Renewed::Changed),
            Put::NoKey => Ok(Renewed::Gone),
            Put::NoBucket => Err(missing(self, renew.location())),
            Put::Refused => Err(refused()),
        }
    }

    fn identity(&self) -> StoreIdentity {
        Objects::identity(self)
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, _: Request) -> &'static str {
        "no permission"
    }
}

fn missing(objects: &Objects, location: &Location) -> Error {
    match objects.has_bucket(&location.container) {
        true => ErrorKind::NotFound.error("there is no object at this location"),
        false => ErrorKind::Config.error("there is no such bucket; create it"),
    }
}

fn refused() -> Error {
    ErrorKind::PermissionDenied.error("nobody may write over an object of this bucket")
}

/// Says that an object cannot be read until it is written again.
pub(super) fn archived() -> Error {
    ErrorKind::Config
        .error("the object lies in an archive; restore it")
        .with_vendor(Vendor::status(403).with_code(Some(ARCHIVED)))
}
