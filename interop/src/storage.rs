//! Makes External Storage on S3, with credentials from the environment as the AWS SDKs read them.

use std::env;
use std::error::Error;
use std::sync::Arc;

use extstore::ExternalStorage;
use extstore_s3::aws_sdk_s3::Client;
use extstore_s3::aws_sdk_s3::config::{BehaviorVersion, Config, Credentials, Region};
use extstore_s3::aws_smithy_http_client::Builder;
use extstore_s3::{S3Driver, S3Options};

/// Makes a client of an S3-compatible server without a DNS name, which therefore finds the bucket in the path.
pub(crate) fn client(endpoint: &str) -> Result<Client, env::VarError> {
    let (key, secret) = (env::var("AWS_ACCESS_KEY_ID")?, env::var("AWS_SECRET_ACCESS_KEY")?);
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(env::var("AWS_REGION")?))
        .credentials_provider(Credentials::new(key, secret, None, None, "environment"))
        .endpoint_url(endpoint)
        .http_client(Builder::new().build_http())
        .force_path_style(true)
        .build();
    Ok(Client::from_conf(config))
}

/// Makes a storage of the one driver, under the name that every SDK gives it.
pub(crate) fn external_storage(endpoint: &str, bucket: &str) -> Result<ExternalStorage, Box<dyn Error>> {
    let driver = S3Driver::new(client(endpoint)?, S3Options::new(bucket))?;
    Ok(ExternalStorage::new(Arc::new(driver))?)
}

/// Fetches objects as they were stored, each into a file named by the last part of its key, its digest.
pub(crate) async fn fetch(
    client: &Client,
    bucket: &str,
    list: &str,
    into: &str,
) -> Result<(), Box<dyn Error>> {
    for key in std::fs::read_to_string(list)?.lines() {
        let object = client.get_object().bucket(bucket).key(key).send().await?;
        let digest = key.rsplit('/').next().unwrap_or(key);
        std::fs::write(std::path::Path::new(into).join(digest), object.body.collect().await?.into_bytes())?;
    }
    Ok(())
}
