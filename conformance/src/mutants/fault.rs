//! Lists wrong drivers that try too seldom, too often or for ever, or take a lost connection for an end.

use std::time::Duration;

use async_trait::async_trait;
use extstore::object::{Open, OpenObject, RetryPolicy};
use extstore::{
    Claim, ErrorKind, ExecutionTarget, Payload, Result, Retry, SelectContext, StoreContext, Target,
};
use futures_util::StreamExt as _;

use super::Mutant;
use super::hooks::{Hooks, RIGHT, hooks};
use super::wrong_backend::{self, WrongBackend, retell, wrong_backend};
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("fault.refused", "an_outage_is_for_ever", |recipe| {
        let error = |error: extstore::Error| match error.kind() {
            ErrorKind::Unavailable => error.with_retry(Retry::Never),
            _ => error,
        };
        hooks(recipe, Hooks { error, ..RIGHT });
    })
    .over_http(),
    Mutant::new("fault.blackhole", "there_is_no_time_out", |recipe| {
        // Three times what a sound driver takes.
        recipe.profile.deadline = Duration::from_secs(15);
        recipe.times_out = false;
    })
    .over_http(),
    Mutant::new("fault.ack_lost", "every_call_has_a_random_key", |recipe| {
        wrong_driver(recipe, |_| RandomKey);
    })
    .also(&[
        "identity.name_not_in_storage",
        "dedupe.canonical_encoding",
        "lifecycle.restore_extends",
        "status.renewal_refused",
        "interop.key_layout",
    ])
    .over_http(),
    Mutant::new("fault.reset_mid_download", "the_end_of_a_connection_ends_an_object", |recipe| {
        wrong_backend(recipe, |_| EndsEarly);
    })
    .over_http(),
    Mutant::new("fault.throttled_then_ok", "retry_after_is_ignored", |recipe| {
        retell(recipe, |error| match error.kind() {
            ErrorKind::Throttled => error.with_retry(Retry::Later),
            _ => error,
        });
    })
    .over_http(),
    Mutant::new("fault.budget_exhausted", "ten_attempts_more_than_declared", |recipe| {
        recipe.options = |options| {
            let pauses = (Duration::from_millis(20), Duration::from_millis(100));
            options.with_retry(RetryPolicy::attempts(13).with_pauses(pauses.0, pauses.1))
        };
    })
    .over_http(),
    Mutant::new("fault.no_pointless_retry", "what_is_forbidden_is_tried_again", |recipe| {
        retell(recipe, |error| match error.kind() {
            ErrorKind::PermissionDenied => error.with_retry(Retry::Later),
            _ => error,
        });
    })
    .over_http(),
];

struct RandomKey;

#[async_trait]
impl WrongDriver for RandomKey {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        let random = format!("{:032x}", fastrand::u128(..));
        let target = match context.target() {
            Some(Target::Workflow(execution)) => Target::Workflow(execution.clone().with_run_id(random)),
            Some(Target::Activity(execution)) => Target::Activity(execution.clone().with_run_id(random)),
            _ => Target::Workflow(ExecutionTarget::new("conformance").with_run_id(random)),
        };
        let select = SelectContext::new().with_namespace(context.namespace()).with_target(Some(target));
        inner.store(&StoreContext::new(select, context.operation().clone()), payloads).await
    }
}

struct EndsEarly;

#[async_trait]
impl WrongBackend for EndsEarly {
    async fn open(&self, inner: &wrong_backend::Inner, open: Open<'_>) -> Result<OpenObject> {
        let object = inner.open(open).await?;
        let until_lost = object.chunks.take_while(|chunk| std::future::ready(chunk.is_ok()));
        Ok(OpenObject::new(None, until_lost))
    }
}
