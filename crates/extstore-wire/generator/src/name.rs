//! Makes Rust names of protobuf names.

use std::collections::HashMap;

use prost_reflect::MessageDescriptor;

/// Converts `temporal.api.common.v1.Memo.FieldsEntry` to `MemoFieldsEntry`.
fn short(message: &MessageDescriptor) -> String {
    message.full_name()[message.package_name().len() + 1..].replace('.', "")
}

/// Converts `temporal.api.common.v1` to `common`: the file that a message's plan is written to.
pub(crate) fn module(message: &MessageDescriptor) -> String {
    let mut parts = message.package_name().rsplit('.').filter(|part| *part != "v1");
    parts.next().unwrap_or_default().to_owned()
}

/// Names that say too little without their package.
const VAGUE: [&str; 5] = ["Endpoint", "Input", "Message", "Outcome", "Status"];

/// The enum variant of each message. Where two packages use one name, or the name is vague, the package comes before it.
pub(crate) fn variants(messages: &[MessageDescriptor]) -> HashMap<String, String> {
    let mut uses: HashMap<String, usize> = HashMap::new();
    for message in messages {
        *uses.entry(short(message)).or_default() += 1;
    }
    let variant = |message: &MessageDescriptor| {
        let name = short(message);
        let is_clear = uses[&name] == 1 && !VAGUE.contains(&name.as_str());
        if is_clear { name } else { pascal(&module(message)) + &name }
    };
    messages.iter().map(|message| (message.full_name().to_owned(), variant(message))).collect()
}

fn pascal(word: &str) -> String {
    let (head, tail) = word.split_at(1);
    head.to_uppercase() + tail
}

/// Converts `start_workflow` to `StartWorkflow`.
pub(crate) fn camel(field: &str) -> String {
    field.split('_').filter(|word| !word.is_empty()).map(pascal).collect()
}

/// Converts `MemoFieldsEntry` to `MEMO_FIELDS_ENTRY`.
pub(crate) fn constant(variant: &str) -> String {
    let mut name = String::new();
    for (at, letter) in variant.char_indices() {
        if at > 0 && letter.is_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}
