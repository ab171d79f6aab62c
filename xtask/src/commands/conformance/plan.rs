//! Works out what a command line amounts to: which suites run, and each on what.

use super::options::Options;
use crate::failure::Failure;
use crate::process::Variables;
use crate::servers::backends::Backend;
use crate::suites::{Catalogue, MUTANTS, Suite};

/// Holds what runs, and what would run if it were asked for.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) jobs: Vec<Job>,
    pub(super) not_asked_for: Vec<Job>,
}

/// Describes one suite on one backend.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) suite: &'static Suite,
    pub(super) mutant: Option<String>,
    pub(super) place: Place,
}

/// Says what a suite runs on.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// What the test brings along.
    Embedded(&'static str),
    Container(&'static Backend),
    /// A server that somebody else started, which is asked for what the backend's record names.
    Endpoint(&'static Backend, String),
}

impl Plan {
    pub(super) fn of(options: &Options, catalogue: &Catalogue) -> Result<Self, Failure> {
        let mut plan = Self::default();
        let all: Vec<_> = catalogue.suites.iter().map(|suite| suite.driver.to_owned()).collect();
        for name in if options.drivers.is_empty() { &all } else { &options.drivers } {
            plan.add(options, catalogue, name)?;
        }
        plan.check(options, catalogue)?;
        Ok(plan)
    }

    fn add(&mut self, options: &Options, catalogue: &Catalogue, name: &str) -> Result<(), Failure> {
        let mutant = name.strip_prefix("mutant/").map(str::to_owned);
        let suite = if mutant.is_some() { &MUTANTS } else { catalogue.by_driver(name)? };
        // Naming a driver that is nowhere but on servers asks for them.
        let asked = options.require_containers
            || options.backend.is_some()
            || (!options.drivers.is_empty() && suite.embedded.is_none());
        for place in places(options, catalogue, suite) {
            let runs = asked || !matches!(place, Place::Container(_));
            let job = Job { suite, mutant: mutant.clone(), place };
            if runs { self.jobs.push(job) } else { self.not_asked_for.push(job) }
        }
        Ok(())
    }

    /// Refuses what was asked for and would silently not happen.
    fn check(&self, options: &Options, catalogue: &Catalogue) -> Result<(), Failure> {
        if let Some(backend) = &options.backend {
            check_backend(backend, catalogue)?;
            let without = |name: &&String| !self.jobs.iter().any(|job| job.name() == **name);
            if let Some(name) = options.drivers.iter().find(without) {
                return Err(Failure::Usage(format!("driver {name} is not proved on {backend}")));
            }
        }
        for (name, url) in &options.endpoints {
            let used = |job: &Job| matches!(&job.place, Place::Endpoint(_, used) if used == url);
            if !self.jobs.iter().any(used) {
                return Err(unused_endpoint(name, catalogue));
            }
        }
        Ok(())
    }
}

/// Returns the places of one driver: those that are its own by default, or the one that was asked for.
fn places(options: &Options, catalogue: &Catalogue, suite: &'static Suite) -> Vec<Place> {
    let wanted =
        |name: &str, default: bool| options.backend.as_ref().map_or(default, |backend| backend == name);
    let url =
        |name: &str| options.endpoints.iter().find(|(named, _)| named == name).map(|(_, url)| url.clone());
    let mut places: Vec<_> =
        suite.embedded.filter(|name| wanted(name, true)).map(Place::Embedded).into_iter().collect();
    let mut servers = catalogue.servers_of(suite.driver);
    if let Some(url) = url(suite.driver) {
        // One endpoint stands in for all servers of the driver.
        let record = servers.find(|backend| wanted(backend.name, backend.default));
        places.extend(record.map(|backend| Place::Endpoint(backend, url)));
    } else {
        places.extend(servers.filter_map(|backend| match url(backend.name) {
            Some(url) if wanted(backend.name, true) => Some(Place::Endpoint(backend, url)),
            _ => wanted(backend.name, backend.default).then_some(Place::Container(backend)),
        }));
    }
    places
}

fn check_backend(name: &str, catalogue: &Catalogue) -> Result<(), Failure> {
    let embedded = catalogue.suites.iter().filter_map(|suite| suite.embedded);
    let names: Vec<_> = embedded.chain(catalogue.backends.iter().map(|backend| backend.name)).collect();
    if names.contains(&name) {
        return Ok(());
    }
    Err(Failure::Usage(format!("unknown backend {name:?}; there are: {}", names.join(", "))))
}

/// Says why no job uses an endpoint that was given.
fn unused_endpoint(name: &str, catalogue: &Catalogue) -> Failure {
    let is_backend = catalogue.backends.iter().any(|backend| backend.name == name);
    Failure::Usage(match catalogue.by_driver(name) {
        Err(Failure::Usage(text)) if !is_backend => text,
        Ok(_) if catalogue.servers_of(name).next().is_none() => {
            format!("driver {name} is embedded and takes no endpoint")
        }
        _ => format!("--endpoint names {name}, which --driver or --backend leaves out"),
    })
}

impl Job {
    /// Returns the driver as a user names it.
    pub(super) fn name(&self) -> String {
        match &self.mutant {
            Some(mutant) => format!("mutant/{mutant}"),
            None => self.suite.driver.to_owned(),
        }
    }

    /// Returns the backend as a report names it.
    pub(super) fn backend(&self) -> &'static str {
        match &self.place {
            Place::Embedded(name) => name,
            Place::Container(backend) => backend.name,
            Place::Endpoint(..) => "endpoint",
        }
    }

    /// Returns the container to start, if there is one.
    pub(super) fn container(&self) -> Option<&'static Backend> {
        match &self.place {
            Place::Container(backend) => Some(backend),
            Place::Embedded(_) | Place::Endpoint(..) => None,
        }
    }

    /// Returns the variables that tell the test where the named endpoint is. Fails where the environment lacks a
    /// credential.
    pub(super) fn endpoint_variables(&self) -> Result<Variables, Failure> {
        match &self.place {
            Place::Endpoint(backend, url) => backend.endpoint_variables(url, |name| std::env::var(name).ok()),
            Place::Embedded(_) | Place::Container(_) => Ok(Vec::new()),
        }
    }

    /// Returns the command that repeats this job.
    pub(super) fn repeat(&self) -> String {
        let backend = match &self.place {
            Place::Embedded(_) => String::new(),
            Place::Container(backend) => format!(" --backend {}", backend.name),
            Place::Endpoint(backend, url) => format!(" --endpoint {}={url}", backend.name),
        };
        format!("cargo xtask conformance --driver {}{backend}", self.name())
    }
}

#[cfg(test)]
mod tests;
