//! The committed plan is current, and a newer API cannot pass unnoticed.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use extstore_wire_plan::{Source, compile, generate};

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/plan/generated");

#[test]
fn the_committed_plan_is_what_the_published_files_give() {
    let files = generate(&compile(None).unwrap()).unwrap();
    for (name, content) in &files {
        let committed = fs::read_to_string(Path::new(COMMITTED).join(name)).unwrap_or_default();
        assert!(committed == *content, "{name} is not current: run `cargo run -p extstore-wire-plan`");
    }
    assert_eq!(fs::read_dir(COMMITTED).unwrap().count(), files.len());
}

#[test]
fn a_payload_that_nobody_has_decided_stops_the_generation() {
    let source = changed("undecided", "command/v1/message.proto", |text| {
        let timer = "message StartTimerCommandAttributes {";
        text.replace(timer, &format!("{timer}\n    temporal.api.common.v1.Payload wake_up_call = 77;"))
    });
    let error = generate(&source).unwrap_err();
    assert!(error.contains("temporal.api.command.v1.StartTimerCommandAttributes.wake_up_call"), "{error}");
}

#[test]
fn a_new_command_is_a_new_variant() {
    let source = changed("command", "command/v1/message.proto", |text| {
        let arm = "message FlyCommandAttributes { temporal.api.common.v1.Payloads wings = 1; }";
        let text = text.replace("message Command {", &format!("{arm}\nmessage Command {{"));
        text.replace(
            "oneof attributes {",
            "oneof attributes {\n        FlyCommandAttributes fly_command_attributes = 20;",
        )
    });
    let files = generate(&source).unwrap();
    let commands = &files.iter().find(|(name, _)| name == "commands.rs").unwrap().1;
    assert!(commands.contains("Self::FlyCommandAttributes => Command::Fly,"), "{commands}");
    is_exhaustive(commands, "pub enum Command {");
}

/// Also an arm without payloads is a variant: the schedule's memo goes with what the schedule starts.
#[test]
fn a_new_action_of_a_schedule_is_a_new_variant() {
    let source = changed("action", "schedule/v1/message.proto", |text| {
        let arm = "message NewActivityExecutionInfo { string activity_id = 1; }";
        let text = text.replace("message ScheduleAction {", &format!("{arm}\nmessage ScheduleAction {{"));
        text.replace("oneof action {", "oneof action {\n        NewActivityExecutionInfo start_activity = 7;")
    });
    let files = generate(&source).unwrap();
    let actions = &files.iter().find(|(name, _)| name == "schedule_actions.rs").unwrap().1;
    assert!(actions.contains("1 => Self::StartWorkflow,"), "{actions}");
    assert!(actions.contains("7 => Self::StartActivity,"), "{actions}");
    is_exhaustive(actions, "pub enum ScheduleAction {");
}

#[test]
fn a_new_rpc_with_payloads_is_a_new_variant() {
    let source = changed("rpc", "workflowservice/v1/service.proto", |text| {
        let signal = "rpc SignalWorkflowExecution (";
        let types = "(SignalWorkflowExecutionRequest) returns (SignalWorkflowExecutionResponse) {}";
        text.replace(signal, &format!("rpc WhistleAtWorkflow {types}\n    {signal}"))
    });
    let files = generate(&source).unwrap();
    let rpcs = &files.iter().find(|(name, _)| name == "rpcs.rs").unwrap().1;
    assert!(rpcs.contains("    WhistleAtWorkflow,"), "{rpcs}");
    is_exhaustive(rpcs, "pub enum Rpc {");
}

/// With `#[non_exhaustive]` a host's tables would need an arm for the rest, and a new variant would pass unnoticed.
fn is_exhaustive(code: &str, declaration: &str) {
    assert!(code.contains(declaration) && !code.contains("non_exhaustive"), "{declaration}");
}

#[test]
fn a_captured_field_that_was_renumbered_stops_the_generation() {
    let source = changed("renumbered", "common/v1/message.proto", |text| {
        text.replace(
            "message WorkflowType {\n    string name = 1;",
            "message WorkflowType {\n    string name = 2;",
        )
    });
    let error = generate(&source).unwrap_err();
    assert!(error.contains("temporal.api.common.v1.WorkflowType has no field name = 1"), "{error}");
}

/// Copies the published files and changes one of them.
fn changed(name: &str, file: &str, change: impl Fn(&str) -> String) -> Source {
    let copy = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&copy);
    copy_directory(&compile(None).unwrap().directory, &copy);
    let path = copy.join("api_upstream/temporal/api").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let new = change(&text);
    assert_ne!(new, text, "the file has changed");
    fs::write(&path, new).unwrap();
    compile(Some(&copy)).unwrap()
}

fn copy_directory(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_directory(&entry.path(), &to);
        } else {
            fs::write(to, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}
