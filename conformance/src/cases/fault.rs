//! Breaks the way to the store: nobody listens, no answer comes, half an answer comes.  (ES-019, ES-021, ES-023)

mod behind;
mod busy;
mod lost;

use crate::case::Case;

pub(super) const CASES: &[Case] = &[
    Case::core(
        "fault.refused",
        &["ES-019", "ES-022"],
        "stores and retrieves while nobody listens, and again when somebody does",
        "a worker must not hang at the connection, nor take a short outage for the end",
        |cx| Box::pin(lost::refused(cx)),
    ),
    Case::core(
        "fault.blackhole",
        &["ES-023"],
        "stores and retrieves where connections are accepted and nothing is answered",
        "without a time-out of its own a call holds its workflow task for ever",
        |cx| Box::pin(lost::blackhole(cx)),
    ),
    Case::core(
        "fault.ack_lost",
        &["ES-021"],
        "loses the answer to an upload that the store accepted, and stores the payload again",
        "a retried workflow task would orphan the first object",
        |cx| Box::pin(lost::ack_lost(cx)),
    ),
    Case::core(
        "fault.reset_mid_download",
        &["ES-016", "ES-019"],
        "closes the connection in the middle of the answer",
        "the end of a connection is not the end of an object, and no reason to report a broken one",
        |cx| Box::pin(lost::reset_mid_download(cx)),
    ),
    Case::core(
        "fault.throttled_then_ok",
        &["ES-023"],
        "answers 503 with Retry-After: 1 twice, then 503, then normally",
        "a store that asks for time must get it, and the payload must arrive nevertheless",
        |cx| Box::pin(busy::throttled_then_ok(cx)),
    ),
    Case::core(
        "fault.budget_exhausted",
        &["ES-019", "ES-023"],
        "answers 503 for ever",
        "retries at several layers multiply, and a loop without an end blocks the worker",
        |cx| Box::pin(busy::budget_exhausted(cx)),
    ),
    Case::core(
        "fault.no_pointless_retry",
        &["ES-023"],
        "lets requests be forbidden, objects be missing and payloads be too large",
        "repeating what cannot succeed delays the error and loads the store",
        |cx| Box::pin(busy::no_pointless_retry(cx)),
    ),
];
