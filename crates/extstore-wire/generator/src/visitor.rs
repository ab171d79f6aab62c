//! Reads the positions that Temporal's generated payload visitor for Go enters, so that a test can compare the plan with a
//! second reading of the API.
//!
//! `cargo run -p extstore-wire-plan -- --visitor DIR` writes them to `tests/visitor.txt`. `DIR` is the directory of the
//! module `go.temporal.io/api`: `go mod download -json go.temporal.io/api@latest` prints it.

use std::collections::BTreeSet;

/// The file in the module, and the function in it that lists the positions: one `case` for each message type.
pub const FILE: &str = "proxy/interceptor.go";
const FUNCTION: &str = "\nfunc visitPayloads(\n";

/// Returns the positions as `temporal.api.common.v1.Memo Fields`: a message, and the name of its field in Go.
///
/// # Errors
///
/// A sentence where the text does not have the form that is read.
pub fn positions(go: &str) -> Result<BTreeSet<String>, String> {
    let (_, function) = go.split_once(FUNCTION).ok_or("the file has no function visitPayloads")?;
    let (function, _) = function.split_once("\n}\n").ok_or("the function does not end")?;
    let mut message = None;
    let mut positions = BTreeSet::new();
    for line in function.lines() {
        if let Some(case) = line.strip_prefix("\t\tcase ").and_then(|line| line.strip_suffix(':')) {
            message = case.strip_prefix('*').and_then(full_name);
        } else if let (Some(message), Some(field)) = (&message, field(line.trim())) {
            positions.insert(format!("{message} {field}"));
        }
    }
    if positions.is_empty() { Err("the function enters nothing".to_owned()) } else { Ok(positions) }
}

/// `common.Memo_Entry` to `temporal.api.common.v1.Memo.Entry`. Lists of messages are entered by their element's `case`.
fn full_name(go: &str) -> Option<String> {
    let (package, name) = go.split_once('.')?;
    (package != "anypb").then(|| format!("temporal.api.{package}.v1.{}", name.replace('_', ".")))
}

/// The field in `o.GetFields(),`, in `visitPayload(…, &o.Field)`, or in `o.Oneof.(*package.Message_Arm)`.
fn field(line: &str) -> Option<&str> {
    if let Some(getter) = line.strip_prefix("o.Get") {
        return getter.strip_suffix("(),");
    }
    if let Some((_, arm)) = line.strip_prefix("if w, ok := o.").and_then(|line| line.split_once(".(*")) {
        let (wrapper, _) = arm.split_once(')')?;
        return wrapper.rsplit('_').next();
    }
    let (_, single) = line.split_once("visitPayload(")?.1.split_once("&o.")?;
    single.split_once(')').map(|(field, _)| field)
}
