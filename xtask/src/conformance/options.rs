//! The command line of `cargo xtask conformance`, and what it amounts to.

use std::path::PathBuf;

use crate::backends::Backend;
use crate::failure::Failure;
use crate::process::Variables;
use crate::suites::{self, Suite};

/// The command line.
#[derive(Debug, Default)]
pub(crate) struct Options {
    drivers: Vec<String>,
    backend: Option<String>,
    case: Option<String>,
    pub(crate) list: bool,
    seed: Option<String>,
    endpoints: Vec<(String, String)>,
    pub(crate) json: Option<PathBuf>,
    pub(crate) require_containers: bool,
}

/// What runs, and what would run if it were asked for.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) jobs: Vec<Job>,
    pub(crate) not_asked_for: Vec<&'static Suite>,
}

/// One suite to run.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) suite: &'static Suite,
    pub(crate) mutant: Option<String>,
    endpoint: Option<String>,
}

impl Options {
    pub(crate) fn parse(mut args: lexopt::Parser) -> Result<Self, Failure> {
        use lexopt::prelude::*;
        let mut options = Self::default();
        while let Some(arg) = args.next()? {
            match arg {
                Long("driver") => options
                    .drivers
                    .extend(args.value()?.string()?.split(',').map(|name| name.trim().to_owned())),
                Long("backend") => options.backend = Some(args.value()?.string()?),
                Long("case") => options.case = Some(args.value()?.string()?),
                Long("list") => options.list = true,
                Long("seed") => options.seed = Some(args.value()?.string()?),
                Long("endpoint") => options.endpoints.push(endpoint(&args.value()?.string()?)?),
                Long("json") => options.json = Some(args.value()?.into()),
                Long("require-containers") => options.require_containers = true,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }

    /// Whether only a part of the cases was asked for, so that a driver may have nothing to run.
    pub(crate) fn narrowed(&self) -> bool {
        self.case.is_some()
    }

    /// What every suite is told.
    pub(crate) fn variables(&self) -> Variables {
        let given = [("EXTSTORE_CASE", &self.case), ("EXTSTORE_SEED", &self.seed)];
        given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))).collect()
    }

    pub(crate) fn plan(&self) -> Result<Plan, Failure> {
        let mut plan = Plan::default();
        for name in &self.drivers {
            plan.jobs.push(self.job(name)?);
        }
        if self.drivers.is_empty() {
            for suite in suites::ALL.iter().filter(|suite| self.is_on_backend(suite)) {
                let job = self.job(suite.driver)?;
                if job.container().is_none() || self.require_containers || self.backend.is_some() {
                    plan.jobs.push(job);
                } else {
                    plan.not_asked_for.push(suite);
                }
            }
        }
        self.check(&plan)?;
        Ok(plan)
    }

    fn job(&self, name: &str) -> Result<Job, Failure> {
        if let Some(mutant) = name.strip_prefix("mutant/") {
            return Ok(Job { suite: &suites::MUTANTS, mutant: Some(mutant.to_owned()), endpoint: None });
        }
        let suite = suites::by_driver(name)?;
        let endpoint = self.endpoints.iter().find(|(driver, _)| driver == name);
        Ok(Job { suite, mutant: None, endpoint: endpoint.map(|(_, url)| url.clone()) })
    }

    fn is_on_backend(&self, suite: &Suite) -> bool {
        self.backend.as_ref().is_none_or(|backend| suite.backend == backend)
    }

    /// Refuses what was asked for and would silently not happen.
    fn check(&self, plan: &Plan) -> Result<(), Failure> {
        let backends: Vec<_> = suites::ALL.iter().map(|suite| suite.backend).collect();
        if let Some(backend) = self.backend.as_ref().filter(|backend| !backends.contains(&backend.as_str())) {
            let text = format!("unknown backend {backend:?}; there are: {}", backends.join(", "));
            return Err(Failure::Usage(text));
        }
        if let Some(job) = plan.jobs.iter().find(|job| !self.is_on_backend(job.suite)) {
            let text =
                format!("driver {} runs on {}, not on the backend asked for", job.name(), job.suite.backend);
            return Err(Failure::Usage(text));
        }
        for (driver, _) in &self.endpoints {
            let suite = suites::by_driver(driver)?;
            if suite.container().is_none() {
                return Err(Failure::Usage(format!("driver {driver} is embedded and takes no endpoint")));
            }
            if !plan.jobs.iter().any(|job| job.suite.driver == driver) {
                return Err(Failure::Usage(format!("--endpoint names {driver}, --driver does not")));
            }
        }
        Ok(())
    }
}

impl Job {
    pub(crate) fn name(&self) -> String {
        match &self.mutant {
            Some(mutant) => format!("mutant/{mutant}"),
            None => self.suite.driver.to_owned(),
        }
    }

    /// The container to start: none for an embedded driver, none where an endpoint was named.
    pub(crate) fn container(&self) -> Option<&'static Backend> {
        if self.endpoint.is_some() { None } else { self.suite.container() }
    }

    /// What tells the test where the named endpoint is; the credentials come from the vendor's usual variables.
    pub(crate) fn endpoint_variables(&self) -> Result<Variables, Failure> {
        let Some(url) = &self.endpoint else { return Ok(Vec::new()) };
        let mut variables = vec![
            (self.suite.variable("ENDPOINT"), url.clone()),
            (self.suite.variable("PRODUCT"), format!("the endpoint {url}")),
        ];
        for (ours, vendors) in [("ACCESS_KEY", "AWS_ACCESS_KEY_ID"), ("SECRET_KEY", "AWS_SECRET_ACCESS_KEY")]
        {
            let value = std::env::var(vendors).map_err(|_| {
                Failure::Usage(format!(
                    "--endpoint {}=… needs {vendors} in the environment",
                    self.suite.driver
                ))
            })?;
            variables.push((self.suite.variable(ours), value));
        }
        Ok(variables)
    }
}

fn endpoint(text: &str) -> Result<(String, String), Failure> {
    match text.split_once('=') {
        Some((driver, url)) if !driver.is_empty() && !url.is_empty() => {
            Ok((driver.to_owned(), url.to_owned()))
        }
        _ => Err(Failure::Usage(format!("--endpoint is DRIVER=URL, not {text:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(args: &[&str]) -> Result<Plan, Failure> {
        Options::parse(lexopt::Parser::from_args(args))?.plan()
    }

    fn names(args: &[&str]) -> (Vec<String>, Vec<&'static str>) {
        let plan = plan(args).expect("a valid command line");
        (
            plan.jobs.iter().map(Job::name).collect(),
            plan.not_asked_for.iter().map(|suite| suite.driver).collect(),
        )
    }

    #[test]
    fn without_names_only_what_is_embedded_runs() {
        assert_eq!(names(&[]), (vec!["memory".into(), "disk".into()], vec!["s3"]));
        assert_eq!(names(&["--require-containers"]).0, ["memory", "disk", "s3"]);
        assert_eq!(names(&["--endpoint", "s3=http://127.0.0.1:1"]).0, ["memory", "disk", "s3"]);
    }

    #[test]
    fn a_backend_chooses_its_drivers() {
        assert_eq!(names(&["--backend", "seaweedfs"]), (vec!["s3".into()], vec![]));
        assert_eq!(names(&["--driver", "memory,mutant/bit-flip"]).0, ["memory", "mutant/bit-flip"]);
    }

    #[test]
    fn what_cannot_happen_is_refused() {
        for args in [
            &["--driver", "gopher"][..],
            &["--backend", "minio"],
            &["--driver", "disk", "--backend", "seaweedfs"],
            &["--endpoint", "disk=http://127.0.0.1:1"],
            &["--driver", "memory", "--endpoint", "s3=http://127.0.0.1:1"],
            &["--endpoint", "s3"],
            &["--frobnicate"],
            &["s3"],
        ] {
            let refused = plan(args).expect_err("an invalid command line");
            assert_eq!(refused.exit_code(), 2, "{args:?}: {refused}");
        }
    }

    #[test]
    fn a_named_endpoint_needs_no_container() {
        let plan = plan(&["--driver", "s3", "--endpoint", "s3=http://127.0.0.1:1"]).expect("valid");
        assert!(plan.jobs[0].container().is_none());
    }
}
