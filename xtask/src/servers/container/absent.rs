//! Stands in for containers in a binary without them, so that commands read the same either way.

use crate::failure::Failure;
use crate::project::Project;
use crate::servers::backends::Backend;

/// Stands for a server, which cannot exist in this binary.
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
