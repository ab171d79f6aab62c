//! Lists where a payload can stand, and how it gets there from the writer and to the reader.
//!
//! Where both directions of a call carry one (query, update), or where there are two kinds of readers (memo, failure),
//! a position has two legs, and both must hold.

use super::legs::{Leg, Proof};

/// Describes a position: a place for payloads in a call or a history.
#[derive(Debug)]
pub(super) struct Position {
    pub(super) name: &'static str,
    /// The legs by name, all of which must hold.
    pub(super) legs: &'static [(&'static str, Way)],
}

/// Sends a payload on its way and says whether it arrived.
type Way = fn(&Leg<'_>) -> Proof;

/// Lists all positions of a pairing, in the order of the report.
pub(super) const ALL: [Position; 9] = [
    Position { name: "workflow_input", legs: &[("input", workflow_input)] },
    Position { name: "workflow_result", legs: &[("result", workflow_result)] },
    Position { name: "activity_input", legs: &[("input", activity_input)] },
    Position { name: "activity_result", legs: &[("result", activity_result)] },
    Position { name: "signal", legs: &[("input", signal)] },
    Position { name: "query", legs: &[("argument", query_argument), ("answer", query_answer)] },
    Position { name: "update", legs: &[("argument", update_argument), ("answer", update_answer)] },
    Position { name: "memo", legs: &[("workflow", memo_in_workflow), ("describe", memo_described)] },
    Position {
        name: "failure_details",
        legs: &[("workflow", workflow_failure), ("activity", activity_failure)],
    },
];

/// Lets the writer's client start a workflow on the reader's worker.
fn workflow_input(leg: &Leg<'_>) -> Proof {
    leg.start(leg.writer, "TakeInput", leg.reader, "content", leg.reader)?;
    leg.exact(&leg.awaited("result", leg.writer)?)?;
    leg.moved("/workflowExecutionStartedEventAttributes/input/payloads/0")
}

/// The writer's workflow returns to the reader's client.
fn workflow_result(leg: &Leg<'_>) -> Proof {
    leg.start(leg.reader, "GiveResult", leg.writer, "order", leg.writer)?;
    leg.exact(&leg.awaited("result", leg.reader)?)?;
    leg.moved("/workflowExecutionCompletedEventAttributes/result/payloads/0")
}

/// Lets the writer's workflow call an activity of the reader.
fn activity_input(leg: &Leg<'_>) -> Proof {
    leg.start(leg.writer, "CallTake", leg.writer, "order", leg.reader)?;
    leg.exact(&leg.awaited("result", leg.writer)?)?;
    leg.moved("/activityTaskScheduledEventAttributes/input/payloads/0")
}

/// The writer's activity returns to a workflow of the reader.
fn activity_result(leg: &Leg<'_>) -> Proof {
    leg.start(leg.reader, "CallGive", leg.reader, "order", leg.writer)?;
    leg.exact(&leg.awaited("result", leg.reader)?)?;
    leg.moved("/activityTaskCompletedEventAttributes/result/payloads/0")
}

/// The writer's client signals a workflow of the reader.
fn signal(leg: &Leg<'_>) -> Proof {
    leg.start(leg.writer, "Listen", leg.reader, "nothing", leg.reader)?;
    leg.call(leg.writer, "signal", "deliver", "content")?;
    leg.exact(&leg.finish()?)?;
    leg.moved("/workflowExecutionSignaledEventAttributes/input/payloads/0")
}

/// Lets the writer's client query a workflow of the reader with a large argument, of which there is no history.
fn query_argument(leg: &Leg<'_>) -> Proof {
    leg.start(leg.writer, "Listen", leg.reader, "nothing", leg.reader)?;
    let told = leg.call(leg.writer, "query", "ask_take", "content")?;
    leg.exact(&told)?;
    leg.finish()?;
    leg.stored_and_fetched()
}

/// The writer's workflow gives the reader's client a large answer, and the runner the same one, which it reads raw.
fn query_answer(leg: &Leg<'_>) -> Proof {
    leg.start(leg.reader, "Listen", leg.writer, "nothing", leg.writer)?;
    let told = leg.call(leg.reader, "query", "ask_give", "order")?;
    leg.exact(&told)?;
    leg.answers_with_a_reference("ask_give", leg.writer)?;
    leg.finish()?;
    leg.stored_and_fetched()
}

/// The writer's client updates a workflow of the reader. The event of the acceptance holds the client's request.
fn update_argument(leg: &Leg<'_>) -> Proof {
    leg.start(leg.writer, "Listen", leg.reader, "nothing", leg.reader)?;
    let told = leg.call(leg.writer, "update", "take", "content")?;
    leg.exact(&told)?;
    leg.finish()?;
    leg.moved("/workflowExecutionUpdateAcceptedEventAttributes/acceptedRequest/input/args/payloads/0")
}

/// Lets the writer's workflow answer an update by the reader's client.
fn update_answer(leg: &Leg<'_>) -> Proof {
    leg.start(leg.reader, "Listen", leg.writer, "nothing", leg.writer)?;
    let told = leg.call(leg.reader, "update", "give", "order")?;
    leg.exact(&told)?;
    leg.finish()?;
    leg.moved("/workflowExecutionUpdateCompletedEventAttributes/outcome/success/payloads/0")
}

const MEMO: &str = "/workflowExecutionStartedEventAttributes/memo/fields/note";

/// Lets the writer's client set a memo that a workflow of the reader reads.
fn memo_in_workflow(leg: &Leg<'_>) -> Proof {
    leg.start_with_memo(leg.writer, "ShowMemo", leg.reader)?;
    leg.exact(&leg.awaited("result", leg.writer)?)?;
    leg.moved(MEMO)
}

/// Lets the writer's client set a memo that the reader's client describes; the workflow is the writer's, so that
/// nothing but the description can have fetched it.
fn memo_described(leg: &Leg<'_>) -> Proof {
    leg.start_with_memo(leg.writer, "ShowMemo", leg.writer)?;
    leg.exact(&leg.awaited("memo", leg.reader)?)?;
    leg.awaited("result", leg.writer)?;
    leg.moved(MEMO)
}

/// The writer's workflow fails, and the reader's client reads why.
fn workflow_failure(leg: &Leg<'_>) -> Proof {
    leg.start(leg.reader, "Fail", leg.writer, "order", leg.writer)?;
    leg.exact(&leg.awaited("failure", leg.reader)?)?;
    leg.moved("/workflowExecutionFailedEventAttributes/failure/applicationFailureInfo/details/payloads/0")
}

/// The writer's activity fails, and a workflow of the reader reads why.
fn activity_failure(leg: &Leg<'_>) -> Proof {
    leg.start(leg.reader, "CallFail", leg.reader, "order", leg.writer)?;
    leg.exact(&leg.awaited("result", leg.reader)?)?;
    leg.moved("/activityTaskFailedEventAttributes/failure/applicationFailureInfo/details/payloads/0")
}
