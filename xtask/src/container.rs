//! Starts a backend in a container for as long as a command needs it.
//!
//! testcontainers costs a minute of compilation, so it hides behind the feature `containers`. A command first calls
//! [`compiled_in`], before it does anything else; `main` answers its refusal by running the command again with the
//! feature.

use std::ffi::OsString;
use std::process::Command;

use crate::canary;
use crate::failure::{Failure, Outcome, Verdict, While};
use crate::project::{Project, cargo};

/// Says whether this binary can start containers; if not, `main` runs it again as one that can.
pub(crate) fn compiled_in() -> Result<(), Failure> {
    if cfg!(feature = "containers") { Ok(()) } else { Err(Failure::NeedsContainers) }
}

/// Runs the same command line with the feature `containers`.
pub(crate) fn run_again_with_containers(project: &Project, args: &[OsString]) -> Outcome {
    eprintln!("xtask: this needs containers; compiling with them takes a minute the first time");
    let status = Command::new(cargo())
        .args(["run", "--quiet", "--package", "xtask", "--features", "containers", "--"])
        .args(args)
        .env(canary::VARIABLE, project.canary.word())
        .status()
        .while_doing("starting cargo run")?;
    match status.code() {
        Some(2) => Err(Failure::Usage("see the message above".to_owned())),
        _ => Ok(Verdict::of(status.success())),
    }
}

#[cfg(feature = "containers")]
pub(crate) use with_containers::start;

#[cfg(not(feature = "containers"))]
pub(crate) use without_containers::start;

#[cfg(not(feature = "containers"))]
mod without_containers {
    use crate::backends::Backend;
    use crate::failure::Failure;
    use crate::project::Project;

    /// A server that cannot exist in this binary.
    pub(crate) enum Running {}

    impl Running {
        pub(crate) fn variables(&self) -> &[(String, String)] {
            match *self {}
        }

        pub(crate) fn stop(self) -> Result<(), Failure> {
            match self {}
        }
    }

    pub(crate) fn start(_: &Project, _: &Backend) -> Result<Running, Failure> {
        Err(Failure::NeedsContainers)
    }
}

#[cfg(feature = "containers")]
mod with_containers {
    use std::fs;
    use std::net::{SocketAddr, TcpListener};

    use testcontainers::bollard::models::{HostConfig, PortBinding};
    use testcontainers::core::IntoContainerPort;
    use testcontainers::runners::AsyncRunner;
    use testcontainers::{ContainerAsync, ContainerRequest, GenericImage, ImageExt};
    use tokio::runtime::Runtime;

    use crate::backends::{Backend, Launch};
    use crate::failure::{Failure, While};
    use crate::process::Variables;
    use crate::project::Project;
    use crate::{engine, images, ready};

    /// A server that runs until [`Running::stop`], or until it is dropped.
    pub(crate) struct Running {
        // Declared before the runtime, which must still be there when the container is dropped.
        container: ContainerAsync<GenericImage>,
        variables: Variables,
        log: std::path::PathBuf,
        runtime: Runtime,
    }

    impl Running {
        /// The variables that tell a test where the server is.
        pub(crate) fn variables(&self) -> &[(String, String)] {
            &self.variables
        }

        /// Keeps the server's log, in which the canary is searched for too, and removes the container.
        pub(crate) fn stop(self) -> Result<(), Failure> {
            fs::write(&self.log, engine::log(self.container.id())?).while_doing(self.log.display())?;
            self.runtime.block_on(self.container.rm()).while_doing("removing the container")
        }
    }

    /// Starts the backend, after its image was built if it was absent.
    pub(crate) fn start(project: &Project, backend: &Backend) -> Result<Running, Failure> {
        engine::sweep()?;
        images::ensure(project, backend)?;
        fs::create_dir_all(project.logs()).while_doing("making the directory of logs")?;
        let runtime = Runtime::new().while_doing("starting a runtime")?;
        let launch = (backend.launch)(&project.canary)?;
        let host_port = free_port().while_doing("finding a free port")?;
        let started = runtime.block_on(request(backend, &launch, host_port).start());
        let container = started.while_doing(format!("starting {}", backend.image()))?;
        let address = SocketAddr::from(([127, 0, 0, 1], host_port));
        let mut variables = backend.variables(address, container.id());
        variables.extend(launch.variables);
        let log = project.logs().join(format!("container-{}.log", backend.name));
        let running = Running { container, variables, log, runtime };
        for condition in launch.ready {
            ready::wait(condition, address, running.container.id(), launch.startup_timeout)?;
        }
        Ok(running)
    }

    fn request(backend: &Backend, launch: &Launch, host_port: u16) -> ContainerRequest<GenericImage> {
        let port = backend.port.tcp();
        let image = GenericImage::new(backend.repository().as_str(), backend.version)
            .with_exposed_port(port)
            .with_cmd(launch.args.clone())
            .with_label(engine::OWNER_LABEL, std::process::id().to_string())
            .with_startup_timeout(launch.startup_timeout)
            .with_host_config_modifier(move |host| publish(host, &port.to_string(), host_port));
        let put = |image: ContainerRequest<_>, (path, content): &(&str, Vec<u8>)| {
            image.with_copy_to(*path, content.clone())
        };
        launch.files.iter().fold(image, put)
    }

    /// Publishes the port on the loopback interface alone, and under one number: with a number that docker chooses, a
    /// test that kills and starts the server again would find it under another.
    fn publish(host: &mut HostConfig, port: &str, host_port: u16) {
        let binding =
            PortBinding { host_ip: Some("127.0.0.1".into()), host_port: Some(host_port.to_string()) };
        host.publish_all_ports = Some(false);
        host.port_bindings = Some([(port.to_owned(), Some(vec![binding]))].into());
    }

    fn free_port() -> std::io::Result<u16> {
        Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
    }
}
