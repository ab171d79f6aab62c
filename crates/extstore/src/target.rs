//! Names the execution that reads a payload again.

/// Names the execution that must read a payload again, principally during replay.
///
/// A target is neither ownership nor a retention rule: never decide from it when an object may be
/// deleted. Fields are what the call site knew; an empty string is the same as not known. A driver
/// must accept kinds that it does not know, so keep a wildcard arm.  (ES-014)
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Target {
    /// A workflow execution.
    Workflow(ExecutionTarget),
    /// A standalone activity. An activity that a workflow scheduled has the workflow as its target.
    Activity(ExecutionTarget),
    /// A Nexus operation; its handler's namespace is not known to the caller.
    Nexus(NexusTarget),
}

/// Identifies a workflow or a standalone activity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ExecutionTarget {
    /// The namespace of the execution, which may differ from the ambient one.
    pub namespace: String,
    /// Workflow type or activity type.
    pub type_name: String,
    /// Workflow id or activity id.
    pub id: String,
    /// The run, which a request that starts something does not have yet.
    pub run_id: String,
}

/// Identifies a Nexus operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct NexusTarget {
    /// The Nexus endpoint's name.
    pub endpoint: String,
    /// The Nexus service's name.
    pub service: String,
    /// The Nexus operation's name.
    pub operation: String,
}

impl ExecutionTarget {
    /// Makes an execution of which only the namespace is known.
    pub fn new(namespace: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), ..Self::default() }
    }

    /// Adds the workflow or activity type.
    #[must_use]
    pub fn with_type(mut self, type_name: impl Into<String>) -> Self {
        self.type_name = type_name.into();
        self
    }

    /// Adds the workflow or activity id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Adds the run id.
    #[must_use]
    pub fn with_run_id(mut self, run_id: impl Into<String>) -> Self {
        self.run_id = run_id.into();
        self
    }
}

impl NexusTarget {
    /// Returns the three names that identify an operation.
    pub fn new(
        endpoint: impl Into<String>,
        service: impl Into<String>,
        operation: impl Into<String>,
    ) -> Self {
        Self { endpoint: endpoint.into(), service: service.into(), operation: operation.into() }
    }
}

impl Target {
    /// Makes a workflow target of which namespace, type and id are known.
    pub fn workflow(
        namespace: impl Into<String>,
        type_name: impl Into<String>,
        id: impl Into<String>,
    ) -> Self {
        Self::Workflow(ExecutionTarget::new(namespace).with_type(type_name).with_id(id))
    }

    /// Makes the target of a standalone activity of which namespace, type and id are known.
    pub fn activity(
        namespace: impl Into<String>,
        type_name: impl Into<String>,
        id: impl Into<String>,
    ) -> Self {
        Self::Activity(ExecutionTarget::new(namespace).with_type(type_name).with_id(id))
    }
}
