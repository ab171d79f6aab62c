use std::fs::File;
use std::sync::Arc;

use extstore::object::{
    Attempt, Chunks, Content, Created, Location, ObjectBackend, ObjectStat, ObjectVersion, OpenObject,
    Renewed, Request,
};
use extstore::{Result, async_trait};
use futures_util::stream::{StreamExt as _, try_unfold};

use crate::layout::ObjectName;
use crate::read::{Object, piece};
use crate::tree::Tree;
use crate::{blocking, commit};

/// Files below one root. Each call is a few system calls on a blocking thread, which hold the attempt's permit.
#[derive(Clone, Debug)]
pub(crate) struct DiskBackend {
    pub(crate) tree: Arc<Tree>,
}

impl DiskBackend {
    fn place(&self, location: &Location) -> (Arc<Tree>, ObjectName) {
        (Arc::clone(&self.tree), ObjectName::of(&location.key))
    }
}

#[async_trait]
impl ObjectBackend for DiskBackend {
    async fn create(&self, attempt: &Attempt, location: &Location, content: &Content) -> Result<Created> {
        let (tree, name) = self.place(location);
        let content = content.clone();
        blocking::run(attempt.clone(), move |abandoned| commit::create(&tree, &name, &content, abandoned))
            .await
    }

    async fn open(&self, attempt: &Attempt, location: &Location) -> Result<OpenObject> {
        let (tree, name) = self.place(location);
        let object = blocking::run(attempt.clone(), move |_| Object::find(&tree, &name)).await?;
        let len = object.metadata.len();
        Ok(OpenObject::new(Some(len), chunks(attempt.clone(), object.file, len)))
    }

    async fn stat(&self, attempt: &Attempt, location: &Location) -> Result<ObjectStat> {
        let (tree, name) = self.place(location);
        blocking::run(attempt.clone(), move |_| Ok(Object::find(&tree, &name)?.stat())).await
    }

    async fn renew(
        &self,
        attempt: &Attempt,
        location: &Location,
        content: &Content,
        version: Option<&ObjectVersion>,
    ) -> Result<Renewed> {
        let (tree, name) = self.place(location);
        let (content, version) = (content.clone(), version.cloned());
        blocking::run(attempt.clone(), move |abandoned| {
            commit::renew(&tree, &name, &content, version.as_ref(), abandoned)
        })
        .await
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, request: Request) -> &'static str {
        match request {
            Request::Open | Request::Stat => "to own the files below the root, or to read and search them",
            Request::Create | Request::Renew => {
                "to own the files below the root, and to read, write and search its directories"
            }
        }
    }
}

/// The content of an open file. Nothing is read before the engine has seen the length and asks.
fn chunks(attempt: Attempt, file: File, len: u64) -> Chunks {
    let file = Arc::new(file);
    try_unfold(len, move |left| {
        let (attempt, file) = (attempt.clone(), Arc::clone(&file));
        async move {
            if left == 0 {
                return Ok(None);
            }
            let chunk = blocking::run(attempt, move |_| piece(&file, left)).await?;
            let left = left - chunk.len() as u64;
            Ok(Some((chunk, left)))
        }
    })
    .boxed()
}
