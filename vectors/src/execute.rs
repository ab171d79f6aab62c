//! Runs one vector and says how it ended.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value};

use crate::directory::Work;
use crate::report::Outcome;
use crate::subject::Subject;
use crate::verdict::{Disagreement, Verdict, outcome};
use crate::{batch, config, history, read, store};

/// Runs one vector; a panic is its failure and nobody else's.
pub(crate) async fn execute(subject: &Subject, work: &Work) -> (Outcome, String) {
    let verdict = AssertUnwindSafe(compare(subject, work)).catch_unwind().await;
    outcome(verdict.unwrap_or_else(|_| Err("it panicked".into())))
}

async fn compare(subject: &Subject, work: &Work) -> Verdict {
    match work {
        Work::Store(vector) => store::run(subject, &parse(vector)?).await,
        Work::Batch(vector) => batch::run(subject, &parse(vector)?).await,
        Work::Read(vector) => read::run(subject, &parse(vector)?).await,
        Work::Config(vector) => config::run(subject, &parse(vector)?).await,
        Work::History { history, objects } => history::run(subject, history, &parse(objects)?).await,
        Work::Unknown(reason) => Err(Disagreement::NotRun(reason.clone())),
    }
}

fn parse<T: DeserializeOwned>(vector: &Value) -> Result<T, String> {
    from_value(vector.clone()).map_err(|error| format!("it cannot be read: {error}"))
}
