//! Builds a client from the environment, as the vendor's tools read it.

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_s3::{Client, config};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_types::service_config::ServiceConfigKey;
use extstore::Result;
use extstore::object::StoreIdentity;

use crate::store::Store;
use crate::{Bucket, S3_DRIVER_TYPE, S3Driver, S3Options};

impl S3Driver {
    /// Makes a driver with the vendor's chain of credentials, region, profile and endpoint: the usual variables
    /// (`AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, `AWS_PROFILE` …), shared files, container and
    /// instance roles.
    ///
    /// A custom endpoint is addressed with the bucket in the path, because compatible stores seldom have host
    /// names for buckets. TLS is rustls with ring and the machine's trusted certificates. Single sign-on needs the
    /// feature `sso`. To choose otherwise, build a client and call [`S3Driver::new`].
    ///
    /// # Errors
    ///
    /// `Config` that names the option. Missing credentials show with the first request: see [`StorageDriver::check`](extstore::StorageDriver::check).
    pub async fn from_env(options: S3Options) -> Result<Self> {
        let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let shared = aws_config::defaults(BehaviorVersion::latest()).http_client(http).load().await;
        let names_only = matches!(options.bucket()?, None | Some(Bucket::Name(_)));
        let endpoint = endpoint(&shared);
        let path_style = names_only && endpoint.is_some();
        let config = config::Builder::from(&shared).force_path_style(path_style).build();
        let identity = identity(endpoint.as_deref(), shared.region().map(AsRef::as_ref));
        Self::of_store(Store::new(Client::from_conf(config), identity), options)
    }
}

/// Says that drivers from one environment reach one store. The region is a fact of it, because a bucket's name is
/// unique in Amazon's regions of one country's partition only.
fn identity(endpoint: Option<&str>, region: Option<&str>) -> StoreIdentity {
    StoreIdentity::new([S3_DRIVER_TYPE, endpoint.unwrap_or("amazon"), region.unwrap_or("")])
}

/// Finds the endpoint that is configured for S3 or for all services.
fn endpoint(shared: &SdkConfig) -> Option<String> {
    let key =
        ServiceConfigKey::builder().service_id("S3").env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let for_s3 = shared.service_config().zip(key.ok()).and_then(|(service, key)| service.load_config(key));
    for_s3.or_else(|| shared.endpoint_url().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoint_and_region_tell_stores_apart() {
        let here = identity(Some("http://127.0.0.1:9000"), Some("us-east-1"));
        assert_eq!(here, identity(Some("http://127.0.0.1:9000"), Some("us-east-1")));
        for other in [
            identity(Some("http://127.0.0.1:9001"), Some("us-east-1")),
            identity(Some("http://127.0.0.1:9000"), Some("eu-central-1")),
            identity(None, Some("us-east-1")),
        ] {
            assert_ne!(here, other);
        }
    }
}
