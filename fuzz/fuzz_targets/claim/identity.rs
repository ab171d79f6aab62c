//! Makes the identities of executions that read a payload again.

use extstore::{ExecutionTarget, NexusTarget, SelectContext, Target};

use crate::support::Choices;

/// Makes a target with arbitrary names.
pub(crate) fn any(choices: &mut Choices<'_>) -> SelectContext {
    let select = SelectContext::new().with_namespace(Some(&choices.text()));
    let kind = choices.below(4);
    let target = match kind {
        0 => None,
        1 => Some(Target::Nexus(NexusTarget::new(choices.text(), choices.text(), choices.text()))),
        _ => {
            let execution =
                ExecutionTarget::new(choices.text()).with_type(choices.text()).with_id(choices.text());
            let execution = execution.with_run_id(choices.text());
            Some(if kind == 2 { Target::Workflow(execution) } else { Target::Activity(execution) })
        }
    };
    select.with_target(target)
}

/// Says whether one key may serve both: an empty name is written `null`, and only the namespace is in the keys of
/// payloads without an execution. Nothing is promised of keys that were shortened because the store could not take
/// them.
pub(crate) fn alike(one: &SelectContext, other: &SelectContext, names: impl Fn(&str) -> bool) -> bool {
    let parts = |select: &SelectContext| match select.target() {
        Some(Target::Workflow(e)) => Some((0, [&e.namespace, &e.type_name, &e.id, &e.run_id].map(named))),
        Some(Target::Activity(e)) => Some((1, [&e.namespace, &e.type_name, &e.id, &e.run_id].map(named))),
        _ => None,
    };
    // In a key an ambient namespace never fills the empty namespace of an execution.
    let namespace = |select: &SelectContext| match select.target() {
        Some(Target::Workflow(e) | Target::Activity(e)) => Some(named(&e.namespace)),
        _ => select.namespace().map(named),
    };
    let is_short = !names("wi") && !names("ai");
    (parts(one) == parts(other) || is_short) && (namespace(one) == namespace(other) || !names("ns"))
}

fn named(name: impl AsRef<str>) -> String {
    let name = name.as_ref();
    if name.is_empty() { "null".to_owned() } else { name.to_owned() }
}
