//! Checks that a driver heeds what its store says of an object, and makes nothing up.  (ES-026, ES-030, ES-031, ES-034)

mod said;
mod unsaid;

use crate::case::{Case, Level, Stop};

pub(super) const CASES: &[Case] = &[
    Case::core(
        "status.expiring",
        &["ES-026", "ES-030"],
        "lets the store say that it will soon delete an object, and stores its payload again",
        "a claim to an object that the store itself announces as gone tomorrow loses a workflow",
        |cx| Box::pin(said::expiring(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "status.end_stands",
        &["ES-026", "ES-030"],
        "lets the store say that it will soon delete an object whatever is written to it, and stores its payload again",
        "a renewal that did not help must fail while the payload is still at hand",
        |cx| Box::pin(said::end_stands(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "status.archived",
        &["ES-030"],
        "archives an object and stores its payload again",
        "an acknowledged payload that takes hours to restore stops its workflow",
        |cx| Box::pin(said::archived(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "status.archived_read",
        &["ES-019", "ES-030"],
        "archives an object and retrieves it",
        "an operator who is told that data is lost does not restore it from the archive",
        |cx| Box::pin(said::archived_read(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "status.renewal_refused",
        &["ES-026", "ES-030"],
        "lets an object grow old, forbids to write over it, and stores its payload again",
        "what cannot be renewed will be deleted: its store must fail while the payload is still at hand",
        |cx| Box::pin(said::renewal_refused(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "status.check_renews",
        &["ES-034"],
        "checks a driver that may renew, forbids to write over objects, and checks it again",
        "a missing permission that only old objects need is found weeks after the deployment",
        |cx| Box::pin(said::check_renews(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "status.length_unknown",
        &["ES-031", "ES-016"],
        "lets the store tell no lengths, and stores and retrieves what is there, right and wrong",
        "streamed answers have no length: it is neither zero nor a reason to trust",
        |cx| Box::pin(unsaid::length_unknown(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "status.lagging_replica",
        &["ES-027", "ES-031"],
        "hides an object from some requests, and from all, and stores its payload again",
        "a create goes to the leader and a look to a replica: what exists may not be found yet",
        |cx| Box::pin(unsaid::lagging_replica(cx)),
    )
    .at(Level::Extended),
];

/// Ends the case as not run where the status port could not do something.
fn done(done: bool, what: &str) -> Result<(), Stop> {
    if done { Ok(()) } else { Err(Stop::NotRun(format!("the status port cannot {what}"))) }
}
