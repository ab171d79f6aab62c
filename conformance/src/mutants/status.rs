//! Lists wrong backends that do not heed what the store says of an object, or make up what it does not say.

use std::time::Duration;

use async_trait::async_trait;
use extstore::object::{Create, Created, ObjectStat, Open, OpenObject, Renew, Renewed, Stat};
use extstore::{ErrorKind, Payload, Result, RetrieveContext, StoreContext};

use super::Mutant;
use super::wrong_backend::{Inner, WrongBackend, retell, wrong_backend};
use super::wrong_driver::{self, WrongDriver, wrong_driver};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("status.expiring", "what_the_store_says_of_an_end_is_ignored", |recipe| {
        wrong_backend(recipe, |_| Hears(|stat| stat.with_expires_in(None)));
    })
    .also(&["status.end_stands"]),
    Mutant::new("status.end_stands", "a_renewal_is_taken_for_one_that_moved_the_end", |recipe| {
        wrong_backend(recipe, |_| Promises);
    }),
    Mutant::new("status.archived", "whatever_is_there_can_be_read", |recipe| {
        wrong_backend(recipe, |_| Hears(|stat| stat.with_readable(true)));
    }),
    Mutant::new("status.archived", "what_lies_in_an_archive_is_stored", |recipe| {
        wrong_backend(recipe, |_| Trusts(|stat| stat.is_ok_and(|stat| !stat.readable)));
    }),
    Mutant::new("status.archived_read", "what_lies_in_an_archive_is_missing", |recipe| {
        retell(recipe, |error| match error.vendor().code.as_deref() {
            Some("Archived") => ErrorKind::NotFound.error("there is no object at this location"),
            _ => error,
        });
    }),
    Mutant::new("status.renewal_refused", "a_refused_renewal_is_overlooked", |recipe| {
        wrong_backend(recipe, |_| Overlooks);
    })
    .also(&["status.check_renews"]),
    Mutant::new("status.check_renews", "the_check_stores_and_retrieves_only", |recipe| {
        wrong_driver(recipe, |_| NeverRenews);
    }),
    Mutant::new("status.length_unknown", "an_object_without_a_length_is_empty", |recipe| {
        wrong_backend(recipe, |_| AnnouncesNothing);
    })
    .also(&["size.read_cap_unannounced"]),
    Mutant::new("status.length_unknown", "without_a_length_what_exists_is_trusted", |recipe| {
        wrong_backend(recipe, |_| Trusts(|stat| stat.is_ok_and(|stat| stat.len.is_none())));
    }),
    Mutant::new("status.lagging_replica", "what_exists_must_be_found_at_once", |recipe| {
        wrong_backend(recipe, |_| Insists);
    }),
    Mutant::new("status.lagging_replica", "what_exists_and_is_not_found_is_trusted", |recipe| {
        let missing = |stat: Result<ObjectStat>| stat.is_err_and(|error| error.kind() == ErrorKind::NotFound);
        wrong_backend(recipe, move |_| Trusts(missing));
    }),
];

/// Changes what the store says of an object.
struct Hears(fn(ObjectStat) -> ObjectStat);

#[async_trait]
impl WrongBackend for Hears {
    async fn stat(&self, inner: &Inner, stat: Stat<'_>) -> Result<ObjectStat> {
        inner.stat(stat).await.map(self.0)
    }
}

/// Says after each renewal that the object stays for a month.
struct Promises;

#[async_trait]
impl WrongBackend for Promises {
    async fn renew(&self, inner: &Inner, renew: Renew<'_>) -> Result<Renewed> {
        let month = Some(Duration::from_secs(30 * 24 * 3600));
        Ok(match inner.renew(renew).await? {
            Renewed::Renewed(said) => Renewed::Renewed(said.with_expires_in(month)),
            renewed => renewed,
        })
    }
}

/// Takes an object for a new one where the answer to a look is such.
struct Trusts(fn(Result<ObjectStat>) -> bool);

#[async_trait]
impl WrongBackend for Trusts {
    async fn create(&self, inner: &Inner, create: Create<'_>) -> Result<Created> {
        let created = inner.create(create).await?;
        let exists = matches!(created, Created::Exists(_));
        if exists && self.0(inner.stat(Stat::new(create.attempt(), create.location())).await) {
            return Ok(Created::Created(ObjectStat::unknown()));
        }
        Ok(created)
    }
}

struct Overlooks;

#[async_trait]
impl WrongBackend for Overlooks {
    async fn renew(&self, inner: &Inner, renew: Renew<'_>) -> Result<Renewed> {
        match inner.renew(renew).await {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                Ok(Renewed::Renewed(ObjectStat::unknown()))
            }
            renewed => renewed,
        }
    }
}

/// Checks with a payload that it stores and retrieves, as every driver can.
struct NeverRenews;

#[async_trait]
impl WrongDriver for NeverRenews {
    async fn check(&self, inner: &wrong_driver::Inner, context: &StoreContext) -> Result<()> {
        let claims = inner.store(context, vec![Payload::default()]).await?;
        inner.retrieve(&RetrieveContext::new(context.operation().clone()), claims).await.map(drop)
    }
}

struct AnnouncesNothing;

#[async_trait]
impl WrongBackend for AnnouncesNothing {
    async fn open(&self, inner: &Inner, open: Open<'_>) -> Result<OpenObject> {
        let object = inner.open(open).await?;
        Ok(OpenObject::new(Some(object.len.unwrap_or(0)), object.chunks))
    }
}

struct Insists;

#[async_trait]
impl WrongBackend for Insists {
    async fn stat(&self, inner: &Inner, stat: Stat<'_>) -> Result<ObjectStat> {
        let found = inner.stat(stat).await;
        found.map_err(|error| match error.kind() {
            ErrorKind::NotFound => ErrorKind::Conflict.error("the object exists and is not found"),
            _ => error,
        })
    }
}
