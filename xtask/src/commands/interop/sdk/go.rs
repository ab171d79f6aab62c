//! Prepares the official Go SDK, with its S3 driver in `go.temporal.io/sdk/contrib/aws/s3driver`.

use super::{Program, install, places, tool};
use crate::failure::Failure;
use crate::process::Step;
use crate::project::Project;

const NEED: &str = "Go 1.21 or newer, which fetches the version that go.mod asks for";

pub(super) fn prepare(project: &Project) -> Result<Result<Program, String>, Failure> {
    if let Err(missing) = tool("go", &["version"], NEED) {
        return Ok(Err(missing));
    }
    let (sources, built) = places(project, "go")?;
    let program = built.join("peer");
    let args = [
        "build".into(),
        "-C".into(),
        sources.into_os_string(),
        "-o".into(),
        program.clone().into_os_string(),
    ];
    // Writable modules, so that the target directory can be removed like any other.
    let step = Step::program(project, "interop-go-build", "go", args)
        .env("GOFLAGS", "-mod=readonly -modcacherw -buildvcs=false")
        .env("GOMODCACHE", built.join("modules"))
        .env("GOCACHE", built.join("cache"));
    install(step, "building the peer in Go; is the module proxy reachable?")?;
    Ok(Ok(Program::new(program)))
}
