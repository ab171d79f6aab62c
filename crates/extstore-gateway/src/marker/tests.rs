//! Asks the core's own readers which details of its markers they need, and compares that with what stays inline.

use std::collections::HashMap;

use extstore_wire::Rpc;
use temporalio_protos::constants::{LOCAL_ACTIVITY_MARKER_NAME, PATCH_MARKER_NAME};
use temporalio_protos::coresdk::common::{
    build_has_change_marker_details, build_local_activity_marker_details, decode_change_marker_details,
    extract_local_activity_marker_details,
};
use temporalio_protos::coresdk::external_data::LocalActivityMarkerData;
use temporalio_protos::temporal::api::command::v1::command::Attributes;
use temporalio_protos::temporal::api::command::v1::{Command, RecordMarkerCommandAttributes};
use temporalio_protos::temporal::api::common::v1::Payloads;
use temporalio_protos::temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest;

use crate::testing::{LARGE, Recorder, is_reference, payload, payloads};

type Details = HashMap<String, Payloads>;

/// Returns what the core reads of a marker's details, in words.
type Reader = fn(&Details) -> String;

/// Reads the marker as the core does. The core gives the result to the workflow as it stands, so a reference in its
/// place is no difference to the core.
fn local_activity(details: &Details) -> String {
    format!("{:?}", extract_local_activity_marker_details(&mut details.clone()).0)
}

fn patch(details: &Details) -> String {
    format!("{:?}", decode_change_marker_details(details))
}

/// Makes the details that the core writes: with the functions that its state machines call, and with the arguments that
/// a local activity's machine adds by itself where `include_arguments_in_marker` is set.
fn markers() -> [(&'static str, Details, Reader); 3] {
    let long = "x".repeat(LARGE);
    let data = LocalActivityMarkerData { seq: 1, activity_id: long.clone(), ..Default::default() };
    let mut activity = build_local_activity_marker_details(data, Some(payload(LARGE)));
    activity.insert("input".into(), payloads(LARGE).unwrap());
    let change = build_has_change_marker_details(long, false).unwrap();
    let plain: Details = [("patch_id", LARGE), ("deprecated", LARGE)]
        .map(|(key, size)| (key.to_owned(), payloads(size).unwrap()))
        .into();
    [
        (LOCAL_ACTIVITY_MARKER_NAME, activity, local_activity),
        (PATCH_MARKER_NAME, change, patch),
        (PATCH_MARKER_NAME, plain, patch),
    ]
}

#[tokio::test]
async fn what_the_core_reads_of_its_markers_stays_inline_and_everything_else_leaves() {
    for (name, details, read) in markers() {
        assert_ne!(read(&details), format!("{:?}", None::<()>), "{name} is a marker of the core");
        let sent = sent(name, &details).await;
        assert_eq!(read(&sent), read(&details), "{name}");
        for (key, value) in &details {
            let mut without = details.clone();
            without.insert(key.clone(), Payloads { payloads: vec![payload(1)] });
            let needed = name == PATCH_MARKER_NAME || read(&without) != read(&details);
            assert_eq!(is_reference(&sent[key].payloads[0]), !needed, "{name} {key}");
            assert!(needed == (sent[key] == *value), "{name} {key}");
        }
    }
}

/// A newer core may read whatever it writes.
#[tokio::test]
async fn a_marker_of_a_newer_core_stays_inline() {
    let details: Details = [("anything".to_owned(), payloads(LARGE).unwrap())].into();
    assert_eq!(sent("core_newer", &details).await, details);
}

/// Sends the marker in a workflow task's completion, and returns its details as Temporal gets them.
async fn sent(name: &str, details: &Details) -> Details {
    let marker = RecordMarkerCommandAttributes {
        marker_name: name.into(),
        details: details.clone(),
        ..Default::default()
    };
    let attributes = Some(Attributes::RecordMarkerCommandAttributes(marker));
    let request = RespondWorkflowTaskCompletedRequest {
        commands: vec![Command { attributes, ..Default::default() }],
        ..Default::default()
    };
    let mut sent = Recorder::new().sent(Rpc::RespondWorkflowTaskCompleted, &request).await;
    let Some(Attributes::RecordMarkerCommandAttributes(marker)) = sent.commands.remove(0).attributes else {
        panic!("the command stays")
    };
    marker.details
}
