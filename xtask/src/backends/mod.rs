//! The servers that drivers are proved on, one file per container.
//!
//! A file says what goes into the image and how the server is started; it knows nothing of container libraries.

mod seaweedfs;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use crate::canary::Canary;
use crate::failure::Failure;
use crate::process::Variables;

/// A server in a container, as data.
#[derive(Debug)]
pub(crate) struct Backend {
    /// What a user writes: `--backend seaweedfs`.
    pub(crate) name: &'static str,
    /// What a report says.
    pub(crate) product: &'static str,
    pub(crate) version: &'static str,
    /// How the variables begin that tell a test about the server.
    pub(crate) prefix: &'static str,
    /// What stands before the address in an endpoint.
    pub(crate) scheme: &'static str,
    /// The program in the image.
    pub(crate) entrypoint: &'static str,
    /// The port that the server listens on.
    pub(crate) port: u16,
    /// Puts the server's files into the root of its image; packages are fetched into the cache.
    pub(crate) fill: fn(cache: &Path, root: &Path) -> Result<(), Failure>,
    /// How one server is started, with fresh secrets.
    #[cfg_attr(not(feature = "containers"), allow(dead_code))]
    pub(crate) launch: fn(&Canary) -> Result<Launch, Failure>,
}

/// One start of a server.
#[cfg_attr(not(feature = "containers"), allow(dead_code))]
pub(crate) struct Launch {
    pub(crate) args: Vec<String>,
    /// Files that are put into the container before it starts: path and content.
    pub(crate) files: Vec<(&'static str, Vec<u8>)>,
    /// All of these must have been seen.
    pub(crate) ready: &'static [Ready],
    pub(crate) startup_timeout: Duration,
    /// What a test must know besides the address: keys, for example.
    pub(crate) variables: Variables,
}

/// How one sees that a server answers.
#[derive(Debug)]
#[cfg_attr(not(feature = "containers"), allow(dead_code))]
pub(crate) enum Ready {
    /// This text stands in its output.
    Log(&'static str),
    /// `GET` of this path says 200.
    Http(&'static str),
}

/// Every backend that needs a container.
pub(crate) const ALL: &[&Backend] = &[&seaweedfs::SEAWEEDFS];

impl Backend {
    /// The image's name. Nothing else is published under it, so a user's own images are never shadowed.
    pub(crate) fn image(&self) -> String {
        format!("{}:{}", self.repository(), self.version)
    }

    pub(crate) fn repository(&self) -> String {
        format!("extstore.test/{}", self.name)
    }

    /// The variables that tell a test which server runs, where, and in which container.
    #[cfg_attr(not(feature = "containers"), allow(dead_code))]
    pub(crate) fn variables(&self, address: SocketAddr, container: &str) -> Variables {
        let told = [
            ("ENDPOINT", format!("{}{address}", self.scheme)),
            ("PRODUCT", self.product_and_version()),
            ("CONTAINER", container.to_owned()),
        ];
        told.into_iter().map(|(name, value)| (format!("{}_{name}", self.prefix), value)).collect()
    }

    pub(crate) fn product_and_version(&self) -> String {
        format!("{} {}", self.product, self.version)
    }
}

/// The backend of that name, or a message with all names.
pub(crate) fn by_name(name: &str) -> Result<&'static Backend, Failure> {
    ALL.iter().copied().find(|backend| backend.name == name).ok_or_else(|| {
        let names: Vec<_> = ALL.iter().map(|backend| backend.name).collect();
        Failure::Usage(format!("unknown backend {name:?}; in containers there are: {}", names.join(", ")))
    })
}
