use std::fmt;

use super::{ClaimFields, KeyFormat, Location};

/// How one store spells keys and claims.
///
/// The engine asks it for constants and for one rendering; it holds no state and makes no request.
pub trait Layout: Send + Sync + fmt::Debug + 'static {
    /// The store's spelling of the shared key layout.
    fn keys(&self) -> &KeyFormat;

    /// The names of a claim's fields.
    fn claims(&self) -> &ClaimFields;

    /// A location in the store's own words, for errors: `bucket=payments key=v0/…`.
    fn describe(&self, location: &Location) -> String;
}
