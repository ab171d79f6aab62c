//! Metadata in the order of its keys, everything else in place.

use bytes::{Bytes, BytesMut};

use super::{Payload, wire};
use crate::{Body, Result};

/// Data of this size and above stays a segment of its own instead of being copied.
const SHARE_FROM: usize = 4096;

pub(super) fn sort_metadata(payload: &Payload) -> Payload {
    if payload.0.metadata.is_sorted_by(|a, b| a.0 <= b.0) {
        return payload.clone();
    }
    let sorted = metadata_fields(payload.body()).and_then(|metadata| rebuild(payload.body(), metadata));
    // Whole fields of a well-formed payload changed places; none was added or cut.
    sorted.and_then(Payload::parse).expect("reordered fields of a well-formed payload are well-formed")
}

/// The metadata fields sorted by key. The sort is stable, so the entry that counts among repeated keys stays the last.
fn metadata_fields(body: &Body) -> Result<Vec<Bytes>> {
    let mut fields = Vec::new();
    wire::walk(body, |field| {
        if field.number == wire::METADATA {
            fields.push((field.metadata_key()?, field.head));
        }
        Ok(())
    })?;
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(fields.into_iter().map(|(_, field)| field).collect())
}

/// The same fields, with the sorted metadata in the places that metadata held.
fn rebuild(original: &Body, metadata: Vec<Bytes>) -> Result<Body> {
    let mut metadata = metadata.into_iter();
    let mut body = Body::default();
    let mut buffer = BytesMut::new();
    wire::walk(original, |field| {
        let next = if field.number == wire::METADATA { metadata.next() } else { None };
        buffer.extend_from_slice(next.as_ref().unwrap_or(&field.head));
        if field.number == wire::DATA && field.content.len() >= SHARE_FROM {
            body.push(buffer.split().freeze());
            body.push(field.content);
        } else if field.number == wire::DATA {
            buffer.extend_from_slice(&field.content);
        }
        Ok(())
    })?;
    body.push(buffer.freeze());
    Ok(if body.segments().len() < Body::MAX_SEGMENTS { body } else { Body::from(body.to_bytes()) })
}
