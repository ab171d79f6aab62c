//! Describes what a driver's crate supplies to run its vectors.

use std::sync::Arc;
use std::time::Duration;

use extstore::object::{ClaimFields, ObjectBackend, Readable};
use extstore::{ErrorKind, Result, StorageDriver};

/// A driver whose vectors are run, described independently of its own layout: a mistake there must show.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// The type that vectors name, such as `aws.s3driver`.
    pub driver_type: &'static str,
    /// The official driver's class, with which its error texts begin: `S3StorageDriver`.
    pub official_class: &'static str,
    /// Names of a claim's fields. The first of each list is the name that the vectors' driver writes and
    /// needs, the others are the aliases that ours may add.
    pub claims: ClaimFields,
    /// Separates the segments of a key.
    pub separator: char,
    /// Keys begin with this unless a vector says otherwise.
    pub default_prefix: &'static str,
    /// Makes the driver over a store of the suite.
    pub make: Make,
}

/// Makes a driver with the options that a vector asks for, and fails as its construction does.
pub type Make = fn(Arc<dyn ObjectBackend>, &DriverOptions) -> Result<Arc<dyn StorageDriver>>;

/// Holds the options that a vector asks for; what is `None` or empty is left at the driver's default.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct DriverOptions {
    /// The instance's name.
    pub name: Option<String>,
    /// The bucket; some name where the vector has none.
    pub bucket: String,
    /// Keys begin with this.
    pub key_prefix: Option<String>,
    /// The time to live of what is stored.
    pub ttl: Option<Duration>,
    /// The largest payload, in encoded bytes.
    pub max_payload_size: Option<u64>,
    /// Locations that claims may point at beside the driver's own.
    pub readable: Vec<Readable>,
}

impl Subject {
    /// Stands for the vectors that name no driver.
    pub(crate) const NOBODY: Self = Self {
        driver_type: "",
        official_class: "",
        claims: ClaimFields::new(&[""]).with_hash(&[""], &[""]),
        separator: '/',
        default_prefix: "",
        make: |_, _| Err(ErrorKind::Unsupported.error("the vector names no driver")),
    };
}
