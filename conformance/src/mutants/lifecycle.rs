//! Objects that are said to be renewed and grow older.

use async_trait::async_trait;
use extstore::Result;
use extstore::object::{Attempt, Content, Location, ObjectVersion, Renewed};

use super::Mutant;
use super::twist::{Inner, Twist, twist};
use crate::http_store::Site;

pub(super) const MUTANTS: &[Mutant] =
    &[Mutant::new("lifecycle.restore_extends", "what_is_right_is_not_renewed", |recipe| {
        twist(recipe, |site| Skips(site.clone()));
    })];

struct Skips(Site);

#[async_trait]
impl Twist for Skips {
    async fn renew(
        &self,
        inner: &Inner,
        attempt: &Attempt,
        at: &Location,
        content: &Content,
        version: Option<&ObjectVersion>,
    ) -> Result<Renewed> {
        match self.0.objects.get(at) {
            Some((bytes, _)) if bytes == content.body.to_bytes() => Ok(Renewed::Renewed),
            _ => inner.renew(attempt, at, content, version).await,
        }
    }
}
