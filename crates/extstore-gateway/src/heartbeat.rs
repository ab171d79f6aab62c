//! Adds the types of the storage's drivers to worker heartbeats.

use bytes::{Bytes, BytesMut};
use extstore::ExternalStorage;
use extstore_wire::{Frame, MessageType, Rewrite, Scan, put_bytes};

use crate::exchange::Exchange;
use crate::{Call, peek};

/// Names the field `WorkerHeartbeat.drivers`, a list of `StorageDriverInfo`.
const DRIVERS: u32 = 24;
/// Names the field `StorageDriverInfo.type`.
const TYPE: u32 = 1;

/// Adds the missing driver types to every heartbeat of a request; says whether it added any.
pub(crate) fn add_drivers(storage: &ExternalStorage, scan: &Scan, rewrite: &mut Rewrite<'_>) -> bool {
    let mut added = false;
    for heartbeat in scan.frames().filter(|frame| frame.message() == MessageType::WorkerHeartbeat) {
        let missing = missing(heartbeat, &storage.driver_types());
        if !missing.is_empty() {
            rewrite.append(heartbeat.id(), [missing]);
            added = true;
        }
    }
    added
}

/// Adds them to the heartbeats that a poll brings along. A poll has no payloads, so it is scanned for nothing else.
pub(crate) fn add_drivers_to_poll(exchange: &Exchange, call: Call) -> Call {
    let Some(storage) = exchange.storage() else { return call };
    let Ok(scan) = Scan::select(exchange.rpc.request(), call.body.to_bytes(), |_| false) else {
        return call;
    };
    let mut rewrite = Rewrite::new(&scan);
    let added = add_drivers(storage, &scan, &mut rewrite);
    match rewrite.finish() {
        Ok(body) if added => Call { body, ..call },
        _ => call,
    }
}

/// Returns the encoded list entries that a heartbeat lacks.
fn missing(heartbeat: Frame<'_>, types: &[&str]) -> Bytes {
    let content = heartbeat.content();
    let named: Vec<&[u8]> =
        peek::all(&content, DRIVERS).filter_map(|driver| peek::last(driver, &[TYPE])).collect();
    let mut entries = BytesMut::new();
    for driver_type in types.iter().filter(|driver_type| !named.contains(&driver_type.as_bytes())) {
        let mut entry = BytesMut::new();
        put_bytes(&mut entry, TYPE, driver_type.as_bytes());
        put_bytes(&mut entries, DRIVERS, &entry);
    }
    entries.freeze()
}

#[cfg(test)]
mod tests;
