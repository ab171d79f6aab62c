//! Writes the plan as readable Rust: one file per protobuf package, one line per field.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::{Field, Message, Plan, Target};
use crate::name::constant;
use crate::rules::{Captured, Inner};

mod tables;

/// Returns all files, by path.
pub(crate) fn files(plan: &Plan) -> Vec<(String, String)> {
    let modules: BTreeSet<&str> = plan.messages.values().map(|message| message.module.as_str()).collect();
    let mut files: Vec<(String, String)> =
        modules.iter().map(|module| (format!("{module}.rs"), package(plan, module))).collect();
    files.push(("mod.rs".to_owned(), tables::index(plan, &modules)));
    files.push(("types.rs".to_owned(), tables::types(plan)));
    files.push(("commands.rs".to_owned(), tables::commands(plan)));
    files.push(("schedule_actions.rs".to_owned(), tables::schedule_actions(plan)));
    files.push(("rpcs.rs".to_owned(), tables::rpcs(plan)));
    files.sort();
    files
}

/// Returns the first lines of every file.
fn head(plan: &Plan, about: &str) -> String {
    format!(
        "//! {about}\n//!\n//! Generated from {} by `cargo run -p extstore-wire-plan`. Do not edit.\n\n",
        plan.source
    )
}

fn package(plan: &Plan, module: &str) -> String {
    let messages: Vec<&Message> = plan.messages.values().filter(|message| message.module == module).collect();
    let mut body = String::new();
    messages.iter().for_each(|message| render_message(&mut body, message));
    let mut out = head(plan, &format!("The plan of `{}`.", package_name(messages[0])));
    out.push_str(&imports(&messages, module, &body));
    out + &body
}

fn package_name(message: &Message) -> &str {
    let name = &message.full_name;
    name.find(|c: char| c.is_uppercase()).map_or(name, |at| &name[..at - 1])
}

fn imports(messages: &[&Message], module: &str, body: &str) -> String {
    let targets =
        messages.iter().flat_map(|message| &message.fields).filter_map(|field| match &field.target {
            Target::Message(target, _) if target != module => Some(target.as_str()),
            _ => None,
        });
    let modules: BTreeSet<&str> = targets.collect();
    let mut out = String::new();
    for (path, marker) in [("crate::Capture", "Capture::"), ("crate::Policy", "Policy::")] {
        if body.contains(marker) {
            let _ = writeln!(out, "use {path};");
        }
    }
    if !modules.is_empty() {
        let _ = writeln!(out, "use super::{{{}}};", modules.into_iter().collect::<Vec<_>>().join(", "));
    }
    out.push_str("use super::MessageType as T;\n");
    let helpers = ["any", "blob", "capture", "inside", "into", "payload", "payloads"];
    let used = helpers.iter().filter(|helper| body.contains(&format!(" {helper}(")));
    let names = ["Message".to_owned()].into_iter().chain(used.map(|helper| (*helper).to_owned()));
    let _ = writeln!(out, "use crate::plan::{{{}}};", names.collect::<Vec<_>>().join(", "));
    out
}

fn render_message(out: &mut String, message: &Message) {
    let Message { full_name, variant, .. } = message;
    let _ = writeln!(out, "\n/// `{full_name}`");
    let _ = write!(out, "pub(crate) static {}: Message = Message::new(T::{variant}, ", constant(variant));
    if message.fields.is_empty() {
        out.push_str("&[])");
    } else {
        out.push_str("&[\n");
        message.fields.iter().for_each(|field| render_field(out, field, &message.module));
        out.push_str("])");
    }
    if message.kept {
        out.push_str(".kept()");
    }
    if let Some(numbers) = &message.watched {
        out.push_str(".watched(&[\n");
        for line in numbers.chunks(20) {
            let numbers: Vec<String> = line.iter().map(u32::to_string).collect();
            let _ = writeln!(out, "    {},", numbers.join(", "));
        }
        out.push_str("])");
    }
    out.push_str(";\n");
}

fn render_field(out: &mut String, field: &Field, module: &str) {
    let (number, name) = (field.number, &field.name);
    let _ = match &field.target {
        Target::Message(target, variant) if target == module => {
            write!(out, "    into({number}, \"{name}\", &{})", constant(variant))
        }
        Target::Message(target, variant) => {
            write!(out, "    into({number}, \"{name}\", &{target}::{})", constant(variant))
        }
        Target::Payload if field.repeated => write!(out, "    payloads({number}, \"{name}\")"),
        Target::Payload => write!(out, "    payload({number}, \"{name}\")"),
        Target::Any => write!(out, "    any({number}, \"{name}\")"),
        Target::Blob => write!(out, "    blob({number}, \"{name}\")"),
        Target::Capture(capture) => {
            write!(out, "    capture({number}, \"{name}\", Capture::{capture})")
        }
        Target::Inside(inner) => write!(out, "    inside({number}, \"{name}\", &{})", render_inner(inner)),
    };
    let single = matches!(field.target, Target::Any | Target::Blob) && !field.repeated;
    if single {
        out.push_str(".single()");
    }
    if let Some(policy) = field.policy {
        let _ = write!(out, ".policy(Policy::{policy})");
    }
    out.push_str(",\n");
}

fn render_inner(inner: &[Inner]) -> String {
    let fields = inner.iter().map(|(number, name, captured)| match captured {
        Captured::As(capture) => format!("capture({number}, \"{name}\", Capture::{capture})"),
        Captured::Inside(deeper) => format!("inside({number}, \"{name}\", &{})", render_inner(deeper)),
    });
    format!("[{}]", fields.collect::<Vec<_>>().join(", "))
}
