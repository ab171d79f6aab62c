//! Builds the plan as data, from the descriptors and from the decisions in `rules`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::rules::{self, Captured, Inner};
use crate::{Source, name};

mod reach;

/// Holds everything that is rendered.
pub(crate) struct Plan {
    /// The package that the plan was made from.
    pub(crate) source: String,
    /// Messages by full name.
    pub(crate) messages: BTreeMap<String, Message>,
    /// RPCs in the order of service and method.
    pub(crate) rpcs: Vec<Rpc>,
    /// The arms of a command: variant of `Command`, variant of `MessageType`.
    pub(crate) commands: Vec<(String, String)>,
    /// The arms of a schedule's action: the variant of `ScheduleAction`, the name and the number of the field.
    pub(crate) schedule_actions: Vec<(String, String, u32)>,
    /// Full names of messages without payloads that are met inside `Any`.
    pub(crate) payload_free: Vec<String>,
}

/// Describes one message.
pub(crate) struct Message {
    pub(crate) full_name: String,
    pub(crate) variant: String,
    /// The file that it is written to.
    pub(crate) module: String,
    pub(crate) kept: bool,
    pub(crate) bears_payloads: bool,
    /// Every field number that the descriptors know, where unknown ones are reported.
    pub(crate) watched: Option<Vec<u32>>,
    pub(crate) fields: Vec<Field>,
}

/// Describes one field that the scanner looks at.
pub(crate) struct Field {
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) target: Target,
    pub(crate) policy: Option<&'static str>,
    pub(crate) repeated: bool,
}

/// Says what is in a field.
pub(crate) enum Target {
    /// A message on the way: module and variant.
    Message(String, String),
    Payload,
    Any,
    Blob,
    Capture(&'static str),
    Inside(&'static [Inner]),
}

/// Describes one RPC.
pub(crate) struct Rpc {
    pub(crate) service: String,
    pub(crate) method: String,
    pub(crate) request: String,
    pub(crate) response: String,
}

impl Plan {
    pub(crate) fn new(source: &Source) -> Result<Self, String> {
        let reach = reach::Reach::new(&source.pool);
        let descriptors = reach.planned();
        let builder = Builder { variants: name::variants(&descriptors), requests: reach.requests(), reach };
        let mut messages = BTreeMap::new();
        for descriptor in &descriptors {
            messages.insert(descriptor.full_name().to_owned(), builder.message(descriptor)?);
        }
        Ok(Self {
            source: source.name.clone(),
            rpcs: builder.rpcs(),
            commands: builder.commands(&descriptors),
            schedule_actions: schedule_actions(&descriptors),
            payload_free: builder.payload_free(source),
            messages,
        })
    }
}

struct Builder {
    variants: HashMap<String, String>,
    requests: BTreeSet<String>,
    reach: reach::Reach,
}

impl Builder {
    fn message(&self, descriptor: &MessageDescriptor) -> Result<Message, String> {
        let mut fields = Vec::new();
        for field in descriptor.fields() {
            fields.extend(self.field(&field)?);
        }
        fields.sort_by_key(|field: &Field| field.number);
        let numbers = || descriptor.fields().map(|field| field.number()).collect();
        Ok(Message {
            full_name: descriptor.full_name().to_owned(),
            variant: self.variants[descriptor.full_name()].clone(),
            module: name::module(descriptor),
            kept: rules::kept(descriptor),
            bears_payloads: self.reach.bears_payloads(descriptor),
            watched: rules::watched(descriptor).then(numbers),
            fields,
        })
    }

    fn field(&self, field: &FieldDescriptor) -> Result<Option<Field>, String> {
        if rules::never_touched(field) || field.parent_message().full_name() == rules::PAYLOAD {
            return Ok(None);
        }
        let Some(target) = self.target(field)? else { return Ok(None) };
        Ok(Some(Field {
            number: field.number(),
            name: field.name().to_owned(),
            policy: match target {
                Target::Message(..) | Target::Payload => rules::policy(field)?,
                _ => None,
            },
            target,
            repeated: field.is_list() || field.is_map(),
        }))
    }

    fn target(&self, field: &FieldDescriptor) -> Result<Option<Target>, String> {
        let is_request = self.requests.contains(field.parent_message().full_name());
        if let Some(inner) = rules::inside(field, is_request) {
            check_inside(field, inner)?;
            return Ok(Some(Target::Inside(inner)));
        }
        let Kind::Message(message) = field.kind() else {
            return Ok(rules::of_scalar(field, is_request).map(Target::Capture));
        };
        Ok(match message.full_name() {
            rules::PAYLOAD => Some(Target::Payload),
            rules::ANY => Some(Target::Any),
            rules::BLOB => Some(Target::Blob),
            name if self.reach.leads_somewhere(&message) => {
                Some(Target::Message(name::module(&message), self.variants[name].clone()))
            }
            _ => None,
        })
    }

    fn rpcs(&self) -> Vec<Rpc> {
        let rpc = |method: &prost_reflect::MethodDescriptor| Rpc {
            service: method.parent_service().full_name().to_owned(),
            method: method.name().to_owned(),
            request: self.variants[method.input().full_name()].clone(),
            response: self.variants[method.output().full_name()].clone(),
        };
        let mut rpcs: Vec<Rpc> = self.reach.methods().iter().map(rpc).collect();
        rpcs.sort_by(|a, b| (&a.service, &a.method).cmp(&(&b.service, &b.method)));
        rpcs
    }

    fn commands(&self, descriptors: &[MessageDescriptor]) -> Vec<(String, String)> {
        let command = descriptors.iter().find(|d| d.full_name() == "temporal.api.command.v1.Command");
        let arms = command.into_iter().flat_map(|command| command.oneofs()).flat_map(|oneof| {
            oneof.fields().filter_map(|field| field.kind().as_message().cloned()).collect::<Vec<_>>()
        });
        arms.map(|arm| {
            let variant = self.variants[arm.full_name()].clone();
            (variant.trim_end_matches("CommandAttributes").to_owned(), variant)
        })
        .collect()
    }

    fn payload_free(&self, source: &Source) -> Vec<String> {
        let mut names: Vec<String> = source
            .pool
            .all_messages()
            .filter(|message| {
                rules::known_in_any(message) && !self.variants.contains_key(message.full_name())
            })
            .map(|message| message.full_name().to_owned())
            .collect();
        names.sort();
        names
    }
}

fn schedule_actions(descriptors: &[MessageDescriptor]) -> Vec<(String, String, u32)> {
    let action = descriptors.iter().find(|d| d.full_name() == "temporal.api.schedule.v1.ScheduleAction");
    let oneofs = action.into_iter().flat_map(MessageDescriptor::oneofs);
    oneofs
        .flat_map(|oneof| oneof.fields().collect::<Vec<_>>())
        .map(|arm| (name::camel(arm.name()), arm.name().to_owned(), arm.number()))
        .collect()
}

/// Checks that the fields that the decisions name by number still have the names that the decisions give them.
fn check_inside(field: &FieldDescriptor, inner: &[Inner]) -> Result<(), String> {
    let kind = field.kind();
    let Some(message) = kind.as_message() else { return Err(format!("{} is no message", field.full_name())) };
    for (number, name, captured) in inner {
        let found = message.get_field(*number).filter(|found| found.name() == *name).ok_or_else(|| {
            format!("{} has no field {name} = {number}: see rules/captures.rs", message.full_name())
        })?;
        if let Captured::Inside(deeper) = captured {
            check_inside(&found, deeper)?;
        }
    }
    Ok(())
}
