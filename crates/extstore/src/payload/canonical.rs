//! Puts metadata into the order of its keys and leaves every other field in its place.

use bytes::BytesMut;

use super::{Payload, wire};
use crate::Body;

/// Data of so many bytes or more stays a segment of its own instead of being copied.
const SHARE_FROM: usize = 4096;

/// No SDK writes a payload of more entries than this, and sorting it would take many times the memory of its bytes.
pub(super) const MAX_SORTED: usize = 1 << 16;

pub(super) fn sort_metadata(payload: &Payload) -> Payload {
    let entries = || payload.metadata_entries();
    if entries().is_sorted_by(|a, b| a.0 <= b.0) || entries().nth(MAX_SORTED).is_some() {
        return payload.clone();
    }
    // Whole fields of a payload change places; none is added or cut, so the result is a payload.
    Payload::of(rebuild(payload.body(), &metadata_fields(payload.body())))
}

/// Sorts the metadata fields by key. The sort is stable, so the entry that counts among repeated keys stays the last.
fn metadata_fields(body: &Body) -> Vec<(&str, &[u8])> {
    let metadata = wire::known(body).filter(|field| field.number == wire::METADATA);
    let mut fields: Vec<(&str, &[u8])> = metadata
        .map_while(|field| wire::entry(field.content).ok().map(|(key, _)| (key, field.head)))
        .collect();
    fields.sort_by_key(|(key, _)| *key);
    fields
}

/// Writes the same fields, with the sorted metadata in the places that metadata held.
fn rebuild(original: &Body, metadata: &[(&str, &[u8])]) -> Body {
    let mut metadata = metadata.iter();
    let mut body = Body::default();
    let mut buffer = BytesMut::with_capacity(copied_len(original));
    for field in wire::known(original) {
        let next = if field.number == wire::METADATA { metadata.next() } else { None };
        buffer.extend_from_slice(next.map_or(field.head, |(_, head)| *head));
        if is_shared(&field) {
            body.push(buffer.split().freeze());
            body.push(field.shared());
        } else if field.number == wire::DATA {
            buffer.extend_from_slice(field.content);
        }
    }
    body.push(buffer.freeze());
    if body.segments().len() < Body::MAX_SEGMENTS { body } else { Body::from(body.to_bytes()) }
}

fn is_shared(field: &wire::Field<'_>) -> bool {
    field.number == wire::DATA && field.content.len() >= SHARE_FROM
}

fn copied_len(body: &Body) -> usize {
    let shared: usize = wire::known(body).filter(is_shared).map(|field| field.content.len()).sum();
    body.len() - shared
}
