//! Says which members cargo compiles together.
//!
//! Cargo unites the features of a dependency over all members that one command names, and compiles it once for each
//! set of features. A command that needs one program therefore compiles least with that program's package alone; but a
//! run of many commands would compile most dependencies several times. Such a run sets [`VARIABLE`]: then each command
//! has cargo build the whole workspace, of which the second one finds everything compiled.

/// Holds the features that the whole workspace is built with, separated by commas. Unset, each program is built with its
/// own package alone.
pub(crate) const VARIABLE: &str = "EXTSTORE_WORKSPACE_FEATURES";

/// Turns on xtask's use of containers.
const CONTAINERS: &str = "xtask/containers";

/// Says which members cargo compiles together, and with which features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// The package of the wanted program alone, with its own features.
    Package,
    /// All members.
    Workspace { features: String },
}

impl Selection {
    /// What the environment asks for.
    pub(crate) fn of_environment() -> Self {
        std::env::var(VARIABLE).map_or(Self::Package, |features| Self::Workspace { features })
    }

    /// All members, with the use of containers or without.
    pub(crate) fn workspace(containers: bool) -> Self {
        Self::Workspace { features: if containers { CONTAINERS.to_owned() } else { String::new() } }
    }

    /// Whether xtask itself is compiled with the use of containers.
    pub(crate) fn has_containers(&self) -> bool {
        self.features().is_some_and(|features| features.split(',').any(|feature| feature == CONTAINERS))
    }

    /// The features of the whole workspace, if it is the whole one.
    pub(crate) fn features(&self) -> Option<&str> {
        match self {
            Self::Package => None,
            Self::Workspace { features } => Some(features),
        }
    }

    /// The flags that name all members and the features to cargo.
    pub(crate) fn flags(&self) -> Vec<&str> {
        let mut flags = vec!["--workspace"];
        if let Some(features) = self.features().filter(|features| !features.is_empty()) {
            flags.extend(["--features", features]);
        }
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_named_only_where_there_are_some() {
        assert_eq!(Selection::workspace(false).flags(), ["--workspace"]);
        assert_eq!(Selection::workspace(true).flags(), ["--workspace", "--features", "xtask/containers"]);
    }

    #[test]
    fn only_the_workspace_with_the_feature_has_containers() {
        assert!(Selection::workspace(true).has_containers());
        assert!(!Selection::workspace(false).has_containers() && !Selection::Package.has_containers());
    }
}
