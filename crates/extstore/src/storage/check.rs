//! Checks every driver of a configuration at start-up.

use futures_util::future::join_all;

use super::ExternalStorage;
use super::call;
use super::message::Message;
use crate::{Error, Result, StorageDriver, StoreContext};

pub(super) async fn run(storage: &ExternalStorage) -> Result<()> {
    let message = storage.message("");
    let drivers = &storage.0.registered;
    let outcomes = join_all(drivers.iter().map(|driver| check(&message, driver.as_ref()))).await;
    let mut failures: Vec<Error> = outcomes.into_iter().filter_map(Result::err).collect();
    match failures.len() {
        0 => Ok(()),
        1 => Err(failures.remove(0)),
        failed => {
            let text = format!("{failed} of {} drivers failed their check", drivers.len());
            Err(Error::several(text, failures.remove(0), failures))
        }
    }
}

/// Checks one driver within the configured deadline; its panic is an error.
async fn check(message: &Message, driver: &dyn StorageDriver) -> Result<()> {
    let (operation, _) = message.call();
    let context = StoreContext::new(message.select(None), operation);
    let name = format!("driver '{}'", driver.name());
    let checked = call::guarded(message, &name, async { driver.check(&context).await }).await;
    checked.map_err(|error| error.with_operation("check").with_driver(driver.name()))
}
