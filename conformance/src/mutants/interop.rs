//! Lists wrong drivers that spell keys or read claims in a dialect of their own.

use extstore::{Claim, ErrorKind};

use super::Mutant;
use super::hooks::{Hooks, RIGHT, hooks};
use crate::http_store::{HttpLayout, Site};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("interop.s3_go_python_claims", "only_snake_case_is_read", |recipe| {
        let claims_in = |_: &Site, claims: Vec<Claim>| {
            let camel_only =
                |claim: &Claim| claim.get("hashValue").is_some() && claim.get("hash_value").is_none();
            match claims.iter().any(camel_only) {
                true => Err(ErrorKind::InvalidClaim.error("the claim's field hash_value is missing")),
                false => Ok(claims),
            }
        };
        hooks(recipe, Hooks { claims_in, ..RIGHT });
    }),
    Mutant::new("interop.key_layout", "escapes_are_spelt_in_lower_case", |recipe| {
        recipe.layout.keys = recipe.layout.keys.clone().with_escape(|identity| {
            let escaped = HttpLayout::default().keys.escape(identity);
            let mut parts = escaped.split('%');
            let first = parts.next().unwrap_or_default().to_owned();
            // Two digits follow each sign.
            parts.fold(first, |out, part| out + "%" + &part[..2].to_lowercase() + &part[2..])
        });
    }),
];
