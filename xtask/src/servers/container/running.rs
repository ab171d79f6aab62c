//! Starts and stops containers with testcontainers.

use std::fs;
use std::net::{SocketAddr, TcpListener};

use testcontainers::bollard::models::{HostConfig, PortBinding};
use testcontainers::core::IntoContainerPort;
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, ContainerRequest, GenericImage, ImageExt};
use tokio::runtime::Runtime;

use crate::failure::{Failure, While};
use crate::process::Variables;
use crate::project::Project;
use crate::servers::backends::{Backend, Launch};
use crate::servers::{engine, images, ready};

/// Holds a server that runs until [`Running::stop`], or until it is dropped.
pub(crate) struct Running {
    /// The container; `None` once it was removed.
    container: Option<ContainerAsync<GenericImage>>,
    variables: Variables,
    log: std::path::PathBuf,
    runtime: Runtime,
}

impl Running {
    /// Returns the variables that tell a test where the server is.
    pub(crate) fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// Keeps the server's log, in which the canary is searched for too, and removes the container.
    pub(crate) fn stop(mut self) -> Result<(), Failure> {
        self.remove()
    }

    fn remove(&mut self) -> Result<(), Failure> {
        let Some(container) = self.container.take() else { return Ok(()) };
        let kept = engine::log(container.id())
            .and_then(|log| fs::write(&self.log, log).while_doing(self.log.display()));
        self.runtime.block_on(container.rm()).while_doing("removing the container")?;
        kept
    }
}

/// testcontainers removes a dropped container too, but only inside its runtime.
impl Drop for Running {
    fn drop(&mut self) {
        if let Err(failure) = self.remove() {
            eprintln!("xtask: {failure}");
        }
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
    let id = container.id().to_owned();
    let variables = backend.variables(address, &id, &launch);
    let log = project.logs().join(format!("container-{}.log", backend.name));
    let running = Running { container: Some(container), variables, log, runtime };
    for condition in launch.ready {
        ready::wait(condition, address, &id, launch.startup_timeout)?;
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
    let binding = PortBinding { host_ip: Some("127.0.0.1".into()), host_port: Some(host_port.to_string()) };
    host.publish_all_ports = Some(false);
    host.port_bindings = Some([(port.to_owned(), Some(vec![binding]))].into());
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
