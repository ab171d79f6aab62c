//! The same objects without a wire between: the quick way for everything that needs none.

use async_trait::async_trait;
use extstore::object::{
    Create, Created, Location, ObjectBackend, ObjectStat, Open, OpenObject, Renew, Renewed, Request, Stat,
    StoreIdentity,
};
use extstore::{Error, ErrorKind, Result};

use super::objects::{Objects, Precondition, Put};

#[async_trait]
impl ObjectBackend for Objects {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        match self.put(create.location(), create.content().to_bytes(), &Precondition::Absent) {
            Put::Done => Ok(Created::Created(ObjectStat::unknown())),
            Put::Failed => Ok(Created::Exists(None)),
            Put::NoKey | Put::NoBucket => Err(missing(self, create.location())),
        }
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        let (bytes, _) = self.get(open.location()).ok_or_else(|| missing(self, open.location()))?;
        Ok(OpenObject::whole(bytes))
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        self.get(stat.location()).map(|(_, stat)| stat).ok_or_else(|| missing(self, stat.location()))
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        let precondition =
            renew.version().map_or(Precondition::None, |version| Precondition::Version(version.0.clone()));
        match self.put(renew.location(), renew.content().to_bytes(), &precondition) {
            Put::Done => Ok(Renewed::Renewed(ObjectStat::unknown())),
            Put::Failed => Ok(Renewed::Changed),
            Put::NoKey => Ok(Renewed::Gone),
            Put::NoBucket => Err(missing(self, renew.location())),
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
