//! Writes the index, the names of messages, the commands and the RPCs.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::head;
use crate::model::Plan;
use crate::name::constant;

/// Writes `mod.rs`: the modules, and the plan of every message type in the order of the enum.
pub(super) fn index(plan: &Plan, modules: &BTreeSet<&str>) -> String {
    let mut out = head(plan, "What the scanner knows about Temporal's messages.");
    let own = ["commands", "rpcs", "schedule_actions", "types"];
    for module in modules.iter().copied().chain(own).collect::<BTreeSet<_>>() {
        let _ = writeln!(out, "mod {module};");
    }
    out.push_str("\npub use commands::Command;\npub use rpcs::Rpc;\npub use schedule_actions::ScheduleAction;\npub use types::MessageType;\n");
    out.push_str("pub(crate) use rpcs::RPCS;\n\nuse super::Message;\n\n");
    out.push_str("/// The plan of each message type, in the order of the enum, which is the order of the full names.\n");
    let _ = writeln!(out, "pub(crate) static MESSAGES: [&Message; {}] = [", plan.messages.len());
    for message in plan.messages.values() {
        let _ = writeln!(out, "    &{}::{},", message.module, constant(&message.variant));
    }
    out.push_str("];\n\n/// The full name of each message type, in the same order.\n");
    let _ = writeln!(out, "pub(crate) static NAMES: [&str; {}] = [", plan.messages.len());
    for name in plan.messages.keys() {
        let _ = writeln!(out, "    \"{name}\",");
    }
    out.push_str("];\n\n/// The blob's content.\npub(crate) static HISTORY: &Message = &history::HISTORY;\n");
    out.push_str("\n/// Messages without payloads that are met inside `Any`, in the order of their names.\n");
    let _ = writeln!(out, "pub(crate) static PAYLOAD_FREE: [&str; {}] = [", plan.payload_free.len());
    plan.payload_free.iter().for_each(|name| {
        let _ = writeln!(out, "    \"{name}\",");
    });
    out + "];\n"
}

/// Writes `types.rs`: the enum of messages.
pub(super) fn types(plan: &Plan) -> String {
    let mut out = head(plan, "The messages of the plan, by name.");
    out.push_str("/// A message that leads to payloads, or is an end of an RPC that has some.\n///\n");
    out.push_str("/// The list grows with Temporal's API, and a `match` over all of it should break then.\n");
    out.push_str("#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\n");
    out.push_str("#[repr(u16)]\npub enum MessageType {\n");
    for message in plan.messages.values() {
        let _ = writeln!(out, "    /// `{}`\n    {},", message.full_name, message.variant);
    }
    out.push_str("}\n\nimpl MessageType {\n");
    out.push_str("    /// Every message type, in the order of the full names.\n");
    let _ = writeln!(out, "    pub const ALL: [Self; {}] = [", plan.messages.len());
    for message in plan.messages.values() {
        let _ = writeln!(out, "        Self::{},", message.variant);
    }
    out.push_str("    ];\n\n");
    out.push_str(
        "    /// Whether a payload can be in it. Where not, there is no need to scan for payloads.\n",
    );
    out.push_str("    #[must_use]\n    pub const fn bears_payloads(self) -> bool {\n        !matches!(\n");
    out.push_str("            self,\n");
    let free: Vec<String> = plan
        .messages
        .values()
        .filter(|message| !message.bears_payloads)
        .map(|message| format!("Self::{}", message.variant))
        .collect();
    let _ = writeln!(out, "            {}", free.join("\n                | "));
    out + "        )\n    }\n}\n"
}

/// Writes `commands.rs`: the commands of a workflow task completion.
pub(super) fn commands(plan: &Plan) -> String {
    let mut out = head(plan, "The commands of a workflow task completion.");
    out.push_str("use super::MessageType;\n\n/// What a workflow asks for: the arms of `temporal.api.command.v1.Command`.\n");
    out.push_str("///\n/// The enum is exhaustive on purpose: whoever decides by command must decide again when Temporal adds one.\n");
    out.push_str("#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\npub enum Command {\n");
    for (variant, message) in &plan.commands {
        let _ = writeln!(out, "    /// [`MessageType::{message}`]\n    {variant},");
    }
    out.push_str("}\n\nimpl MessageType {\n    /// The command whose attributes this message is.\n");
    out.push_str("    #[must_use]\n    pub const fn command(self) -> Option<Command> {\n");
    out.push_str("        Some(match self {\n");
    for (variant, message) in &plan.commands {
        let _ = writeln!(out, "            Self::{message} => Command::{variant},");
    }
    out + "            _ => return None,\n        })\n    }\n}\n"
}

/// Writes `schedule_actions.rs`: the actions of a schedule.
pub(super) fn schedule_actions(plan: &Plan) -> String {
    let mut out = head(plan, "The actions of a schedule.");
    out.push_str("/// What a schedule starts: the arms of `temporal.api.schedule.v1.ScheduleAction`.\n");
    out.push_str("///\n/// The enum is exhaustive on purpose: whoever decides by action must decide again when Temporal adds one.\n");
    out.push_str(
        "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\npub enum ScheduleAction {\n",
    );
    for (variant, name, _) in &plan.schedule_actions {
        let _ = writeln!(out, "    /// `{name}`\n    {variant},");
    }
    out.push_str(
        "}\n\nimpl ScheduleAction {\n    /// The action in a field of the message, by the field's number.\n",
    );
    out.push_str("    #[must_use]\n    pub const fn from_field(number: u32) -> Option<Self> {\n");
    out.push_str("        Some(match number {\n");
    for (variant, _, number) in &plan.schedule_actions {
        let _ = writeln!(out, "            {number} => Self::{variant},");
    }
    out + "            _ => return None,\n        })\n    }\n}\n"
}

/// Writes `rpcs.rs`: the RPCs and their two messages.
pub(super) fn rpcs(plan: &Plan) -> String {
    let mut out = head(plan, "The RPCs that carry payloads, and those whose answers a gateway changes.");
    out.push_str("use super::MessageType as T;\nuse crate::rpc::{Entry, entry};\n\n");
    out.push_str("/// An RPC of Temporal's frontend that has payloads in its request or its response, or limits or drivers.\n");
    out.push_str("///\n/// The enum is exhaustive on purpose: whoever decides by RPC must decide again when Temporal adds one.\n");
    out.push_str("#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\npub enum Rpc {\n");
    for rpc in &plan.rpcs {
        let _ = writeln!(out, "    /// `{}/{}`\n    {},", rpc.service, rpc.method, rpc.method);
    }
    out.push_str("}\n\n/// In the order of the enum, which is the order of service and method.\n");
    let _ = writeln!(out, "pub(crate) static RPCS: [Entry; {}] = [", plan.rpcs.len());
    for rpc in &plan.rpcs {
        let _ = writeln!(
            out,
            "    entry(Rpc::{}, \"{}\", \"{}\", T::{}, T::{}),",
            rpc.method, rpc.service, rpc.method, rpc.request, rpc.response
        );
    }
    out + "];\n"
}
