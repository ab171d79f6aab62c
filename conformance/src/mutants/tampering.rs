//! Lists wrong drivers that follow claims wherever they lead.

use extstore::object::Readable;

use super::Mutant;
use super::hooks::each_claim;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("tampering.foreign_location", "every_bucket_may_be_read", |recipe| {
        recipe.options = |options| options.with_readable(Readable::anywhere().under("data"));
    }),
    Mutant::new("tampering.path_traversal", "keys_are_resolved_as_paths", |recipe| {
        each_claim(recipe, |_, claim| match claim.get("key") {
            Some(key) => {
                let resolved = key.trim_start_matches('/').replace("/./", "/");
                claim.with("key", resolved)
            }
            None => claim,
        });
    }),
];
