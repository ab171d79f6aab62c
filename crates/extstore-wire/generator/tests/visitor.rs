//! Compares the plan with Temporal's own payload visitor, the one that is generated for Go: a second reading of the same
//! API, usually of a newer version.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

use std::collections::BTreeSet;

use extstore_wire_plan::{compile, generate, visitor};

const VISITED: &str = include_str!("visitor.txt");

/// The positions that the plan does not enter, with the reason.
const NOT_PLANNED: [(&str, &[&str]); 5] = [
    ("the server indexes search attributes", &["SearchAttributes", "IndexedFields"]),
    ("an event that holds search attributes alone", &["UpsertWorkflowSearchAttributesEventAttributes"]),
    ("the server groups counts by values of search attributes", &["Groups", "GroupValues"]),
    (
        "entries of a list that hold search attributes alone",
        &["ListActivityExecutionsResponse Executions", "ListNexusOperationExecutionsResponse Operations"],
    ),
    (
        "newer than the published descriptors that the plan is generated from",
        &[
            "export.v1.ActivityExecution Activity",
            "export.v1.ExportedExecutions Activities",
            "workflowservice.v1.StartActivityExecutionResponse EagerActivityTask",
        ],
    ),
];

/// No RPC carries an export, so no message of the plan leads to it: it is a file that the server writes to a bucket.
const EXPORTED: &str = "export.v1.ExportedExecutions Workflows";

fn visited() -> impl Iterator<Item = &'static str> {
    VISITED.lines().filter(|line| !line.starts_with('#'))
}

/// The positions of the plan, spelled as the visitor's, with the field in lower case.
fn planned() -> BTreeSet<String> {
    let files = generate(&compile(None).unwrap()).unwrap();
    let (mut message, mut planned) = (String::new(), BTreeSet::new());
    for line in files.iter().flat_map(|(_, content)| content.lines()) {
        if let Some(name) = line.strip_prefix("/// `").and_then(|line| line.strip_suffix('`')) {
            name.clone_into(&mut message);
        }
        let Some((kind, rest)) = line.trim_start().split_once('(') else { continue };
        if ["into", "payload", "payloads", "any", "blob"].contains(&kind) {
            let field = rest.split('"').nth(1).unwrap();
            planned.insert(spelled(&message, field));
        }
    }
    planned
}

fn spelled(message: &str, field: &str) -> String {
    format!("{message} {}", field.replace('_', "").to_lowercase())
}

fn reason(position: &str) -> Option<&'static str> {
    let is_listed = |listed: &&str| match listed.contains(' ') {
        true => position.ends_with(*listed),
        false => position.ends_with(&format!(" {listed}")),
    };
    let found = NOT_PLANNED.iter().find(|(_, positions)| positions.iter().any(is_listed));
    found.map(|(reason, _)| *reason).or((position.ends_with(EXPORTED)).then_some("no RPC carries it"))
}

#[test]
fn every_position_that_gos_visitor_enters_is_in_the_plan_or_has_a_reason() {
    let planned = planned();
    assert!(visited().count() > 300, "the visitor enters much");
    for position in visited() {
        let (message, field) = position.split_once(' ').unwrap();
        let is_planned = planned.contains(&spelled(message, field));
        match reason(position) {
            None => assert!(is_planned, "{position} is neither in the plan nor in NOT_PLANNED"),
            Some(reason) => assert!(!is_planned, "{position} is in the plan, and yet: {reason}"),
        }
    }
}

#[test]
fn every_reason_is_needed() {
    for listed in NOT_PLANNED.iter().flat_map(|(_, positions)| *positions).chain([&EXPORTED]) {
        assert!(visited().any(|position| position.ends_with(listed)), "{listed} is not visited");
    }
}

/// Each form in which the visitor enters a field.
#[test]
fn positions_are_read_from_every_form_of_go() {
    let go = "package proxy

func visitPayloads(
\tobjs ...interface{},
) error {
\t\tcase map[string]*common.Payload:
\t\t\tif err := visitPayload(ctx, options, parent, concState, &v); err != nil {
\t\tcase []*command.Command:
\t\t\tfor _, x := range o {
\t\tcase *command.Command:
\t\t\t\to.GetUserMetadata(),
\t\tcase *nexus.StartOperationResponse_Sync:
\t\t\t\tif err := visitPayload(ctx, options, o, concState, &o.Payload); err != nil {
\t\tcase *workflowservice.PollNexusOperationExecutionResponse:
\t\t\tif w, ok := o.Outcome.(*workflowservice.PollNexusOperationExecutionResponse_Result); ok && w.Result != nil {
}
";
    let expected = [
        "temporal.api.command.v1.Command UserMetadata",
        "temporal.api.nexus.v1.StartOperationResponse.Sync Payload",
        "temporal.api.workflowservice.v1.PollNexusOperationExecutionResponse Result",
    ];
    assert!(visitor::positions(go).unwrap().iter().eq(expected));
    visitor::positions("package proxy").unwrap_err();
}
