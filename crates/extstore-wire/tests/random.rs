//! Tests seeded random messages, which are the same in every run: full ones with bytes changed, and trees of random
//! fields.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

mod support;

use bytes::Bytes;
use extstore_wire::MessageType;
use extstore_wire_plan::prost_reflect::prost::Message as _;
use extstore_wire_plan::prost_reflect::{DynamicMessage, MessageDescriptor};
use fastrand::Rng;
use support::population::Population;
use support::{check, descriptor, hand};

/// Lists messages with everything that the scanner treats specially: lists, maps, bytes that are messages, envelopes.
const TYPES: [MessageType; 8] = [
    MessageType::RespondWorkflowTaskFailedRequest,
    MessageType::StartWorkflowExecutionRequest,
    MessageType::ExecuteMultiOperationResponse,
    MessageType::StartNexusOperationExecutionRequest,
    MessageType::Command,
    MessageType::HistoryEvent,
    MessageType::Failure,
    MessageType::RpcStatus,
];

#[test]
fn changed_messages_are_rewritten_or_refused_as_prost_refuses_them() {
    let mut rng = Rng::with_seed(0x00e5_7045);
    let mut count = Count::default();
    for message in TYPES {
        for variant in 0..3 {
            let whole = Population::new(variant).message(&descriptor(message.full_name())).encode_to_vec();
            for _ in 0..60 {
                let bytes = changed(&whole, &mut rng);
                count.try_one(message, bytes, &mut rng);
            }
        }
    }
    assert!(count.scanned > 100 && count.refused > 100 && count.payloads > 1_000, "{count:?}");
}

#[test]
fn trees_of_random_fields_are_rewritten_or_refused_as_prost_refuses_them() {
    let mut rng = Rng::with_seed(0x0074_ee55);
    let mut count = Count::default();
    for round in 0..6_000 {
        let message = TYPES[round % TYPES.len()];
        let root = descriptor(message.full_name());
        let bytes = tree(Some(&root), &mut rng, 9);
        count.try_one(message, bytes, &mut rng);
    }
    assert!(count.scanned > 2_000 && count.payloads > 1_000, "{count:?}");
}

#[derive(Debug, Default)]
struct Count {
    scanned: usize,
    refused: usize,
    payloads: usize,
}

impl Count {
    fn try_one(&mut self, message: MessageType, bytes: Vec<u8>, rng: &mut Rng) {
        let bytes = Bytes::from(bytes);
        match check::holds(message, &bytes, &mut || rng.u8(..)) {
            Ok(payloads) => {
                self.scanned += 1;
                self.payloads += payloads;
            }
            Err(fault) => {
                self.refused += 1;
                let decoded = DynamicMessage::decode(descriptor(message.full_name()), bytes);
                assert!(decoded.is_err(), "{message:?}: {fault}, and prost reads it");
            }
        }
    }
}

/// Flips, removes, doubles or cuts off a few of the bytes.
fn changed(whole: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..rng.usize(1..4) {
        let at = rng.usize(..bytes.len());
        let to = (at + rng.usize(..20)).min(bytes.len());
        match rng.u8(..5) {
            0 => bytes[at] = rng.u8(..),
            1 => bytes[at] ^= 1 << rng.u8(..8),
            2 => drop(bytes.drain(at..to)),
            3 => bytes.extend_from_slice(&whole[at.min(whole.len())..to.min(whole.len())]),
            _ => bytes.truncate(at.max(1)),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// Makes well-formed fields in any order and any number: mostly those of a message, in all encodings.
fn tree(message: Option<&MessageDescriptor>, rng: &mut Rng, depth: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..rng.usize(0..5) {
        let known: Vec<_> = message.map(|message| message.fields().collect()).unwrap_or_default();
        let field = if known.is_empty() { None } else { Some(&known[rng.usize(..known.len())]) };
        let number = field.map_or(rng.u64(1..400), |field| field.number().into());
        let kind = field.map(|field| field.kind());
        let inner = kind.as_ref().and_then(|kind| kind.as_message());
        out.extend(match rng.u8(..12) {
            0 => hand::int(number, rng.u64(..)),
            1 if depth > 0 => hand::group(number, tree(inner, rng, depth - 1)),
            2 => hand::padded(number, value(inner, rng, depth)),
            _ => hand::len(number, value(inner, rng, depth)),
        });
    }
    out
}

fn value(message: Option<&MessageDescriptor>, rng: &mut Rng, depth: usize) -> Vec<u8> {
    match message.map(MessageDescriptor::full_name) {
        Some("temporal.api.common.v1.Payload") if rng.bool() => hand::payload("leaf"),
        Some(_) if depth > 0 => tree(message, rng, depth - 1),
        Some(_) => Vec::new(),
        None => b"text".to_vec(),
    }
}
