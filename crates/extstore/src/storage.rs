//! The configuration that hosts hold: drivers, selector, threshold, budgets.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::limiter::Pool;
use crate::observer::tell;
use crate::{
    Budgets, ErrorKind, Event, Observer, ReferenceCodec, ReferenceForm, Result, Selector, StorageDriver,
};

mod call;
mod elapsed;
mod message;
mod offload;
mod restore;

pub use message::Message;

/// Payloads of this many encoded bytes or more are offloaded unless configured otherwise: 256 KiB.
pub const DEFAULT_PAYLOAD_SIZE_THRESHOLD: u64 = 256 * 1024;
/// What one message may restore unless configured otherwise: 1 GiB.
pub const DEFAULT_RESTORE_CAP: u64 = 1 << 30;

/// Offloads and restores the payloads of messages.
///
/// A host opens one [`Message`] for each activation, activity task, client request or Nexus operation.
/// Clones share one configuration and one budget.
///
/// ```
/// # async fn example(driver: std::sync::Arc<dyn extstore::StorageDriver>) -> extstore::Result<()> {
/// use extstore::{ExternalStorage, Payload, Target};
///
/// let storage = ExternalStorage::builder().with_driver(driver).with_payload_size_threshold(64 * 1024).build()?;
/// let message = storage.message("default");
/// let target = Target::workflow("default", "OrderWorkflow", "order-1842");
/// let payload = Payload::new([("encoding", "binary/plain")], vec![0; 1 << 20]);
/// let offloaded = message.offload(vec![(Some(target), payload.clone())]).await?;
/// assert_eq!(message.restore(offloaded).await?, [payload]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ExternalStorage(Arc<Shared>);

struct Shared {
    drivers: HashMap<String, Arc<dyn StorageDriver>>,
    first: Arc<dyn StorageDriver>,
    selector: Option<Arc<dyn Selector>>,
    threshold: u64,
    restore_cap: u64,
    deadline: Option<Duration>,
    form: ReferenceForm,
    legacy: bool,
    codec: Option<Arc<dyn ReferenceCodec>>,
    observer: Option<Arc<dyn Observer>>,
    pool: Pool,
}

/// Collects a configuration; [`build`](ExternalStorageBuilder::build) checks it once.
#[must_use]
pub struct ExternalStorageBuilder {
    drivers: Vec<Arc<dyn StorageDriver>>,
    selector: Option<Arc<dyn Selector>>,
    threshold: u64,
    restore_cap: u64,
    deadline: Option<Duration>,
    form: ReferenceForm,
    legacy: bool,
    codec: Option<Arc<dyn ReferenceCodec>>,
    observer: Option<Arc<dyn Observer>>,
    budgets: Budgets,
}

impl ExternalStorage {
    /// A configuration of one driver with the defaults.
    ///
    /// # Errors
    ///
    /// `Config` where the driver has no name.
    pub fn new(driver: Arc<dyn StorageDriver>) -> Result<Self> {
        Self::builder().with_driver(driver).build()
    }

    /// Starts a configuration.
    pub fn builder() -> ExternalStorageBuilder {
        ExternalStorageBuilder {
            drivers: Vec::new(),
            selector: None,
            threshold: DEFAULT_PAYLOAD_SIZE_THRESHOLD,
            restore_cap: DEFAULT_RESTORE_CAP,
            deadline: None,
            form: ReferenceForm::default(),
            legacy: false,
            codec: None,
            observer: None,
            budgets: Budgets::default(),
        }
    }

    /// Opens a message: the unit that has a budget, a deadline, a restore cap and an elapsed time.
    ///
    /// `namespace` is the ambient one, that of the client or worker; empty means not known.
    #[must_use]
    pub fn message(&self, namespace: &str) -> Message {
        Message::new(self.clone(), namespace)
    }

    /// Payloads of this many encoded bytes or more are offloaded.
    #[must_use]
    pub fn payload_size_threshold(&self) -> u64 {
        self.0.threshold
    }

    /// Hands an event to the configured observer, if there is one. For hosts; drivers report through the engine.
    pub fn observe(&self, event: &Event<'_>) {
        if let Some(observer) = &self.0.observer {
            tell(observer.as_ref(), event);
        }
    }

    /// The types of all drivers, sorted and without repetition, for worker heartbeats.
    #[must_use]
    pub fn driver_types(&self) -> Vec<&str> {
        let mut types: Vec<&str> = self.0.drivers.values().map(|driver| driver.driver_type()).collect();
        types.sort_unstable();
        types.dedup();
        types
    }
}

impl ExternalStorageBuilder {
    /// Registers a driver. Its name must be unique.
    pub fn with_driver(mut self, driver: Arc<dyn StorageDriver>) -> Self {
        self.drivers.push(driver);
        self
    }

    /// Sets what chooses among drivers; required where there is more than one.
    pub fn with_selector(mut self, selector: impl Selector) -> Self {
        self.selector = Some(Arc::new(selector));
        self
    }

    /// Offloads payloads of this many encoded bytes or more; 0 offloads every payload.
    pub fn with_payload_size_threshold(mut self, bytes: u64) -> Self {
        self.threshold = bytes;
        self
    }

    /// Bounds what one message may restore, in bytes; 1 GiB by default.
    pub fn with_restore_cap(mut self, bytes: u64) -> Self {
        self.restore_cap = bytes;
        self
    }

    /// Fails a message's storage work with `Timeout` this long after the message was opened. Without
    /// it only the drivers' own time-outs apply.
    pub fn with_deadline(mut self, after: Duration) -> Self {
        self.deadline = Some(after);
        self
    }

    /// Sets how new references are written: plain by default, which every SDK reads.
    pub fn with_reference_form(mut self, form: ReferenceForm) -> Self {
        self.form = form;
        self
    }

    /// Reads references of early prereleases (`json/external-storage-reference`). They are refused otherwise.
    pub fn with_legacy_references(mut self, read: bool) -> Self {
        self.legacy = read;
        self
    }

    /// Hands over the user's codec, for references only.
    pub fn with_reference_codec(mut self, codec: Arc<dyn ReferenceCodec>) -> Self {
        self.codec = Some(codec);
        self
    }

    /// Sets the receiver of events.
    pub fn with_observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Bounds the requests of one message; 8 by default. [`build`](Self::build) refuses 0.
    pub fn with_message_budget(mut self, requests: usize) -> Self {
        self.budgets.per_message = requests;
        self
    }

    /// Bounds the requests of all messages together; 64 by default. [`build`](Self::build) refuses 0.
    pub fn with_shared_budget(mut self, requests: usize) -> Self {
        self.budgets.shared = requests;
        self
    }

    /// Bounds the payload bytes in requests of all messages together; 64 MiB by default. A larger payload travels
    /// alone. [`build`](Self::build) refuses 0.
    pub fn with_bytes_in_flight(mut self, bytes: u64) -> Self {
        self.budgets.bytes = bytes;
        self
    }

    /// Checks the configuration.
    ///
    /// # Errors
    ///
    /// `Config` that names the option: no driver, an empty or repeated name, several drivers without
    /// a selector, a budget of 0.
    pub fn build(self) -> Result<ExternalStorage> {
        let config = |message: String| Err(ErrorKind::Config.error(message));
        let Some(first) = self.drivers.first().cloned() else {
            return config("ExternalStorage.drivers must contain at least one driver.".into());
        };
        if self.drivers.len() > 1 && self.selector.is_none() {
            let text =
                "ExternalStorage.driver_selector must be specified if multiple drivers are registered.";
            return config(text.into());
        }
        let budgets = self.budgets;
        if budgets.per_message == 0 || budgets.shared == 0 || budgets.bytes == 0 {
            return config("ExternalStorage budgets must be greater than zero.".into());
        }
        Ok(ExternalStorage(Arc::new(Shared {
            drivers: by_name(self.drivers)?,
            first,
            selector: self.selector,
            threshold: self.threshold,
            restore_cap: self.restore_cap,
            deadline: self.deadline,
            form: self.form,
            legacy: self.legacy,
            codec: self.codec,
            observer: self.observer,
            pool: Pool::new(budgets),
        })))
    }
}

fn by_name(drivers: Vec<Arc<dyn StorageDriver>>) -> Result<HashMap<String, Arc<dyn StorageDriver>>> {
    let mut names = HashMap::new();
    for driver in drivers {
        let name = driver.name().to_owned();
        if name.is_empty() {
            return Err(ErrorKind::Config.error("ExternalStorage.drivers contains a driver without a name."));
        }
        if names.contains_key(&name) {
            return Err(ErrorKind::Config.error(format!(
                "ExternalStorage.drivers contains multiple drivers with name '{name}'. \
                 Each driver must have a unique name."
            )));
        }
        names.insert(name, driver);
    }
    Ok(names)
}

impl fmt::Debug for ExternalStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<&String> = self.0.drivers.keys().collect();
        names.sort();
        f.debug_struct("ExternalStorage")
            .field("drivers", &names)
            .field("threshold", &self.0.threshold)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ExternalStorageBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.drivers.iter().map(|driver| driver.name()).collect();
        f.debug_struct("ExternalStorageBuilder").field("drivers", &names).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
