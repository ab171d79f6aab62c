//! Reads the command line of `cargo xtask conformance`.

use std::path::PathBuf;

use crate::command_line::{Flag, Given};
use crate::failure::Failure;
use crate::process::Variables;

const DRIVER: Flag =
    Flag::commas("driver", "D", "drivers to prove: `mutants` and `mutant/NAME` are names too");
const BACKEND: Flag = Flag::once("backend", "B", "the one backend to run on");
const CASE: Flag = Flag::once("case", "GLOB", "cases to run");
const LIST: Flag = Flag::switch("list", "prints the cases and runs none");
const SEED: Flag = Flag::once("seed", "N", "repeats a run");
const ENDPOINT: Flag = Flag::often(
    "endpoint",
    "NAME=URL",
    "a server that runs, in place of the container of a driver or a backend",
);
const JSON: Flag = Flag::once("json", "FILE", "writes the report");
const REQUIRE_CONTAINERS: Flag =
    Flag::switch("require-containers", "runs on containers too, and fails where one cannot run");

pub(super) const FLAGS: &[Flag] = &[DRIVER, BACKEND, CASE, LIST, SEED, ENDPOINT, JSON, REQUIRE_CONTAINERS];

/// Holds the command line.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) drivers: Vec<String>,
    pub(super) backend: Option<String>,
    case: Option<String>,
    pub(super) list: bool,
    seed: Option<String>,
    /// A driver or a backend, with the address of its server.
    pub(super) endpoints: Vec<(String, String)>,
    pub(super) json: Option<PathBuf>,
    pub(super) require_containers: bool,
}

impl Options {
    pub(super) fn read(given: &Given) -> Result<Self, Failure> {
        let owned = |flag| given.text(flag).map(str::to_owned);
        Ok(Self {
            drivers: given.all(&DRIVER).map(str::to_owned).collect(),
            backend: owned(&BACKEND),
            case: owned(&CASE),
            list: given.has(&LIST),
            seed: owned(&SEED),
            endpoints: given.all(&ENDPOINT).map(endpoint).collect::<Result<_, _>>()?,
            json: given.path(&JSON),
            require_containers: given.has(&REQUIRE_CONTAINERS),
        })
    }

    /// Says whether only a part of the cases was asked for, so that a driver may have nothing to run.
    pub(super) fn narrowed(&self) -> bool {
        self.case.is_some()
    }

    /// Returns the variables that every suite gets.
    pub(super) fn variables(&self) -> Variables {
        let given = [("EXTSTORE_CASE", &self.case), ("EXTSTORE_SEED", &self.seed)];
        given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))).collect()
    }
}

fn endpoint(text: &str) -> Result<(String, String), Failure> {
    match text.split_once('=') {
        Some((name, url)) if !name.is_empty() && !url.is_empty() => Ok((name.to_owned(), url.to_owned())),
        _ => Err(Failure::Usage(format!("--endpoint is NAME=URL, not {text:?}"))),
    }
}
