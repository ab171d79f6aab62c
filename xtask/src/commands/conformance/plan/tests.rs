use super::*;
use crate::command_line::Given;
use crate::servers::backends::Credential;
use crate::suites::OURS;

/// Makes a server that nothing can start, for the drivers of the tests.
const fn server(name: &'static str, driver: &'static str, default: bool) -> Backend {
    Backend {
        name,
        driver,
        default,
        product: "Server",
        version: "1",
        prefix: "KV",
        credentials: &[],
        scheme: "kv://",
        entrypoint: "/server",
        port: 1,
        fill: |_, _| Err(Failure::NeedsContainers),
        launch: |_| Err(Failure::NeedsContainers),
    }
}

const FIRST: Backend = server("first", "kv", true);
const SECOND: Backend = Backend {
    credentials: &[Credential { ours: "PASSWORD", vendors: "KV_AUTH" }],
    ..server("second", "kv", true)
};
const TABLE_ONLY: Backend = server("table-only", "kv", false);
const MIXED: Backend = server("remote", "mixed", true);

/// `kv` is proved on two servers and a third that only a table needs; `mixed` is embedded and on a server.
const CATALOGUE: Catalogue = Catalogue {
    suites: &[
        Suite { driver: "memory", package: "m", test: "memory", embedded: Some("memory") },
        Suite { driver: "kv", package: "k", test: "conformance", embedded: None },
        Suite { driver: "mixed", package: "x", test: "conformance", embedded: Some("local") },
    ],
    backends: &[&FIRST, &SECOND, &TABLE_ONLY, &MIXED],
};

fn plan(catalogue: &Catalogue, args: &[&str]) -> Result<Plan, Failure> {
    Plan::of(&Options::read(&Given::of(&crate::commands::conformance::COMMAND, args)?)?, catalogue)
}

fn names(jobs: &[Job]) -> Vec<String> {
    jobs.iter().map(|job| format!("{} on {}", job.name(), job.backend())).collect()
}

/// Returns what runs, and what is reported as not run.
fn of(args: &[&str]) -> (Vec<String>, Vec<String>) {
    let plan = plan(&CATALOGUE, args).expect("a valid command line");
    (names(&plan.jobs), names(&plan.not_asked_for))
}

#[test]
fn a_driver_runs_on_every_default_backend() {
    let (jobs, left) = of(&["--driver", "kv"]);
    assert_eq!(jobs, ["kv on first", "kv on second"]);
    assert!(left.is_empty());
    assert_eq!(of(&["--driver", "mixed", "--require-containers"]).0, ["mixed on local", "mixed on remote"]);
}

#[test]
fn without_required_containers_the_embedded_backends_run_alone() {
    assert_eq!(of(&["--driver", "mixed"]), (vec!["mixed on local".into()], vec!["mixed on remote".into()]));
    let (jobs, left) = of(&[]);
    assert_eq!(jobs, ["memory on memory", "mixed on local"]);
    assert_eq!(left, ["kv on first", "kv on second", "mixed on remote"]);
    assert_eq!(
        of(&["--require-containers"]).0,
        ["memory on memory", "kv on first", "kv on second", "mixed on local", "mixed on remote"]
    );
}

#[test]
fn a_named_backend_runs_alone_even_if_only_a_table_needs_it() {
    assert_eq!(of(&["--backend", "second"]).0, ["kv on second"]);
    assert_eq!(of(&["--driver", "kv", "--backend", "table-only"]).0, ["kv on table-only"]);
    assert_eq!(of(&["--driver", "mixed", "--backend", "local"]).0, ["mixed on local"]);
    assert_eq!(of(&["--backend", "memory"]).0, ["memory on memory"]);
}

#[test]
fn an_endpoint_of_a_driver_stands_in_for_all_its_servers() {
    let plan = plan(&CATALOGUE, &["--driver", "kv", "--endpoint", "kv=kv://127.0.0.1:1"]).expect("valid");
    assert_eq!(names(&plan.jobs), ["kv on endpoint"]);
    assert!(plan.jobs[0].container().is_none());
}

#[test]
fn an_endpoint_of_a_backend_stands_in_for_it_alone() {
    let args = ["--driver", "kv", "--endpoint", "second=kv://127.0.0.1:1"];
    assert_eq!(of(&args).0, ["kv on first", "kv on endpoint"]);
    // It needs no container, so nobody has to ask for one.
    assert_eq!(of(&args[2..]).0, ["memory on memory", "kv on endpoint", "mixed on local"]);
}

#[test]
fn an_endpoint_is_asked_for_what_the_record_of_its_backend_names() {
    let ask = |backend: &Backend, known: &[&str]| {
        backend.endpoint_variables("kv://h", |name| known.contains(&name).then(|| format!("value of {name}")))
    };
    let told = ask(&FIRST, &[]).expect("it needs nothing");
    assert!(told.contains(&("EXTSTORE_KV_ENDPOINT".to_owned(), "kv://h".to_owned())), "{told:?}");
    assert_eq!(told.len(), 2);
    let refused = ask(&SECOND, &["AWS_ACCESS_KEY_ID"]).expect_err("its password is missing").to_string();
    assert!(refused.contains("KV_AUTH") && !refused.contains("AWS"), "{refused}");
    let told = ask(&SECOND, &["KV_AUTH"]).expect("it has its password");
    assert!(told.contains(&("EXTSTORE_KV_PASSWORD".to_owned(), "value of KV_AUTH".to_owned())), "{told:?}");
}

#[test]
fn a_job_says_how_to_repeat_it_on_its_backend() {
    let plan = plan(&CATALOGUE, &["--driver", "kv,mixed,mutant/bit-flip"]).expect("valid");
    let repeat: Vec<_> = plan.jobs.iter().map(Job::repeat).collect();
    assert_eq!(repeat[1], "cargo xtask conformance --driver kv --backend second");
    assert_eq!(repeat[2], "cargo xtask conformance --driver mixed");
    assert_eq!(repeat[3], "cargo xtask conformance --driver mutant/bit-flip");
}

#[test]
fn what_cannot_happen_is_refused() {
    for args in [
        &["--driver", "gopher"][..],
        &["--backend", "minio"],
        &["--driver", "memory", "--backend", "first"],
        &["--driver", "memory,kv", "--backend", "first"],
        &["--endpoint", "memory=kv://h"],
        &["--endpoint", "gopher=kv://h"],
        &["--driver", "memory", "--endpoint", "kv=kv://h"],
        &["--backend", "first", "--endpoint", "second=kv://h"],
        &["--endpoint", "kv"],
        &["--frobnicate"],
        &["kv"],
    ] {
        let refused = plan(&CATALOGUE, args).expect_err("an invalid command line");
        assert_eq!(refused.exit_code(), 2, "{args:?}: {refused}");
    }
}

#[test]
fn every_driver_of_ours_runs_where_containers_are_required() {
    let plan = plan(&OURS, &["--require-containers"]).expect("valid");
    let runs = |suite: &Suite| plan.jobs.iter().any(|job| job.suite.driver == suite.driver);
    assert!(OURS.suites.iter().all(runs) && plan.not_asked_for.is_empty());
}
