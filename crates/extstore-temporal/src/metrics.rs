//! Counts tasks that failed because of storage on the meter of the user's connection, beside the SDK's own counts.

use std::fmt;

use extstore_gateway::{FailedKind, FailedTask};
use temporalio_common::telemetry::metrics::{Counter, MetricKeyValue, MetricParameters, TemporalMeter};

/// The SDK's counters of failed tasks, under the SDK's names and descriptions: a backend merges them with those of the
/// worker.
#[derive(Clone)]
pub(crate) struct FailureCounters {
    meter: TemporalMeter,
    workflow_tasks: Counter,
    activities: Counter,
}

impl FailureCounters {
    pub(crate) fn new(meter: &TemporalMeter) -> Self {
        let counter = |name: &'static str, description: &'static str| {
            meter.counter(MetricParameters::builder().name(name).description(description).build())
        };
        Self {
            workflow_tasks: counter(
                "workflow_task_execution_failed",
                "Count of workflow task execution failures",
            ),
            activities: counter("activity_execution_failed", "Count of activity task execution failures"),
            meter: meter.clone(),
        }
    }

    pub(crate) fn add(&self, task: &FailedTask<'_>) {
        self.count(task.kind, task.namespace, task.reason);
    }

    /// Counts a failure of the data converter, which knows no namespace unless the mount names one.
    pub(crate) fn add_of_codec(&self, kind: FailedKind, namespace: &str) {
        self.count(kind, namespace, "ExternalStorageError");
    }

    fn count(&self, kind: FailedKind, namespace: &str, reason: &'static str) {
        let counter = match kind {
            FailedKind::Workflow => &self.workflow_tasks,
            FailedKind::Activity => &self.activities,
            _ => return,
        };
        let mut meter = self.meter.clone();
        let mut tags = vec![MetricKeyValue::new("failure_reason", reason)];
        if !namespace.is_empty() {
            tags.push(MetricKeyValue::new("namespace", namespace.to_owned()));
        }
        meter.merge_attributes(tags.into());
        counter.add(1, meter.get_default_attributes());
    }
}

impl fmt::Debug for FailureCounters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailureCounters").finish_non_exhaustive()
    }
}
