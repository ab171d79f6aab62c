//! Makes messages that are full: every field set, every arm of every oneof in some element or some variant.

use std::collections::HashMap;

use extstore_wire_plan::prost_reflect::prost::Message as _;
use extstore_wire_plan::prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, Value,
};

use super::descriptor;

/// Lists what an `Any` holds in turn: the messages of updates, and details of errors.
const IN_ANY: [&str; 7] = [
    "temporal.api.update.v1.Request",
    "temporal.api.update.v1.Acceptance",
    "temporal.api.update.v1.Rejection",
    "temporal.api.update.v1.Response",
    "temporal.api.errordetails.v1.QueryFailedFailure",
    "temporal.api.errordetails.v1.NotFoundFailure",
    "temporal.api.errordetails.v1.MultiOperationExecutionFailure",
];
const ENVELOPE: &str = "temporal.api.workflowservice.v1.SignalWithStartWorkflowExecutionRequest";
/// A message type is inside itself at most so often.
const RECURSION: usize = 2;

/// Fills messages; each payload gets a text that no other one has.
pub(crate) struct Population {
    /// Says which arm of a oneof outside lists is chosen, and which of the other alternatives.
    pub(crate) variant: usize,
    /// The most elements of a list of messages; then the variant says which arm the first of them has.
    pub(crate) longest_list: usize,
    next: usize,
    anys: usize,
    inside: Vec<String>,
}

impl Population {
    /// Chooses one of the alternatives.
    pub(crate) fn new(variant: usize) -> Self {
        Self { variant, longest_list: usize::MAX, next: 0, anys: variant, inside: Vec::new() }
    }

    /// Makes a full message.
    pub(crate) fn message(&mut self, descriptor: &MessageDescriptor) -> DynamicMessage {
        self.with_arm(descriptor, self.variant)
    }

    /// Makes a full message with this arm of its oneofs.
    fn with_arm(&mut self, descriptor: &MessageDescriptor, arm: usize) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        match descriptor.full_name() {
            "temporal.api.common.v1.Payload" => return self.payload(),
            "google.protobuf.Any" => {
                self.fill_any(&mut message);
                return message;
            }
            "temporal.api.common.v1.DataBlob" => {
                self.fill_blob(&mut message);
                return message;
            }
            _ => {}
        }
        self.inside.push(descriptor.full_name().to_owned());
        for field in descriptor.fields().filter(|field| is_chosen(field, arm)) {
            if let Some(value) = self.value(&field) {
                message.set_field(&field, value);
            }
        }
        self.inside.pop();
        self.address_the_server(&mut message);
        message
    }

    fn value(&mut self, field: &FieldDescriptor) -> Option<Value> {
        if field.is_map() {
            let kind = field.kind();
            let entry = kind.as_message()?.clone();
            let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
            let entries = (1..=2).filter_map(|n| Some((map_key(&key.kind(), n), self.single(&value, n)?)));
            return Some(Value::Map(entries.collect::<HashMap<_, _>>()));
        }
        if field.is_list() {
            let all = field.kind().as_message().map_or(2, arms);
            let first = if all > self.longest_list { self.variant } else { 0 };
            let arms = first..first + all.min(self.longest_list);
            return Some(Value::List(arms.filter_map(|arm| self.single(field, arm)).collect()));
        }
        self.single(field, self.variant + self.inside.len())
    }

    fn single(&mut self, field: &FieldDescriptor, arm: usize) -> Option<Value> {
        Some(match field.kind() {
            Kind::Message(inner) => {
                let name = inner.full_name();
                if self.inside.iter().filter(|outer| *outer == name).count() > RECURSION {
                    return None;
                }
                Value::Message(self.with_arm(&inner, arm))
            }
            Kind::String => Value::String(format!("{} {}", field.name(), self.variant)),
            Kind::Bytes => Value::Bytes(vec![0xff, 0, self.variant as u8].into()),
            Kind::Bool => Value::Bool(true),
            Kind::Double => Value::F64(1.5),
            Kind::Float => Value::F32(1.5),
            Kind::Enum(values) => Value::EnumNumber(values.values().last()?.number()),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(-7),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(1 << 40),
            Kind::Uint32 | Kind::Fixed32 => Value::U32(300),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(7),
        })
    }

    fn payload(&mut self) -> DynamicMessage {
        self.next += 1;
        // Sizes around the widths of a length.
        let padding = "x".repeat([0, 1, 60, 100, 128, 300][self.next % 6]);
        payload(&[("encoding", b"json/plain")], format!("payload {} {padding}", self.next).as_bytes())
    }

    fn fill_any(&mut self, any: &mut DynamicMessage) {
        self.anys += 1;
        let mut name = IN_ANY[self.anys % IN_ANY.len()];
        if self.inside.iter().any(|outer| outer == name) {
            name = IN_ANY[0];
        }
        let content = self.message(&descriptor(name)).encode_to_vec();
        any.set_field_by_name("type_url", Value::String(format!("type.googleapis.com/{name}")));
        any.set_field_by_name("value", Value::Bytes(content.into()));
    }

    fn fill_blob(&mut self, blob: &mut DynamicMessage) {
        self.next += 1;
        let encoding = if self.next.is_multiple_of(4) { 2 } else { 1 };
        let history = self.message(&descriptor("temporal.api.history.v1.History")).encode_to_vec();
        blob.set_field_by_name("encoding_type", Value::EnumNumber(encoding));
        blob.set_field_by_name("data", Value::Bytes(history.into()));
    }

    /// Every third Nexus operation is one that the server handles: marked, or known by its endpoint alone.
    fn address_the_server(&mut self, message: &mut DynamicMessage) {
        let can = message.has_field_by_name("endpoint") && message.has_field_by_name("input");
        if !can || self.inside.iter().any(|outer| outer == ENVELOPE) || self.variant.is_multiple_of(3) {
            return;
        }
        let content = self.message(&descriptor(ENVELOPE)).encode_to_vec();
        let mut metadata = vec![("encoding", &b"binary/protobuf"[..]), ("messageType", ENVELOPE.as_bytes())];
        if self.variant % 3 == 1 {
            metadata.push(("__temporal_system_payload", b"true"));
        } else {
            message.set_field_by_name("endpoint", Value::String("__temporal_system".to_owned()));
        }
        message.set_field_by_name("input", Value::Message(payload(&metadata, &content)));
    }
}

fn payload(metadata: &[(&str, &[u8])], data: &[u8]) -> DynamicMessage {
    let mut payload = DynamicMessage::new(descriptor("temporal.api.common.v1.Payload"));
    let entries = metadata
        .iter()
        .map(|(key, value)| (MapKey::String((*key).to_owned()), Value::Bytes(value.to_vec().into())));
    payload.set_field_by_name("metadata", Value::Map(entries.collect()));
    payload.set_field_by_name("data", Value::Bytes(data.to_vec().into()));
    payload
}

/// The most arms of a message's oneofs, at least two: so many elements show each of them.
fn arms(message: &MessageDescriptor) -> usize {
    message.oneofs().map(|oneof| oneof.fields().count()).max().unwrap_or(0).max(2)
}

fn is_chosen(field: &FieldDescriptor, arm: usize) -> bool {
    field.containing_oneof().is_none_or(|oneof| {
        let fields: Vec<_> = oneof.fields().collect();
        fields[arm % fields.len()].number() == field.number()
    })
}

fn map_key(kind: &Kind, n: usize) -> MapKey {
    match kind {
        Kind::String => MapKey::String(format!("key {n}")),
        Kind::Int32 => MapKey::I32(n as i32),
        _ => MapKey::I64(n as i64),
    }
}
