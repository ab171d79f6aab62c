use super::*;
use crate::commands::conformance::plan::Place;
use crate::suites::OURS;

/// Makes a job of the driver on its first server, or embedded.
fn job(driver: &str) -> Job {
    let suite = OURS.by_driver(driver).expect("a known driver");
    let server = OURS.first_server_of(driver).map(Place::Container);
    let place = server.or(suite.embedded.map(Place::Embedded)).expect("a place");
    Job { suite, mutant: None, place }
}

fn report(outcomes: &[&str]) -> Report {
    let cases: Vec<_> = outcomes
        .iter()
        .enumerate()
        .map(|(i, outcome)| serde_json::json!({"id": format!("group.case_{i}"), "outcome": outcome, "does": "it"}))
        .collect();
    let mut report: Report =
        serde_json::from_value(serde_json::json!({"runs": [{"driver": "memory", "cases": cases}]}))
            .expect("a valid report");
    report.complete(&job("memory"));
    report
}

#[test]
fn a_skip_is_neither_a_pass_nor_a_failure() {
    assert!(report(&["pass", "unsupported", "not_run", "known_fail"]).passed());
    assert!(!report(&["unsupported", "not_run"]).passed());
    assert!(!report(&["pass", "fail"]).passed());
    assert!(!report(&["pass", "error"]).passed());
    assert!(!report(&[]).passed());
}

#[test]
fn a_survivor_fails_the_run() {
    let text = r#"{"mutants":[{"name":"m","killer":"k.c","outcome":"survived"}]}"#;
    let mut merged = report(&["pass"]);
    merged.add(serde_json::from_str(text).expect("a valid report"));
    assert_eq!((merged.failed(), merged.executed()), (1, 2));
}

#[test]
fn a_driver_without_a_container_lists_every_case_as_not_run() {
    let mut merged = report(&["pass", "fail"]);
    merged.add(Report::not_run(&job("s3"), "install an engine"));
    merged.spell_out_what_did_not_run();
    assert_eq!(merged.runs[1].summary.not_run, 2);
    assert_eq!(merged.runs[1].cases[0].observed, "install an engine");
    assert!(merged.lacks_a_container());
    assert!(!report(&["pass"]).lacks_a_container());
}

#[test]
fn a_suite_without_a_report_is_an_error() {
    assert_eq!(Report::broken(Run::of(&job("disk")), "it crashed".to_owned()).failed(), 1);
}

#[test]
fn what_is_not_known_here_survives() {
    let text = serde_json::to_string(&report(&["pass"])).expect("serialises");
    assert!(text.contains(r#""does":"it""#), "{text}");
}

#[test]
fn a_run_is_named_after_its_backend_whatever_the_suite_believes() {
    let text = r#"{"runs":[{"driver":"s3","backend":"the","cases":[]}]}"#;
    let mut report: Report = serde_json::from_str(text).expect("a valid report");
    report.complete(&job("s3"));
    assert_eq!(report.runs[0].backend, "seaweedfs");
}

#[test]
fn an_unknown_outcome_is_refused() {
    let text = r#"{"runs":[{"driver":"d","cases":[{"id":"a.b","outcome":"skipped"}]}]}"#;
    assert!(serde_json::from_str::<Report>(text).is_err());
}
