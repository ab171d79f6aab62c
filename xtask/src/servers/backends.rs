//! Describes the servers that drivers are proved on, one record per container in a file of its own.
//!
//! A record says which driver the server is for, how tests are told about it, what goes into its image and how it is
//! started; it knows nothing of container libraries. A backend that is embedded in a driver's own test has no record.

mod seaweedfs;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use crate::canary::Canary;
use crate::failure::Failure;
use crate::process::Variables;

/// Describes a server in a container.
#[derive(Debug)]
pub(crate) struct Backend {
    /// The name that a user writes: `--backend seaweedfs`.
    pub(crate) name: &'static str,
    /// The driver that is proved on it.
    pub(crate) driver: &'static str,
    /// Says whether the server is used where the driver is named and no backend. A server that only a table of the
    /// documentation needs does not.
    pub(crate) default: bool,
    /// The product's name in a report.
    pub(crate) product: &'static str,
    pub(crate) version: &'static str,
    /// The text after `EXTSTORE_` in the variables that tell a test about the server: `S3`. All servers of a driver
    /// have the same, because its tests know one server.
    pub(crate) prefix: &'static str,
    /// The credentials that a test must know besides the address.
    pub(crate) credentials: &'static [Credential],
    /// The text before the address in an endpoint.
    pub(crate) scheme: &'static str,
    /// The program in the image.
    pub(crate) entrypoint: &'static str,
    /// The port that the server listens on.
    pub(crate) port: u16,
    /// Puts the server's files into the root of its image; packages are fetched into the cache.
    pub(crate) fill: fn(cache: &Path, root: &Path) -> Result<(), Failure>,
    /// Says how one server is started, with fresh secrets.
    #[cfg_attr(not(feature = "containers"), allow(dead_code))]
    pub(crate) launch: fn(&Canary) -> Result<Launch, Failure>,
}

/// Names one credential twice.
#[derive(Debug)]
pub(crate) struct Credential {
    /// The text after the prefix in the variable of our tests: `ACCESS_KEY`.
    pub(crate) ours: &'static str,
    /// The variable in which the vendor's own tools expect it: `AWS_ACCESS_KEY_ID`. A user sets it for a server of
    /// their own.
    pub(crate) vendors: &'static str,
}

/// Describes one start of a server.
#[cfg_attr(not(feature = "containers"), allow(dead_code))]
pub(crate) struct Launch {
    pub(crate) args: Vec<String>,
    /// Files that are put into the container before it starts: path and content.
    pub(crate) files: Vec<(&'static str, Vec<u8>)>,
    /// All of these must have been seen.
    pub(crate) ready: &'static [Ready],
    pub(crate) startup_timeout: Duration,
    /// The values of the credentials, and whatever else a test must know. A name is what follows the prefix.
    pub(crate) variables: Vec<(String, String)>,
}

/// Says how one sees that a server answers.
#[derive(Debug)]
#[cfg_attr(not(feature = "containers"), allow(dead_code))]
pub(crate) enum Ready {
    /// This text stands in its output.
    Log(&'static str),
    /// `GET` of this path says 200.
    Http(&'static str),
}

/// Lists every backend that needs a container. The first default one of a driver is where its own tests run.
pub(crate) const ALL: &[&Backend] = &[&seaweedfs::SEAWEEDFS];

impl Backend {
    /// Returns the image's name. Nothing else is published under it, so a user's own images are never shadowed.
    pub(crate) fn image(&self) -> String {
        format!("{}:{}", self.repository(), self.version)
    }

    pub(crate) fn repository(&self) -> String {
        format!("extstore.test/{}", self.name)
    }

    pub(crate) fn product_and_version(&self) -> String {
        format!("{} {}", self.product, self.version)
    }

    /// Returns the variable that tells a test something about the server: `EXTSTORE_S3_ENDPOINT`.
    pub(crate) fn variable(&self, name: &str) -> String {
        format!("EXTSTORE_{}_{name}", self.prefix)
    }

    /// Returns the variable that makes a live test fail where it finds no server: `EXTSTORE_REQUIRE_S3`.
    pub(crate) fn require_variable(&self) -> String {
        format!("EXTSTORE_REQUIRE_{}", self.prefix)
    }

    /// Returns the variables that tell a test which server runs, where, and in which container.
    #[cfg_attr(not(feature = "containers"), allow(dead_code))]
    pub(crate) fn variables(&self, address: SocketAddr, container: &str, launch: &Launch) -> Variables {
        let told = [
            ("ENDPOINT", format!("{}{address}", self.scheme)),
            ("PRODUCT", self.product_and_version()),
            ("CONTAINER", container.to_owned()),
        ];
        let launched = launch.variables.iter().map(|(name, value)| (name.as_str(), value.clone()));
        told.into_iter().chain(launched).map(|(name, value)| (self.variable(name), value)).collect()
    }

    /// Returns the variables that tell a test about a server that somebody else started. `environment` looks the
    /// vendor's variables up.
    pub(crate) fn endpoint_variables(
        &self,
        url: &str,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Variables, Failure> {
        let mut variables = vec![
            (self.variable("ENDPOINT"), url.to_owned()),
            (self.variable("PRODUCT"), format!("the endpoint {url}")),
        ];
        for Credential { ours, vendors } in self.credentials {
            let value = environment(vendors).ok_or_else(|| {
                Failure::Usage(format!("--endpoint for {} needs {vendors} in the environment", self.driver))
            })?;
            variables.push((self.variable(ours), value));
        }
        Ok(variables)
    }
}

/// Finds the backend of that name, or fails with all names.
pub(crate) fn by_name(name: &str) -> Result<&'static Backend, Failure> {
    ALL.iter().copied().find(|backend| backend.name == name).ok_or_else(|| {
        let names: Vec<_> = ALL.iter().map(|backend| backend.name).collect();
        Failure::Usage(format!("unknown backend {name:?}; in containers there are: {}", names.join(", ")))
    })
}
