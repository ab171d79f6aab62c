//! Lists which test of which crate proves which driver, and where it runs.

use crate::failure::Failure;
use crate::servers::backends::{self, Backend};

/// Describes a test binary of a crate that runs the conformance suite for one driver.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) driver: &'static str,
    pub(crate) package: &'static str,
    pub(crate) test: &'static str,
    /// The backend that the test itself has, by its short name: it runs where no endpoint is in the environment.
    pub(crate) embedded: Option<&'static str>,
}

/// Lists every driver that has a suite, and the servers that they run on.
pub(crate) const OURS: Catalogue = Catalogue {
    suites: &[
        Suite { driver: "memory", package: "extstore-conformance", test: "memory", embedded: Some("memory") },
        Suite { driver: "disk", package: "extstore-disk", test: "conformance", embedded: Some("disk") },
        Suite { driver: "s3", package: "extstore-s3", test: "conformance", embedded: None },
    ],
    backends: backends::ALL,
};

/// Names the suite of the deliberately wrong drivers. `mutants` runs all of them, `mutant/NAME` one.
pub(crate) const MUTANTS: Suite =
    Suite { driver: "mutants", package: "extstore-conformance", test: "mutants", embedded: Some("mutants") };

/// Holds suites and servers. Tests have one of their own.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) suites: &'static [Suite],
    pub(crate) backends: &'static [&'static Backend],
}

impl Catalogue {
    /// Finds the suite of that driver, or fails with all names.
    pub(crate) fn by_driver(&self, driver: &str) -> Result<&'static Suite, Failure> {
        self.suites.iter().chain([&MUTANTS]).find(|suite| suite.driver == driver).ok_or_else(|| {
            let names: Vec<_> = self.suites.iter().map(|suite| suite.driver).collect();
            let text =
                format!("unknown driver {driver:?}; there are: {}, mutants, mutant/NAME", names.join(", "));
            Failure::Usage(text)
        })
    }

    /// Returns the servers that a driver can be proved on.
    pub(crate) fn servers_of(&self, driver: &str) -> impl Iterator<Item = &'static Backend> {
        self.backends.iter().copied().filter(move |backend| backend.driver == driver)
    }

    /// Returns the server beside which a driver's own tests run; none for an embedded driver.
    pub(crate) fn first_server_of(&self, driver: &str) -> Option<&'static Backend> {
        self.servers_of(driver).find(|backend| backend.default)
    }

    /// Returns the suites whose driver needs a server, each with the first one.
    pub(crate) fn with_servers(&self) -> impl Iterator<Item = (&'static Suite, &'static Backend)> {
        self.suites.iter().filter_map(|suite| Some((suite, self.first_server_of(suite.driver)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_driver_is_proved_somewhere_and_every_server_has_a_driver() {
        for suite in OURS.suites {
            assert!(
                suite.embedded.is_some() || OURS.first_server_of(suite.driver).is_some(),
                "{}",
                suite.driver
            );
        }
        for backend in OURS.backends {
            assert!(OURS.by_driver(backend.driver).is_ok(), "{}", backend.name);
        }
    }

    #[test]
    fn names_of_backends_differ_and_servers_of_a_driver_share_their_prefix() {
        let embedded = OURS.suites.iter().filter_map(|suite| suite.embedded);
        let mut names: Vec<_> = OURS.backends.iter().map(|backend| backend.name).chain(embedded).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
        for (suite, first) in OURS.with_servers() {
            assert!(OURS.servers_of(suite.driver).all(|server| server.prefix == first.prefix));
        }
    }
}
