//! The same objects without a wire between: the quick way for everything that needs none.

use async_trait::async_trait;
use extstore::object::{
    Attempt, Content, Created, Location, ObjectBackend, ObjectStat, ObjectVersion, OpenObject, Renewed,
    Request,
};
use extstore::{Error, ErrorKind, Result};

use super::objects::{Objects, Precondition, Put};

#[async_trait]
impl ObjectBackend for Objects {
    async fn create(&self, _: &Attempt, location: &Location, content: &Content) -> Result<Created> {
        match self.put(location, content.body.to_bytes(), &Precondition::Absent) {
            Put::Done => Ok(Created::Created),
            Put::Failed => Ok(Created::Exists),
            Put::NoKey | Put::NoBucket => Err(missing(self, location)),
        }
    }

    async fn open(&self, _: &Attempt, location: &Location) -> Result<OpenObject> {
        let (bytes, _) = self.get(location).ok_or_else(|| missing(self, location))?;
        Ok(OpenObject::whole(bytes))
    }

    async fn stat(&self, _: &Attempt, location: &Location) -> Result<ObjectStat> {
        self.get(location).map(|(_, stat)| stat).ok_or_else(|| missing(self, location))
    }

    async fn renew(
        &self,
        _: &Attempt,
        location: &Location,
        content: &Content,
        version: Option<&ObjectVersion>,
    ) -> Result<Renewed> {
        let precondition =
            version.map_or(Precondition::None, |version| Precondition::Version(version.0.clone()));
        match self.put(location, content.body.to_bytes(), &precondition) {
            Put::Done => Ok(Renewed::Renewed),
            Put::Failed => Ok(Renewed::Changed),
            Put::NoKey => Ok(Renewed::Gone),
            Put::NoBucket => Err(missing(self, location)),
        }
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
