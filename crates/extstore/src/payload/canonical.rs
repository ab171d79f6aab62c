//! Metadata in the order of its keys, everything else in place.

use bytes::{Bytes, BytesMut};

use super::{Payload, wire};
use crate::Body;

/// Data of this size and above stays a segment of its own instead of being copied.
const SHARE_FROM: usize = 4096;

pub(super) fn sort_metadata(payload: &Payload) -> Payload {
    if payload.0.metadata.is_sorted_by(|a, b| a.0 <= b.0) {
        return payload.clone();
    }
    let body = rebuild(sorted(&payload.0.fields));
    // Whole fields changed places; none was added or cut.
    Payload::parse(body).expect("reordered fields of a well-formed payload are well-formed")
}

/// The metadata fields sorted by key among the places that metadata held. The sort is stable, so
/// the entry that counts among repeated keys stays the last.
fn sorted(fields: &[wire::Field]) -> Vec<&wire::Field> {
    let mut metadata: Vec<&wire::Field> = fields.iter().filter(|f| f.number == wire::METADATA).collect();
    metadata.sort_by(|a, b| a.metadata_key.cmp(&b.metadata_key));
    let mut metadata = metadata.into_iter();
    fields
        .iter()
        .map(|field| if field.number == wire::METADATA { metadata.next().unwrap_or(field) } else { field })
        .collect()
}

fn rebuild(fields: Vec<&wire::Field>) -> Body {
    let mut body = Body::default();
    let mut buffer = BytesMut::new();
    for field in fields {
        buffer.extend_from_slice(&field.head);
        if field.content.len() >= SHARE_FROM {
            body.push(buffer.split().freeze());
            body.push(Bytes::clone(&field.content));
        } else {
            buffer.extend_from_slice(&field.content);
        }
    }
    body.push(buffer.freeze());
    if body.segments().len() < Body::MAX_SEGMENTS { body } else { Body::from(body.to_bytes()) }
}
