//! Finds the target of a task whose token is unknown: by the resource id, which SDKs send for routing.

use extstore::{ExecutionTarget, Target};

use crate::exchange::Exchange;
use crate::identity::named;
use crate::task_rpc::TaskRpc;

/// Returns the workflow that completes a task or that scheduled the activity, or the standalone activity: namespace and
/// id, because the resource id says no more.
///
/// Only the two published forms count, `workflow:ID` and `activity:ID`. Other text may be the id of either.
pub(super) fn target(exchange: &Exchange) -> Option<Target> {
    if !exchange.task_rpc.is_some_and(TaskRpc::is_routed_by_resource_id) {
        return None;
    }
    let (kind, id) = exchange.resource_id().split_once(':')?;
    let execution = ExecutionTarget::new(exchange.caller.namespace.clone()).with_id(id);
    match kind {
        "workflow" => named(Target::Workflow, execution),
        "activity" => named(Target::Activity, execution),
        _ => None,
    }
}
