//! Implements the engine's calls with system calls on blocking threads.

//! Implements the engine's calls with system calls on blocking threads.

use std::fs::File;
use std::sync::Arc;

use extstore::object::{
    Attempt, Chunks, Create, Created, Location, ObjectBackend, ObjectStat, Open, OpenObject, Renew, Renewed,
    Request, Stat, StoreIdentity,
};
use extstore::{Result, async_trait};
use futures_util::stream::{StreamExt as _, try_unfold};

use crate::layout::ObjectName;
use crate::read::{Object, piece};
use crate::tree::Tree;
use crate::{blocking, commit};

/// Stores objects in files under one root. Each call is a few system calls on a blocking thread, which hold the
/// attempt's permit.
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
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        let (tree, name) = self.place(create.location());
        let content = create.content().clone();
        blocking::run(create.attempt().clone(), move |abandoned| {
            commit::create(&tree, &name, &content, abandoned)
        })
        .await
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        let (tree, name) = self.place(open.location());
        let object = blocking::run(open.attempt().clone(), move |_| Object::find(&tree, &name)).await?;
        let len = object.metadata.len();
        let chunks = chunks(open.attempt().clone(), object.file, len);
        Ok(OpenObject::new(Some(len), chunks).with_own_buffers())
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        let (tree, name) = self.place(stat.location());
        blocking::run(stat.attempt().clone(), move |_| Ok(Object::find(&tree, &name)?.stat())).await
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        let (tree, name) = self.place(renew.location());
        let (content, version) = (renew.content().clone(), renew.version().cloned());
        blocking::run(renew.attempt().clone(), move |abandoned| {
            commit::renew(&tree, &name, &content, version.as_ref(), abandoned)
        })
        .await
    }

    fn identity(&self) -> StoreIdentity {
        self.tree.identity()
    }

    async fn check(&self) -> Result<()> {
        let tree = Arc::clone(&self.tree);
        blocking::run((), move |_| tree.check_file_system()).await
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn permission(&self, request: Request) -> &'static str {
        match request {
            Request::Open | Request::Stat => "to own the files below the root, or to read and search them",
            _ => "to own the files below the root, and to read, write and search its directories",
        }
    }
}

/// Reads an open file in pieces. Nothing is read before the engine has seen the length and asks for a piece.
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
