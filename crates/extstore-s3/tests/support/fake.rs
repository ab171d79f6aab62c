//! Runs a store in memory, for what a real server does not do on demand.

use std::collections::HashMap;
use std::sync::Mutex;

use super::recorder::{Answer, Recorded, Recorder};

/// Says how a store treats `If-None-Match` and `If-Match`.
#[derive(Clone, Copy)]
pub(crate) enum Conditions {
    Honoured,
    Ignored,
    /// Refused with this status and code.
    Refused(u16, &'static str),
}

/// Starts a store without objects.
pub(crate) async fn start(conditions: Conditions) -> Recorder {
    start_with(conditions, |_| None).await
}

/// Starts a store that first asks whether a request has an answer of its own.
pub(crate) async fn start_with(
    conditions: Conditions,
    first: impl Fn(&Recorded) -> Option<Answer> + Send + Sync + 'static,
) -> Recorder {
    let objects = Mutex::<HashMap<String, Vec<u8>>>::default();
    Recorder::start(move |request| {
        first(request).unwrap_or_else(|| answer(conditions, &mut objects.lock().unwrap(), request))
    })
    .await
}

fn answer(conditions: Conditions, objects: &mut HashMap<String, Vec<u8>>, request: &Recorded) -> Answer {
    let key = request.target.split('?').next().unwrap().to_owned();
    match request.method.as_str() {
        "PUT" => put(conditions, objects, key, request),
        _ => match objects.get(&key) {
            Some(body) if request.method == "HEAD" => Answer::looked_at(body.len()),
            Some(body) => Answer::object(body.clone()),
            None => Answer::error(404, "NoSuchKey"),
        },
    }
}

fn put(
    conditions: Conditions,
    objects: &mut HashMap<String, Vec<u8>>,
    key: String,
    request: &Recorded,
) -> Answer {
    let absent = request.header("if-none-match").is_some();
    let conditional = absent || request.header("if-match").is_some();
    match conditions {
        Conditions::Refused(status, code) if conditional => return Answer::error(status, code),
        Conditions::Honoured if absent && objects.contains_key(&key) => {
            return Answer::error(412, "PreconditionFailed");
        }
        _ => {}
    }
    objects.insert(key, request.body.clone());
    Answer::stored()
}
