//! Defines the contract of a layout: the spelling of keys and claims.

use std::fmt;

use super::{ClaimFields, KeyFormat, Location};
use crate::Result;

/// Spells keys and claims as one store wants them.
///
/// The engine asks it for constants and for one rendering; it holds no state and makes no request.
pub trait Layout: Send + Sync + fmt::Debug + 'static {
    /// Returns the store's spelling of the shared key layout.
    fn keys(&self) -> &KeyFormat;

    /// Returns the names of a claim's fields.
    fn claims(&self) -> &ClaimFields;

    /// Refuses, before any request, a location of a claim that the claim policy allows and this store
    /// does not take as it stands: the disk driver refuses keys that look like a path out of its root.
    ///
    /// # Errors
    ///
    /// `InvalidClaim`.
    fn admit(&self, _location: &Location) -> Result<()> {
        Ok(())
    }

    /// Describes a location in the store's own words, for errors: `bucket=payments key=v0/…`.
    fn describe(&self, location: &Location) -> String;
}
