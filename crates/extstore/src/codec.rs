//! The user's codec, as far as references need it.

use async_trait::async_trait;

use crate::{Payload, Result};

/// Encodes new references and decodes marked ones.
///
/// The user's codec for payloads has run before external storage sees a payload and runs again after
/// a restore; this trait hands the same codec over for the references alone, so that every payload in
/// a history carries exactly one application of it.  (ES-029)
///
/// # Shape
///
/// One payload per input, same order.
#[async_trait]
pub trait ReferenceCodec: Send + Sync + 'static {
    /// Encodes references that were just made.
    async fn encode(&self, references: Vec<Payload>) -> Result<Vec<Payload>>;

    /// Decodes payloads that carry the marker; the marker and the external sizes are taken off before.
    async fn decode(&self, encoded: Vec<Payload>) -> Result<Vec<Payload>>;
}
