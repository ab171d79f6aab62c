//! Restores payloads in the details of an error status, such as those of a failed query.

use extstore::Error;
use extstore_wire::{MessageType, Rewrite};

use super::fetch::{Fate, Fetch};
use super::left::Left;
use super::{plan, references};
use crate::Status;
use crate::exchange::Exchange;

/// Restores the references in a status. One that cannot be restored stays: a failure of storage in the place of the
/// status would hide the server's error.
pub(super) async fn restore(exchange: &Exchange, status: Status) -> Status {
    if status.details.is_empty() {
        return status;
    }
    match restored(exchange, &status).await {
        Ok(Some(details)) => Status { details, ..status },
        Ok(None) => status,
        Err(error) => {
            let mut left = Left::default();
            left.add_failed(&error);
            left.tell(exchange);
            status
        }
    }
}

/// Returns the details with their payloads restored; none where there is nothing to restore.
async fn restored(exchange: &Exchange, status: &Status) -> Result<Option<bytes::Bytes>, Error> {
    let Some(scan) = references::find(MessageType::RpcStatus, status.details.clone())? else {
        return Ok(None);
    };
    let part = plan::shown(&scan);
    if part.leaves.is_empty() {
        return Ok(None);
    }
    let fetch = Fetch::new(exchange, (status.details.len() as u64).saturating_sub(part.freed()));
    let fates = fetch.part(&part).await?;
    let (mut rewrite, mut left) = (Rewrite::new(&scan), Left::default());
    for (leaf, fate) in part.leaves.iter().zip(&fates) {
        match fate {
            Fate::Restored(payload) => rewrite.replace(*leaf, payload.body().segments().iter().cloned()),
            Fate::NoRoom => left.no_room += 1,
            Fate::Failed(error) => left.add_failed(error),
        }
    }
    left.tell(exchange);
    Ok(rewrite.finish().ok().map(|details| details.to_bytes()))
}
