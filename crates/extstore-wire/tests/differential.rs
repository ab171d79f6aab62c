//! Compares the engine with a walk over decoded messages, for every message of the API, populated at every leaf.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

mod support;

use std::collections::BTreeSet;

use bytes::Bytes;
use extstore_wire::{Capture, Found, MessageType, Rpc, Scan, Visitor, walk};
use extstore_wire_plan::prost_reflect::prost::Message as _;
use extstore_wire_plan::prost_reflect::{DynamicMessage, Kind, MessageDescriptor};
use support::population::Population;
use support::{check, descriptor, oracle, pool};

/// As many as the longest oneof outside lists has arms.
const VARIANTS: usize = 12;

#[test]
fn every_message_gives_the_payloads_that_decoding_it_gives() {
    let mut payloads = 0;
    for message in MessageType::ALL {
        for variant in 0..VARIANTS {
            let populated = Population::new(variant).message(&descriptor(message.full_name()));
            let bytes = Bytes::from(populated.encode_to_vec());
            let found = found(message, &bytes);
            assert_eq!(found, oracle::payloads(&populated), "{message:?} {variant}");
            assert!(message.bears_payloads() || found.is_empty(), "{message:?}");
            payloads += found.len();
        }
    }
    // Far fewer would mean that the messages are not full.
    assert!(payloads > 50_000, "{payloads}");
}

#[test]
fn messages_outside_the_plan_have_no_payloads() {
    let outside = pool().all_messages().filter(is_temporal).filter(|message| {
        MessageType::find(message.full_name()).is_none_or(|message| !message.bears_payloads())
    });
    for message in outside {
        for variant in 0..VARIANTS {
            let populated = Population::new(variant).message(&message);
            assert_eq!(oracle::payloads(&populated), [], "{}", message.full_name());
        }
    }
}

#[test]
fn every_payload_field_of_the_api_is_reached() {
    struct Reached(BTreeSet<(&'static str, u32)>);
    impl Visitor for Reached {
        fn payload(&mut self, found: &Found<'_>) {
            self.0.insert((found.parent.full_name(), found.field.number));
        }
    }
    let mut reached = Reached(BTreeSet::new());
    for message in MessageType::ALL {
        let populated = Population::new(0).message(&descriptor(message.full_name()));
        walk(message, &populated.encode_to_vec(), &mut reached).unwrap();
    }
    let reached: BTreeSet<String> =
        reached.0.iter().map(|(message, number)| format!("{message} {number}")).collect();
    assert_eq!(reached, payload_fields());
}

#[test]
fn offloading_and_restoring_gives_the_same_bytes() {
    for message in MessageType::ALL.into_iter().filter(|message| message.bears_payloads()) {
        for variant in 0..3 {
            let populated = Population::new(variant).message(&descriptor(message.full_name()));
            let bytes = Bytes::from(populated.encode_to_vec());
            let offloaded = check::rewrites(message, &bytes);
            assert_eq!(check::restore(message, &bytes, &offloaded), bytes, "{message:?}");
            let decoded = DynamicMessage::decode(descriptor(message.full_name()), offloaded.clone()).unwrap();
            assert_eq!(found(message, &offloaded), oracle::payloads(&decoded), "{message:?}");
        }
    }
}

#[test]
fn every_request_says_its_namespace_and_what_it_is_about() {
    for rpc in Rpc::all() {
        let request = descriptor(rpc.request().full_name());
        let populated = Population::new(1).message(&request);
        let scan = Scan::all(rpc.request(), populated.encode_to_vec()).unwrap();
        for (name, capture) in [
            ("namespace", Capture::Namespace),
            ("workflow_id", Capture::WorkflowId),
            ("run_id", Capture::RunId),
            ("activity_id", Capture::ActivityId),
            ("resource_id", Capture::ResourceId),
            ("endpoint", Capture::Endpoint),
        ] {
            let expected = populated.get_field_by_name(name).map(|value| value.as_str().unwrap().to_owned());
            let nested = expected.is_none() && scan.root().text(capture).is_some();
            assert!(nested || scan.root().text(capture).map(str::to_owned) == expected, "{rpc:?} {name}");
        }
        let token = populated.get_field_by_name("task_token").map(|value| value.as_bytes().unwrap().clone());
        assert_eq!(scan.root().bytes(Capture::TaskToken), token, "{rpc:?}");
    }
}

/// Returns the engine's payloads in the oracle's form.
fn found(message: MessageType, bytes: &Bytes) -> Vec<oracle::Found> {
    let scan = Scan::all(message, bytes.clone()).unwrap();
    let mut found: Vec<_> = scan
        .leaves()
        .iter()
        .map(|leaf| {
            let mut path = vec![leaf.field()];
            path.extend(scan.frame(leaf.frame()).ancestors().map(|frame| frame.field()));
            // The outermost message is in no field.
            path.pop();
            path.reverse();
            (path, scan.payload(leaf).to_vec())
        })
        .collect();
    found.sort();
    found
}

/// Returns the API's own messages. Those of the server's replication are in no package of it.
fn is_temporal(message: &MessageDescriptor) -> bool {
    message.full_name().starts_with("temporal.api.") || message.full_name().starts_with("google.rpc.")
}

/// Returns message and number of every field that is a payload and is user data.
fn payload_fields() -> BTreeSet<String> {
    let messages = pool().all_messages().filter(is_temporal).collect::<Vec<_>>();
    let fields = messages.iter().flat_map(|message| message.fields().collect::<Vec<_>>());
    fields
        .filter(|field| {
            let is_payload = |kind: Kind| {
                kind.as_message().is_some_and(|m| m.full_name() == "temporal.api.common.v1.Payload")
            };
            is_payload(field.kind()) && oracle::is_user_data(field)
        })
        .map(|field| format!("{} {}", field.parent_message().full_name(), field.number()))
        .collect()
}
