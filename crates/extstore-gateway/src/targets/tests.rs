//! Tests the specification's table row by row, with expected targets in the table's form.

use extstore::{ExecutionTarget, NexusTarget, Target};

mod commands;
mod nested;
mod requests;
mod tokens;

/// Makes a workflow target from namespace, type, id and run; empty is absent.
fn workflow(namespace: &str, type_name: &str, id: &str, run_id: &str) -> Option<Target> {
    Some(Target::Workflow(execution(namespace, type_name, id, run_id)))
}

/// Makes an activity target, with the fields in the same order.
fn activity(namespace: &str, type_name: &str, id: &str, run_id: &str) -> Option<Target> {
    Some(Target::Activity(execution(namespace, type_name, id, run_id)))
}

fn nexus(endpoint: &str, service: &str, operation: &str) -> Option<Target> {
    Some(Target::Nexus(NexusTarget::new(endpoint, service, operation)))
}

fn execution(namespace: &str, type_name: &str, id: &str, run_id: &str) -> ExecutionTarget {
    ExecutionTarget::new(namespace).with_type(type_name).with_id(id).with_run_id(run_id)
}
