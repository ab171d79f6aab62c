//! Measures histories as the server holds them, and the objects in the store.

use std::path::Path;

use futures::future::BoxFuture;
use prost::Message;
use temporalio_client::{
    Client, WorkflowDescribeOptions, WorkflowExecutionInfo, WorkflowFetchHistoryOptions,
};
use temporalio_common::data_converters::PayloadConversionError;
use temporalio_common::payload_visitor::{
    AsyncPayloadVisitor, PayloadField, PayloadFieldData, PayloadVisitable,
};
use temporalio_common::protos::temporal::api::common::v1::Payload;

use crate::Outcome;

/// Holds the figures of one workflow's history.
#[derive(Debug)]
pub(crate) struct History {
    /// The history's size in bytes, according to the server.
    pub(crate) bytes: u64,
    /// The size that it would have if each reference in it were the payload that it stands for.
    pub(crate) bytes_inline: u64,
    /// The external payloads that the demo finds in it, and those that the server counts.
    pub(crate) found: External,
    pub(crate) counted: External,
}

/// Counts the external payloads of a history and their bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct External {
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

/// Counts the objects in a store and their bytes.
#[derive(Debug, Default)]
pub(crate) struct Objects {
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

impl History {
    /// Reads a history through a client without External Storage, so that references stay what they are.
    pub(crate) async fn read(plain: &Client, workflow: &str) -> Outcome<Self> {
        let info = WorkflowExecutionInfo::builder().namespace("default").workflow_id(workflow).build();
        let handle = info.bind_untyped(plain.clone());
        let described = handle.describe(WorkflowDescribeOptions::default()).await?;
        let info = described.raw().workflow_execution_info.clone().unwrap_or_default();
        let mut references = References::default();
        for mut event in handle.fetch_history(WorkflowFetchHistoryOptions::default()).into_events().await? {
            event.visit_payloads_mut(&mut references).await?;
        }
        let bytes = unsigned(info.history_size_bytes);
        let counted = External {
            count: unsigned(info.external_payload_count),
            bytes: unsigned(info.external_payload_size_bytes),
        };
        let bytes_inline = bytes - references.own_bytes + references.found.bytes;
        Ok(Self { bytes, bytes_inline, found: references.found, counted })
    }
}

/// Sums up the references of a history.
#[derive(Default)]
struct References {
    found: External,
    /// The size of the references themselves, in bytes.
    own_bytes: u64,
}

impl References {
    fn add(&mut self, payload: &Payload) {
        if payload.external_payloads.is_empty() {
            return;
        }
        self.found.count += 1;
        self.found.bytes += payload.external_payloads.iter().map(|of| unsigned(of.size_bytes)).sum::<u64>();
        self.own_bytes += payload.encoded_len() as u64;
    }
}

impl AsyncPayloadVisitor for References {
    fn visit<'a>(&'a mut self, field: PayloadField<'a>) -> BoxFuture<'a, Result<(), PayloadConversionError>> {
        match field.data {
            PayloadFieldData::Single(payload) => self.add(payload),
            PayloadFieldData::Repeated(payloads) => payloads.iter().for_each(|payload| self.add(payload)),
            PayloadFieldData::Payloads(payloads) => {
                payloads.payloads.iter().for_each(|payload| self.add(payload));
            }
        }
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Objects {
    /// Counts the files in the directory of a disk driver's objects.
    pub(crate) fn in_directory(directory: &Path) -> std::io::Result<Self> {
        let mut objects = Self::default();
        for shard in std::fs::read_dir(directory.join("objects"))? {
            for file in std::fs::read_dir(shard?.path())? {
                objects.count += 1;
                objects.bytes += file?.metadata()?.len();
            }
        }
        Ok(objects)
    }
}

/// Converts a size: protobuf has it signed, and the server never sends a negative one.
fn unsigned(size: i64) -> u64 {
    u64::try_from(size).unwrap_or(0)
}
