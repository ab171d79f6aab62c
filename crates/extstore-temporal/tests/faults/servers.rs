//! Reads from the environment where the servers of the run are.

use std::net::{SocketAddr, ToSocketAddrs as _};

use extstore_s3::aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use extstore_s3::aws_sdk_s3::{Client, Config};
use extstore_s3::aws_smithy_http_client::Builder;
use temporalio_client::Url;

/// The addresses of the servers, and the keys of the S3 server.
#[derive(Clone)]
pub(crate) struct Servers {
    pub(crate) temporal: Url,
    pub(crate) s3: SocketAddr,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
}

impl Servers {
    /// Reads the variables of `cargo xtask with temporal,s3`.
    ///
    /// # Errors
    ///
    /// The name of a variable that is missing, and how to run the tests with servers.
    pub(crate) fn from_env() -> Result<Self, String> {
        let get = |name: &str| {
            let how =
                "run it with `cargo xtask with temporal,s3 -- cargo test -p extstore-temporal --test faults`";
            std::env::var(name).map_err(|_| format!("{name} is not set; {how}"))
        };
        let endpoint = get("EXTSTORE_S3_ENDPOINT")?;
        let address = endpoint.strip_prefix("http://").unwrap_or(&endpoint).trim_end_matches('/');
        let mut addresses = address.to_socket_addrs().map_err(|error| format!("{endpoint}: {error}"))?;
        Ok(Self {
            temporal: Url::parse(&get("EXTSTORE_TEMPORAL_ADDRESS")?).map_err(|error| error.to_string())?,
            s3: addresses.next().ok_or("the S3 endpoint has no address")?,
            access_key: get("EXTSTORE_S3_ACCESS_KEY")?,
            secret_key: get("EXTSTORE_S3_SECRET_KEY")?,
        })
    }

    /// Makes a client of the S3 server, or of a proxy before it.
    pub(crate) fn s3_client(&self, address: SocketAddr) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new(&self.access_key, &self.secret_key, None, None, "test"))
            .http_client(Builder::new().build_http())
            .endpoint_url(format!("http://{address}"))
            .force_path_style(true);
        Client::from_conf(config.build())
    }
}
