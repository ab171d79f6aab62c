//! Holds the configuration of a host: drivers, selector, threshold, budgets.

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
mod check;
mod elapsed;
mod message;
mod offload;
mod restore;

pub use message::Message;

/// Payloads of this many encoded bytes or more are offloaded unless configured otherwise: 256 KiB.
pub const DEFAULT_PAYLOAD_SIZE_THRESHOLD: u64 = 256 * 1024;
/// One message may restore this many bytes unless configured otherwise: 1 GiB.
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
    /// Drivers that may store, in the order of their registration.
    registered: Vec<Arc<dyn StorageDriver>>,
    /// Every driver under each name that references may carry.
    by_name: HashMap<String, Arc<dyn StorageDriver>>,
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
    aliases: Vec<(String, Arc<dyn StorageDriver>)>,
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
    /// Makes a configuration of one driver with the defaults.
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
            aliases: Vec::new(),
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

    /// Checks at start-up that every registered driver can store and retrieve, so that a wrong bucket or a missing
    /// permission is not found by the first large payload.
    ///
    /// All drivers are checked at once, each with [`StorageDriver::check`], within the configured deadline and budgets.
    /// Drivers that are known by an [alias](ExternalStorageBuilder::with_driver_alias) alone are left out: nothing is
    /// stored with them.
    ///
    /// # Errors
    ///
    /// The driver's error where one failed. Where several did, one error whose [`failures`](crate::Error::failures)
    /// are theirs, in the order of registration; `Display` names each. Its kind is that of the first failure that a
    /// retry cannot mend, else that of the first failure.
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops all requests; canaries may stay and are harmless.
    pub async fn check(&self) -> Result<()> {
        check::run(self).await
    }

    /// Payloads of this many encoded bytes or more are offloaded.
    #[must_use]
    pub fn payload_size_threshold(&self) -> u64 {
        self.0.threshold
    }

    /// Hands an event to the configured observer, if there is one. For hosts; drivers use
    /// [`Operation::observe`](crate::Operation::observe).
    pub fn observe(&self, event: &Event<'_>) {
        if let Some(observer) = &self.0.observer {
            tell(observer.as_ref(), event);
        }
    }

    /// Returns the types of all drivers, sorted and without repetition, for worker heartbeats.
    #[must_use]
    pub fn driver_types(&self) -> Vec<&str> {
        let mut types: Vec<&str> = self.0.by_name.values().map(|driver| driver.driver_type()).collect();
        types.sort_unstable();
        types.dedup();
        types
    }
}

impl ExternalStorageBuilder {
    /// Registers a driver: it may store payloads, and it reads the references that carry its name. The name must be unique.
    pub fn with_driver(mut self, driver: Arc<dyn StorageDriver>) -> Self {
        self.drivers.push(driver);
        self
    }

    /// Reads references that carry `name` with `driver`, which may have another name: after a driver was renamed, after
    /// payloads moved to another store, or for references of another writer. New references never carry an alias.
    ///
    /// The driver need not be registered; one that is not stores nothing. [`build`](Self::build) refuses a name that is
    /// empty, that a registered driver has, or that is an alias already.
    pub fn with_driver_alias(mut self, name: impl Into<String>, driver: Arc<dyn StorageDriver>) -> Self {
        self.aliases.push((name.into(), driver));
        self
    }

    /// Sets the selector that chooses among drivers; required where more than one is registered.
    pub fn with_selector(mut self, selector: impl Selector) -> Self {
        self.selector = Some(Arc::new(selector));
        self
    }

    /// Offloads payloads of this many encoded bytes or more; 0 offloads every payload.
    pub fn with_payload_size_threshold(mut self, bytes: u64) -> Self {
        self.threshold = bytes;
        self
    }

    /// Bounds what one message may restore, in bytes, copies of one payload included; 1 GiB by default.
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

    /// Sets the user's codec, which encodes and decodes references only.
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
    /// `Config` that names the option: no driver, an empty or repeated name or alias, several drivers without
    /// a selector, a budget of 0.
    pub fn build(self) -> Result<ExternalStorage> {
        let config = |message: String| Err(ErrorKind::Config.error(message));
        if self.drivers.is_empty() {
            return config("ExternalStorage.drivers must contain at least one driver.".into());
        }
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
            by_name: by_name(&self.drivers, self.aliases)?,
            registered: self.drivers,
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

type ByName = HashMap<String, Arc<dyn StorageDriver>>;

fn by_name(
    drivers: &[Arc<dyn StorageDriver>],
    aliases: Vec<(String, Arc<dyn StorageDriver>)>,
) -> Result<ByName> {
    let mut names = ByName::new();
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
        names.insert(name, Arc::clone(driver));
    }
    for (alias, driver) in aliases {
        if alias.is_empty() {
            return Err(ErrorKind::Config.error("with_driver_alias: the alias must not be empty"));
        }
        if names.contains_key(&alias) {
            let text =
                format!("with_driver_alias: '{alias}' is a registered driver's name or an alias already");
            return Err(ErrorKind::Config.error(text));
        }
        names.insert(alias, driver);
    }
    Ok(names)
}

impl fmt::Debug for ExternalStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<&String> = self.0.by_name.keys().collect();
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
