//! Lists wrong drivers that complete or guess claims, or refuse them for the wrong reason.

use extstore::{Claim, ErrorKind};

use super::Mutant;
use super::hooks::{Hooks, RIGHT, each_claim, hooks};
use crate::http_store::Site;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("bad_claim.missing_field", "a_missing_bucket_is_the_configured_one", |recipe| {
        each_claim(recipe, |site, claim| match claim.get("bucket") {
            None if claim.get("key").is_some() => claim.with("bucket", site.bucket.as_str()),
            _ => claim,
        });
    }),
    Mutant::new("bad_claim.empty_value", "an_empty_bucket_is_the_configured_one", |recipe| {
        each_claim(recipe, |site, claim| match claim.get("bucket") {
            Some("") => claim.with("bucket", site.bucket.as_str()),
            _ => claim,
        });
    }),
    Mutant::new("bad_claim.empty_map", "an_empty_claim_is_a_defect_of_the_driver", |recipe| {
        let claims_in = |_: &Site, claims: Vec<Claim>| match claims.as_slice() {
            [only] if only.is_empty() => Err(ErrorKind::Internal.error("index out of bounds")),
            _ => Ok(claims),
        };
        hooks(recipe, Hooks { claims_in, ..RIGHT });
    }),
    Mutant::new("bad_claim.extra_fields", "unknown_fields_are_refused", |recipe| {
        let claims_in = |_: &Site, claims: Vec<Claim>| match claims.iter().all(has_known_fields_only) {
            true => Ok(claims),
            false => Err(ErrorKind::InvalidClaim.error("the claim has an unknown field")),
        };
        hooks(recipe, Hooks { claims_in, ..RIGHT });
    }),
    Mutant::new("bad_claim.huge_value", "unknown_fields_may_have_any_size", |recipe| {
        each_claim(recipe, |_, claim| claim.iter().filter(|(name, _)| KNOWN.contains(name)).collect());
    }),
    Mutant::new("bad_claim.other_driver", "names_of_fields_are_guessed", |recipe| {
        each_claim(recipe, |_, claim| {
            let guess = |(name, value)| (str::strip_prefix(name, "x-").unwrap_or(name).to_owned(), value);
            if claim.get("key").is_some() { claim } else { claim.iter().map(guess).collect() }
        });
    }),
    Mutant::new("bad_claim.future_version", "an_unknown_layout_is_taken_for_missing", |recipe| {
        let claims_in = |_: &Site, claims: Vec<Claim>| {
            let newer = |claim: &Claim| claim.get("key").is_some_and(|key| key.contains("/v9/"));
            match claims.iter().any(newer) {
                true => Err(ErrorKind::NotFound.error("there is no object at this location")),
                false => Ok(claims),
            }
        };
        hooks(recipe, Hooks { claims_in, ..RIGHT });
    }),
    Mutant::new("bad_claim.one_in_batch", "a_bad_claim_has_no_place", |recipe| {
        let error = |error: extstore::Error| match error.kind() {
            ErrorKind::InvalidClaim => error.with_index(0, 1),
            _ => error,
        };
        hooks(recipe, Hooks { error, ..RIGHT });
    })
    .also(&["errors.names_everything"]),
];

const KNOWN: [&str; 6] = ["bucket", "key", "hash_algorithm", "hashAlgorithm", "hash_value", "hashValue"];

fn has_known_fields_only(claim: &Claim) -> bool {
    claim.iter().all(|(name, _)| KNOWN.contains(&name))
}
