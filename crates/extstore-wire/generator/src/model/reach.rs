//! Finds the messages that lead to payloads, or to something that a scan keeps.

use std::collections::BTreeSet;

use prost_reflect::{DescriptorPool, Kind, MessageDescriptor, MethodDescriptor};

use crate::rules;

const SERVICES: [&str; 2] =
    ["temporal.api.operatorservice.v1.OperatorService", "temporal.api.workflowservice.v1.WorkflowService"];

/// Names of messages by what is below them.
pub(crate) struct Reach {
    pool: DescriptorPool,
    payloads: BTreeSet<String>,
    anything: BTreeSet<String>,
}

impl Reach {
    pub(crate) fn new(pool: &DescriptorPool) -> Self {
        let leaves: BTreeSet<String> =
            [rules::PAYLOAD, rules::ANY, rules::BLOB].iter().map(|name| (*name).to_owned()).collect();
        let kept = pool.all_messages().filter(rules::kept).map(|message| message.full_name().to_owned());
        let anything = closure(pool, leaves.iter().cloned().chain(kept).collect());
        Self { pool: pool.clone(), payloads: closure(pool, leaves), anything }
    }

    pub(crate) fn bears_payloads(&self, message: &MessageDescriptor) -> bool {
        self.payloads.contains(message.full_name())
    }

    pub(crate) fn leads_somewhere(&self, message: &MessageDescriptor) -> bool {
        self.anything.contains(message.full_name())
    }

    /// Returns the RPCs with payloads in either direction, and those that are wanted for another reason.
    pub(crate) fn methods(&self) -> Vec<MethodDescriptor> {
        let services = self.pool.services().filter(|service| SERVICES.contains(&service.full_name()));
        let methods = services.flat_map(|service| service.methods().collect::<Vec<_>>());
        methods
            .filter(|method| {
                let bears = |message| self.bears_payloads(&message);
                bears(method.input()) || bears(method.output()) || rules::wanted_rpc(method.name())
            })
            .collect()
    }

    /// Requests of these RPCs: what they are about is captured.
    pub(crate) fn requests(&self) -> BTreeSet<String> {
        self.methods().iter().map(|method| method.input().full_name().to_owned()).collect()
    }

    /// Returns all messages of the plan, by name: what leads to payloads or to what a scan keeps, and both ends of
    /// every RPC in it. A blob and an `Any` are frames too; a payload is one where it is an envelope.
    pub(crate) fn planned(&self) -> Vec<MessageDescriptor> {
        let ends: BTreeSet<String> = self
            .methods()
            .iter()
            .flat_map(|method| [method.input(), method.output()])
            .map(|message| message.full_name().to_owned())
            .collect();
        let mut planned: Vec<MessageDescriptor> = self
            .pool
            .all_messages()
            .filter(|message| self.leads_somewhere(message) || ends.contains(message.full_name()))
            .collect();
        planned.sort_by(|a, b| a.full_name().cmp(b.full_name()));
        planned
    }
}

/// Adds every message with a field of a type in the set, until nothing is added any more.
fn closure(pool: &DescriptorPool, mut names: BTreeSet<String>) -> BTreeSet<String> {
    loop {
        let before = names.len();
        for message in pool.all_messages() {
            let leads = message.fields().any(|field| match field.kind() {
                Kind::Message(target) => names.contains(target.full_name()) && !rules::never_touched(&field),
                _ => false,
            });
            if leads {
                names.insert(message.full_name().to_owned());
            }
        }
        if names.len() == before {
            return names;
        }
    }
}
