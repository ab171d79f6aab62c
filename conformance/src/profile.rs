//! Holds what a driver declares before the run. Nothing is inferred from an error at run time.

use std::time::Duration;

use serde::Serialize;

/// Declares the capabilities of a driver. Each field says which assertion it switches.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Profile {
    /// The largest payload the driver under test accepts, in encoded bytes: `size.*`. Configure the
    /// driver small enough that a payload of this size is cheap; 1 MiB by default.
    pub max_payload_bytes: u64,
    /// The driver type that other SDKs know: `identity.type_constant`.
    pub driver_type: String,
    /// Says that the same payload and target give the same claim: `dedupe.*`.
    pub content_addressed: bool,
    /// Says that targets partition the keys, so that two targets never share an object: `hostile.*`.
    pub keyed_by_target: bool,
    /// Says that claims outside the configuration are refused: `tampering.*`.
    pub confined: bool,
    /// The crash that stored payloads survive: `durability.*`.
    pub durability: Durability,
    /// Says that old objects are renewed when their payload is stored again: `lifecycle.*`.
    pub renews: bool,
    /// Attempts at one request that the driver of the wire port makes: `fault.budget_exhausted`.
    pub attempts: u32,
    /// The number of child processes that `durability.no_torn_objects` kills; 50 by default.
    pub kills: u32,
    /// Time within which a call of the wire port's drivers must end, whatever happens; 30 seconds by default:
    /// `fault.*`. Where nothing answers, the impatient one is used.
    pub deadline: Duration,
    /// The names that a claim may have, each list with all aliases of one field: `claims.*`, `bad_claim.*`.
    pub claim_fields: Vec<ClaimField>,
    /// The largest key, in bytes, where the store has a limit: `hostile.max_length`.
    pub max_key_bytes: Option<usize>,
    /// The largest object that the driver reads, in bytes, where the harness sets it low enough for `size.read_cap`:
    /// not below `max_payload_bytes`, and not above a few MiB.
    pub read_cap: Option<u64>,
    /// The official layout that the keys follow, for `interop.key_layout`; `None` for a layout of your own.
    pub key_layout: Option<KeyLayout>,
    /// Cases that fail for a known reason: id and reason. One that passes fails the run.
    pub known_failures: Vec<(String, String)>,
    /// Cases that do not apply to this driver: id and reason. They are reported as `unsupported`. Core
    /// cases oblige every driver and cannot be listed: a defect belongs in `known_failures`.
    pub unsupported: Vec<(String, String)>,
}

/// Names one field of a claim in all its spellings.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ClaimField {
    /// The field's meaning.
    pub role: Role,
    /// All names under which it is written.
    pub names: Vec<String>,
}

/// Says what a field of a claim means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Bucket, table, container.
    Container,
    /// The key in it.
    Key,
    /// The name of the hash.
    Algorithm,
    /// The hash.
    Digest,
    /// Anything else.
    Other,
}

/// Says which crash an acknowledged payload survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Durability {
    /// Nothing: the data is in this process.
    Memory,
    /// A crash of the process.
    ProcessCrash,
    /// The loss of power.
    PowerLoss,
    /// The loss of a machine.
    Replicated,
}

/// Names the official driver whose spelling of keys is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum KeyLayout {
    /// As S3: everything but `A-Z a-z 0-9 ! - _ . * ' ( )` percent-encoded, segments separated by `/`.
    S3,
    /// As GCS.
    Gcs,
    /// As the Redis sample: segments separated by `:`.
    Redis,
}

impl Profile {
    /// The profile of a driver that stands on the object engine with its defaults.
    pub fn object(driver_type: impl Into<String>, durability: Durability) -> Self {
        let field = |role, names: &[&str]| ClaimField {
            role,
            names: names.iter().map(|n| (*n).to_owned()).collect(),
        };
        Self {
            max_payload_bytes: 1 << 20,
            driver_type: driver_type.into(),
            content_addressed: true,
            keyed_by_target: true,
            confined: true,
            durability,
            renews: true,
            attempts: extstore::object::RetryPolicy::default().attempts,
            kills: 50,
            deadline: Duration::from_secs(30),
            claim_fields: vec![
                field(Role::Key, &["key"]),
                field(Role::Algorithm, &["hash_algorithm", "hashAlgorithm"]),
                field(Role::Digest, &["hash_value", "hashValue"]),
            ],
            max_key_bytes: Some(1024),
            read_cap: None,
            key_layout: None,
            known_failures: Vec::new(),
            unsupported: Vec::new(),
        }
    }

    /// Adds a field of the claim.
    #[must_use]
    pub fn with_claim_field(mut self, role: Role, names: &[&str]) -> Self {
        self.claim_fields.retain(|field| field.role != role);
        self.claim_fields.push(ClaimField { role, names: names.iter().map(|n| (*n).to_owned()).collect() });
        self
    }

    /// Returns all names of the field that has this role.
    #[must_use]
    pub fn names(&self, role: Role) -> Vec<&str> {
        let of_role = self.claim_fields.iter().filter(|field| field.role == role);
        of_role.flat_map(|field| field.names.iter().map(String::as_str)).collect()
    }

    /// Returns the reason that a case does not apply, where the profile gives one.
    pub(crate) fn reason_unsupported(&self, case: &str) -> Option<&str> {
        reason(&self.unsupported, case)
    }

    /// Returns the reason that a case is known to fail, where the profile gives one.
    pub(crate) fn reason_known(&self, case: &str) -> Option<&str> {
        reason(&self.known_failures, case)
    }
}

fn reason<'a>(list: &'a [(String, String)], case: &str) -> Option<&'a str> {
    list.iter().find(|(id, _)| id == case).map(|(_, reason)| reason.as_str())
}
