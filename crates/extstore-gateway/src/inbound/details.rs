//! Restores payloads in the details of an error status, such as those of a failed query.

use extstore::{Error, Event, Payload};
use extstore_wire::{MessageType, Rewrite};

use super::references::{self, restore_with};
use crate::Status;
use crate::exchange::Exchange;

/// Restores the references in a status. Where that fails, the caller gets the status unchanged: a failure of storage in
/// its place would hide the server's error.
pub(super) async fn restore(exchange: &Exchange, status: Status) -> Status {
    if status.details.is_empty() {
        return status;
    }
    match restored(exchange, &status).await {
        Ok(Some(details)) => Status { details, ..status },
        Ok(None) => status,
        Err(error) => {
            tracing::warn!(
                rpc = exchange.rpc.method(),
                "the details of a status stay as they stand: {error}"
            );
            exchange.observe(&Event::failed("request", error.kind(), false));
            status
        }
    }
}

/// Returns the details with their payloads restored; none where there is nothing to restore.
async fn restored(exchange: &Exchange, status: &Status) -> Result<Option<bytes::Bytes>, Error> {
    let Some(scan) = references::find(MessageType::RpcStatus, status.details.clone())? else {
        return Ok(None);
    };
    let places = scan.leaves().iter().enumerate();
    let (leaves, references): (Vec<usize>, Vec<Payload>) =
        places.filter_map(|(at, leaf)| Some((at, Payload::decode(scan.payload(leaf)).ok()?))).unzip();
    if leaves.is_empty() {
        return Ok(None);
    }
    let work = exchange.storage_work(&exchange.caller.namespace);
    let payloads = restore_with(work.as_ref(), references).await?;
    let mut rewrite = Rewrite::new(&scan);
    for (leaf, payload) in leaves.into_iter().zip(payloads) {
        rewrite.replace(leaf, payload.body().segments().iter().cloned());
    }
    Ok(rewrite.finish().ok().map(|details| details.to_bytes()))
}
