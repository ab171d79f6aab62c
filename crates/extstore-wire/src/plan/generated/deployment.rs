//! The plan of `temporal.api.deployment.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::{compute};
use super::MessageType as T;
use crate::plan::{Message, into, payload};

/// `temporal.api.deployment.v1.DeploymentInfo`
pub(crate) static DEPLOYMENT_INFO: Message = Message::new(T::DeploymentInfo, &[
    into(4, "metadata", &DEPLOYMENT_INFO_METADATA_ENTRY),
]);

/// `temporal.api.deployment.v1.DeploymentInfo.MetadataEntry`
pub(crate) static DEPLOYMENT_INFO_METADATA_ENTRY: Message = Message::new(T::DeploymentInfoMetadataEntry, &[
    payload(2, "value").policy(Policy::Settings),
]);

/// `temporal.api.deployment.v1.UpdateDeploymentMetadata`
pub(crate) static UPDATE_DEPLOYMENT_METADATA: Message = Message::new(T::UpdateDeploymentMetadata, &[
    into(1, "upsert_entries", &UPDATE_DEPLOYMENT_METADATA_UPSERT_ENTRIES_ENTRY),
]);

/// `temporal.api.deployment.v1.UpdateDeploymentMetadata.UpsertEntriesEntry`
pub(crate) static UPDATE_DEPLOYMENT_METADATA_UPSERT_ENTRIES_ENTRY: Message = Message::new(T::UpdateDeploymentMetadataUpsertEntriesEntry, &[
    payload(2, "value").policy(Policy::Settings),
]);

/// `temporal.api.deployment.v1.VersionMetadata`
pub(crate) static VERSION_METADATA: Message = Message::new(T::VersionMetadata, &[
    into(1, "entries", &VERSION_METADATA_ENTRIES_ENTRY),
]);

/// `temporal.api.deployment.v1.VersionMetadata.EntriesEntry`
pub(crate) static VERSION_METADATA_ENTRIES_ENTRY: Message = Message::new(T::VersionMetadataEntriesEntry, &[
    payload(2, "value").policy(Policy::Settings),
]);

/// `temporal.api.deployment.v1.WorkerDeploymentVersionInfo`
pub(crate) static WORKER_DEPLOYMENT_VERSION_INFO: Message = Message::new(T::WorkerDeploymentVersionInfo, &[
    into(10, "metadata", &VERSION_METADATA),
    into(16, "compute_config", &compute::COMPUTE_CONFIG),
]);
