//! Lists wrong drivers whose errors do not say which payload failed.

use extstore::ErrorKind;

use super::Mutant;
use super::hooks::{Hooks, RIGHT, hooks};

pub(super) const MUTANTS: &[Mutant] =
    &[Mutant::new("errors.names_everything", "a_missing_object_has_no_index", |recipe| {
        let error = |error: extstore::Error| match error.kind() {
            ErrorKind::NotFound => error.with_index(0, 1),
            _ => error,
        };
        hooks(recipe, Hooks { error, ..RIGHT });
    })];
