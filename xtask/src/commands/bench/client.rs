//! Lists the clients that are compared, and builds or installs each.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::program;
use crate::failure::{Failure, While};
use crate::process::Step;
use crate::project::Project;

/// Names a program that measures one cell and prints one line of JSON per phase.
pub(super) struct Client {
    pub(super) name: &'static str,
    /// The text that a reader needs to repeat the figure.
    pub(super) version: String,
    pub(super) program: PathBuf,
    pub(super) args: Vec<OsString>,
}

/// All clients, and why others are missing.
pub(super) struct Clients {
    pub(super) ours: Client,
    pub(super) disk: Client,
    pub(super) peers: Vec<Client>,
    pub(super) missing: BTreeMap<&'static str, String>,
}

impl Clients {
    pub(super) fn all(&self) -> impl Iterator<Item = &Client> {
        std::iter::once(&self.ours).chain(&self.peers)
    }

    pub(super) fn versions(&self) -> BTreeMap<&str, &str> {
        let present = self.all().chain([&self.disk]).map(|client| (client.name, client.version.as_str()));
        present.chain(self.missing.iter().map(|(name, reason)| (*name, reason.as_str()))).collect()
    }
}

type Prepare = fn(&Project, &Path) -> Result<Client, Failure>;

/// Builds and installs the clients under the target directory. A peer that cannot be had is missing from the figures;
/// ours cannot be.
pub(super) fn prepare(project: &Project, wanted: &[String]) -> Result<Clients, Failure> {
    const PEERS: [(&str, Prepare); 3] = [("python", python), ("typescript", typescript), ("raw", raw)];
    if let Some(unknown) =
        wanted.iter().find(|name| *name != "extstore" && !PEERS.iter().any(|peer| peer.0 == **name))
    {
        return Err(Failure::Usage(format!(
            "there is no client {unknown:?}: extstore, python, typescript, raw"
        )));
    }
    let mut clients =
        Clients { ours: ours(project)?, disk: disk(project)?, peers: Vec::new(), missing: BTreeMap::new() };
    for (name, prepare) in PEERS {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| wanted == name) {
            continue;
        }
        let directory = project.target.join("bench").join(name);
        fs::create_dir_all(&directory).while_doing(directory.display())?;
        match prepare(project, &directory) {
            Ok(client) => clients.peers.push(client),
            Err(failure) => {
                println!("not measured: {name}: {failure}");
                clients.missing.insert(name, format!("not measured: {failure}"));
            }
        }
    }
    Ok(clients)
}

fn ours(project: &Project) -> Result<Client, Failure> {
    println!("building the benches in release mode");
    Ok(Client {
        name: "extstore",
        version: format!("extstore-s3 {}", env!("CARGO_PKG_VERSION")),
        program: program::built(project, "extstore-s3", "s3")?,
        args: vec!["cell".into()],
    })
}

/// The disk driver has no peer: the program measures plain files itself.
fn disk(project: &Project) -> Result<Client, Failure> {
    Ok(Client {
        name: "disk",
        version: format!("extstore-disk {}", env!("CARGO_PKG_VERSION")),
        program: program::built(project, "extstore-disk", "disk")?,
        args: vec![project.target.join("bench/disk").into()],
    })
}

/// Installs the official Python driver in an environment of its own.
fn python(project: &Project, directory: &Path) -> Result<Client, Failure> {
    let (python, requirements) = (directory.join("bin/python"), peer(project, "requirements.txt"));
    println!("installing the official Python driver");
    step(project, "venv", Path::new("python3"), &["-m".as_ref(), "venv".as_ref(), directory.as_os_str()])?;
    let install: [&std::ffi::OsStr; 6] = [
        "-m".as_ref(),
        "pip".as_ref(),
        "install".as_ref(),
        "--quiet".as_ref(),
        "-r".as_ref(),
        requirements.as_ref(),
    ];
    step(project, "pip", &python, &install)?;
    let pins = fs::read_to_string(&requirements).while_doing(requirements.display())?;
    let pins: Vec<_> = pins.lines().filter(|line| line.contains("==")).collect();
    Ok(Client {
        name: "python",
        version: format!("{}, {}", pins.join(", "), program::first_line("python3", &["--version"])?),
        program: python,
        args: vec![peer(project, "s3.py").into()],
    })
}

/// Installs the official TypeScript driver. Its packages are found from where the program lies, so that is copied
/// too.
fn typescript(project: &Project, directory: &Path) -> Result<Client, Failure> {
    for file in ["package.json", "s3.js"] {
        fs::copy(peer(project, file), directory.join(file)).while_doing(file)?;
    }
    println!("installing the official TypeScript driver");
    let install: [&std::ffi::OsStr; 5] = [
        "install".as_ref(),
        "--no-audit".as_ref(),
        "--no-fund".as_ref(),
        "--prefix".as_ref(),
        directory.as_os_str(),
    ];
    step(project, "npm", Path::new("npm"), &install)?;
    let manifest = fs::read(directory.join("package.json")).while_doing("package.json")?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).while_doing("package.json")?;
    let pins = manifest["dependencies"].as_object().into_iter().flatten();
    let pins: Vec<_> =
        pins.map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or("?"))).collect();
    Ok(Client {
        name: "typescript",
        version: format!("{}, Node {}", pins.join(", "), program::first_line("node", &["--version"])?),
        program: "node".into(),
        args: vec![directory.join("s3.js").into()],
    })
}

/// Builds a plain HTTP client with SHA-256, of Go's standard library.
fn raw(project: &Project, directory: &Path) -> Result<Client, Failure> {
    let (program, source) = (directory.join("raw"), peer(project, "raw.go"));
    let build: [&std::ffi::OsStr; 4] = ["build".as_ref(), "-o".as_ref(), program.as_ref(), source.as_ref()];
    println!("building the plain HTTP client");
    step(project, "go", Path::new("go"), &build)?;
    Ok(Client { name: "raw", version: program::first_line("go", &["version"])?, program, args: Vec::new() })
}

fn peer(project: &Project, file: &str) -> PathBuf {
    project.root.join("crates/extstore-s3/benches/peers").join(file)
}

fn step(project: &Project, name: &str, program: &Path, args: &[&std::ffi::OsStr]) -> Result<(), Failure> {
    let finished = Step::program(project, &format!("bench-{name}"), program, args).run()?;
    if finished.success {
        return Ok(());
    }
    Err(Failure::Broken(format!(
        "{name} ended with {}; see {}",
        finished.status,
        project.shown(&finished.log)
    )))
}
