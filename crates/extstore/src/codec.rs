//! Defines the user's codec as far as references need it.

use async_trait::async_trait;

use crate::{Operation, Payload, Result, Target};

/// Encodes new references and decodes marked ones.
///
/// The user's codec for payloads has run before external storage sees a payload and runs again after
/// a restore; this trait hands the same codec over for the references alone, so that every payload in
/// a history carries exactly one application of it.  (ES-029)
///
/// # Contract
///
/// The application implements it, [`Message`](crate::Message) calls it.
///
/// # Shape
///
/// One payload per input, same order. `encode` is called once for the references of one driver and one target,
/// `decode` for one payload at a time.
///
/// # Errors
///
/// An error fails the whole message; a panic is an `Internal` error.
///
/// # Cancellation
///
/// The future is dropped at the message's deadline, and when another part of the message has failed.
#[async_trait]
pub trait ReferenceCodec: Send + Sync + 'static {
    /// Encodes references that were just made.
    async fn encode(&self, context: &ReferenceContext, references: Vec<Payload>) -> Result<Vec<Payload>>;

    /// Decodes payloads that carry the marker; the marker and the external sizes are taken off before.
    async fn decode(&self, context: &ReferenceContext, encoded: Vec<Payload>) -> Result<Vec<Payload>>;
}

/// Tells a [`ReferenceCodec`] whose references it encodes or decodes, for example to choose a key.
///
/// A reader knows less than a writer: choose a key for encoding by what [`decode`](ReferenceCodec::decode) is told too,
/// or write the key's name into the encoded payload.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ReferenceContext {
    namespace: Option<String>,
    target: Option<Target>,
    operation: Operation,
}

impl ReferenceContext {
    /// Builds a context in which neither namespace nor target is known.
    #[must_use]
    pub fn new(operation: Operation) -> Self {
        Self { operation, ..Self::default() }
    }

    /// Sets the ambient namespace: that of the client or worker. An empty one is not known.
    #[must_use]
    pub fn with_namespace(mut self, namespace: Option<&str>) -> Self {
        self.namespace = namespace.filter(|namespace| !namespace.is_empty()).map(str::to_owned);
        self
    }

    /// Sets the target of the payloads that the references stand for.
    #[must_use]
    pub fn with_target(mut self, target: Option<Target>) -> Self {
        self.target = target;
        self
    }

    /// Returns the ambient namespace, where the message has one. It is known in both directions.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Returns the target, where the host knows it. It is never known when references are decoded.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// Returns the message's operation, which has its deadline.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }
}
