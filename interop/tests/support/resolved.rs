//! Resolves the payloads of a history, and reads the result, memo and failure that it records.

use std::collections::BTreeMap;

use extstore::Payload;
use extstore_temporal::to_sdk;
use serde_json::Value;
use temporalio_common::data_converters::{DataConverter, SerializationContextData};
use temporalio_common::protos::temporal::api::common::v1 as sdk;
use temporalio_common::protos::temporal::api::failure::v1::failure::FailureInfo;
use temporalio_common::protos::temporal::api::history::v1::History;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use super::payloads;
use super::recorded::Recorded;

/// Resolves every payload of a history with the mount's converter, and compares each reference with the object that it
/// names and any other payload with itself, as the user's own codec decodes them.
pub(crate) async fn history(recorded: &Recorded, mounted: &DataConverter, user: &DataConverter) -> History {
    let mut history = recorded.history.clone();
    let mut references = BTreeMap::new();
    for (before, after) in payloads::decode(&mut history, mounted).await {
        let expected = match payloads::claim(before.clone()) {
            Some(claim) => {
                let key = claim.get("key").expect("S3's claims have a key").to_owned();
                let stored = Payload::decode(recorded.objects[&key].clone()).expect("a stored payload");
                *references.entry(key).or_default() += 1;
                to_sdk(&stored)
            }
            None => before,
        };
        let expected = user.codec().decode(&SerializationContextData::None, vec![expected]).await.unwrap();
        assert!(expected == [after], "a payload differs from what was stored");
    }
    assert_eq!(references, recorded.references, "the history refers to its objects as often as it should");
    history
}

/// Reads the recorded result of the workflow, where it has one.
pub(crate) fn result(history: &History) -> Option<Value> {
    let completed = attributes(history).find_map(|attributes| match attributes {
        Attributes::WorkflowExecutionCompletedEventAttributes(completed) => completed.result.as_ref(),
        _ => None,
    });
    completed.map(|result| json(&result.payloads[0]))
}

/// Reads the type of the workflow, and the SDK whose worker ran it.
pub(crate) fn origin(history: &History) -> (String, String) {
    let (mut kind, mut sdk) = (String::new(), String::new());
    for attributes in attributes(history) {
        match attributes {
            Attributes::WorkflowExecutionStartedEventAttributes(started) => {
                kind = started.workflow_type.clone().unwrap_or_default().name;
            }
            Attributes::WorkflowTaskCompletedEventAttributes(completed) if sdk.is_empty() => {
                sdk = completed.sdk_metadata.clone().unwrap_or_default().sdk_name;
            }
            _ => {}
        }
    }
    (kind, sdk)
}

/// Reads the recorded memo of the workflow.
pub(crate) fn memo(history: &History) -> BTreeMap<String, Value> {
    let started = attributes(history).find_map(|attributes| match attributes {
        Attributes::WorkflowExecutionStartedEventAttributes(started) => started.memo.as_ref(),
        _ => None,
    });
    let fields = &started.expect("the workflow has a memo").fields;
    fields.iter().map(|(name, payload)| (name.clone(), json(payload))).collect()
}

/// Reads the recorded details of the activity's failure.
pub(crate) fn failure_details(history: &History) -> Value {
    let failed = attributes(history).find_map(|attributes| match attributes {
        Attributes::ActivityTaskFailedEventAttributes(failed) => failed.failure.as_ref(),
        _ => None,
    });
    match failed.expect("an activity has failed").failure_info.as_ref() {
        Some(FailureInfo::ApplicationFailureInfo(info)) => json(&info.details.as_ref().unwrap().payloads[0]),
        other => panic!("an application's failure: {other:?}"),
    }
}

fn attributes(history: &History) -> impl Iterator<Item = &Attributes> {
    history.events.iter().filter_map(|event| event.attributes.as_ref())
}

fn json(payload: &sdk::Payload) -> Value {
    serde_json::from_slice(&payload.data).expect("JSON")
}
