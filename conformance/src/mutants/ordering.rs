//! Lists wrong drivers that return results in another order than that of the input.

use async_trait::async_trait;
use extstore::{Claim, Payload, Result, RetrieveContext};

use super::Mutant;
use super::hooks::{Hooks, RIGHT, hooks};
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};
use crate::http_store::Site;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant::new("ordering.store", "claims_in_the_order_of_completion", |recipe| {
        let claims_out = |payloads: &[Payload], claims: Vec<Claim>| {
            if claims.len() < BULK {
                return claims;
            }
            let mut finished: Vec<(usize, Claim)> =
                payloads.iter().map(Payload::encoded_len).zip(claims).collect();
            // The smaller is the sooner; what is equal keeps its place.
            finished.sort_by_key(|(len, _)| *len);
            finished.into_iter().map(|(_, claim)| claim).collect()
        };
        hooks(recipe, Hooks { claims_out, ..RIGHT });
    })
    .also(&["ordering.retrieve_permuted", "size.many_small"]),
    Mutant::new("ordering.retrieve_permuted", "a_bulk_read_answers_in_the_order_of_keys", |recipe| {
        wrong_driver(recipe, |_| ServerOrder);
    })
    .also(&["size.many_small"]),
    Mutant::new("ordering.retrieve_duplicates", "a_bulk_read_is_a_set", |recipe| {
        let claims_in = |_: &Site, claims: Vec<Claim>| {
            let mut once: Vec<Claim> = Vec::new();
            for claim in claims {
                if !once.contains(&claim) {
                    once.push(claim);
                }
            }
            Ok(once)
        };
        hooks(recipe, Hooks { claims_in, ..RIGHT });
    })
    .also(&["round_trip.empty_payload", "dedupe.same_batch", "hostile.max_length", "hostile.injective"]),
];

/// Sets the number of payloads from which on they are stored together.
const BULK: usize = 64;

struct ServerOrder;

#[async_trait]
impl WrongDriver for ServerOrder {
    async fn retrieve(
        &self,
        inner: &Inner,
        context: &RetrieveContext,
        mut claims: Vec<Claim>,
    ) -> Result<Vec<Payload>> {
        if claims.len() >= BULK {
            claims.sort_by(|one, other| one.get("key").cmp(&other.get("key")));
        }
        inner.retrieve(context, claims).await
    }
}
