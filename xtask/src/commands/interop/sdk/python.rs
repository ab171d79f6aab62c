//! Prepares the official Python SDK, with its S3 driver in `temporalio.contrib.aws.s3driver`.

use super::{Program, install, once, places, tool};
use crate::failure::Failure;
use crate::process::Step;
use crate::project::Project;

const NEED: &str = "Python 3.11 with pip (on Debian: apt-get install python3 python3-pip)";
const RECENT: &str = "import sys; sys.exit(sys.version_info < (3, 11))";

pub(super) fn prepare(project: &Project) -> Result<Result<Program, String>, Failure> {
    if let Err(missing) =
        tool("python3", &["-c", RECENT], NEED).and(tool("python3", &["-m", "pip", "--version"], NEED))
    {
        return Ok(Err(missing));
    }
    let (sources, built) = places(project, "python")?;
    let (requirements, site) = (sources.join("requirements.txt"), built.join("site"));
    once(&built.join("installed"), std::slice::from_ref(&requirements), || {
        // A directory of its own rather than a virtual environment, for which a Debian may lack a package.
        let args = ["-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target"];
        let args = args.map(Into::into).into_iter();
        let args = args.chain([
            site.clone().into_os_string(),
            "--requirement".into(),
            requirements.as_os_str().into(),
        ]);
        install(
            Step::program(project, "interop-python-install", "python3", args),
            "installing the Python SDK; is the package index reachable?",
        )
    })?;
    let program = Program::new("python3").arg(sources.join("peer.py"));
    Ok(Ok(program.env("PYTHONPATH", site).env("PYTHONDONTWRITEBYTECODE", "1")))
}
