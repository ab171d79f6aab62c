//! What comes back is what went in.  (ES-009)

use crate::case::{Case, CaseResult, Cx};
use crate::fixture;

pub(super) const CASES: &[Case] = &[Case::core(
    "round_trip.single",
    &["ES-009"],
    "stores and retrieves one small payload",
    "it is what a driver is for",
    |cx| Box::pin(single(cx)),
)];

async fn single(cx: Cx) -> CaseResult {
    let payload = fixture::payload(&mut cx.rng(), 100);
    cx.round_trip(vec![payload]).await
}
