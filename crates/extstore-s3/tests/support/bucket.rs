//! Reads and changes a bucket behind the driver's back.

use bytes::Bytes;
use extstore_s3::aws_sdk_s3::Client;
use extstore_s3::aws_sdk_s3::error::ProvideErrorMetadata as _;
use extstore_s3::aws_sdk_s3::primitives::ByteStream;

/// Accesses one bucket with the administrator's keys.
#[derive(Clone)]
pub(crate) struct Bucket {
    pub(crate) client: Client,
    pub(crate) name: String,
}

impl Bucket {
    pub(crate) async fn create(&self) {
        self.client.create_bucket().bucket(&self.name).send().await.unwrap();
    }

    /// Lists all keys under a prefix, in the order of their bytes.
    pub(crate) async fn keys(&self, prefix: &str) -> Vec<String> {
        let mut keys = Vec::new();
        let mut pages =
            self.client.list_objects_v2().bucket(&self.name).prefix(prefix).into_paginator().send();
        while let Some(page) = pages.next().await {
            keys.extend(page.unwrap().contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        }
        keys
    }

    pub(crate) async fn get(&self, key: &str) -> Option<Bytes> {
        match self.client.get_object().bucket(&self.name).key(key).send().await {
            Ok(object) => Some(object.body.collect().await.unwrap().into_bytes()),
            Err(error) if error.code() == Some("NoSuchKey") => None,
            Err(error) => panic!("{error:?}"),
        }
    }

    pub(crate) async fn put(&self, key: &str, bytes: Bytes) {
        let put = self.client.put_object().bucket(&self.name).key(key);
        put.body(ByteStream::from(bytes)).send().await.unwrap();
    }

    pub(crate) async fn delete(&self, key: &str) {
        self.client.delete_object().bucket(&self.name).key(key).send().await.unwrap();
    }

    /// Counts uploads in parts that nobody has completed or given up.
    pub(crate) async fn unfinished_uploads(&self) -> usize {
        let uploads = self.client.list_multipart_uploads().bucket(&self.name).send().await.unwrap();
        uploads.uploads().len()
    }

    /// Removes the bucket with everything in it.
    pub(crate) async fn remove(&self) {
        for key in self.keys("").await {
            self.delete(&key).await;
        }
        self.client.delete_bucket().bucket(&self.name).send().await.unwrap();
    }
}
