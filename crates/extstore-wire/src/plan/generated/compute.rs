//! The plan of `temporal.api.compute.v1`.
//!
//! Generated from temporalio-protos 0.10.2 by `cargo run -p extstore-wire-plan`. Do not edit.

use crate::Policy;
use super::MessageType as T;
use crate::plan::{Message, into, payload};

/// `temporal.api.compute.v1.ComputeConfig`
pub(crate) static COMPUTE_CONFIG: Message = Message::new(T::ComputeConfig, &[
    into(1, "scaling_groups", &COMPUTE_CONFIG_SCALING_GROUPS_ENTRY),
]);

/// `temporal.api.compute.v1.ComputeConfig.ScalingGroupsEntry`
pub(crate) static COMPUTE_CONFIG_SCALING_GROUPS_ENTRY: Message = Message::new(T::ComputeConfigScalingGroupsEntry, &[
    into(2, "value", &COMPUTE_CONFIG_SCALING_GROUP),
]);

/// `temporal.api.compute.v1.ComputeConfigScalingGroup`
pub(crate) static COMPUTE_CONFIG_SCALING_GROUP: Message = Message::new(T::ComputeConfigScalingGroup, &[
    into(3, "provider", &COMPUTE_PROVIDER),
    into(4, "scaler", &COMPUTE_SCALER),
]);

/// `temporal.api.compute.v1.ComputeConfigScalingGroupUpdate`
pub(crate) static COMPUTE_CONFIG_SCALING_GROUP_UPDATE: Message = Message::new(T::ComputeConfigScalingGroupUpdate, &[
    into(1, "scaling_group", &COMPUTE_CONFIG_SCALING_GROUP),
]);

/// `temporal.api.compute.v1.ComputeProvider`
pub(crate) static COMPUTE_PROVIDER: Message = Message::new(T::ComputeProvider, &[
    payload(2, "details").policy(Policy::Settings),
]);

/// `temporal.api.compute.v1.ComputeScaler`
pub(crate) static COMPUTE_SCALER: Message = Message::new(T::ComputeScaler, &[
    payload(2, "details").policy(Policy::Settings),
]);
