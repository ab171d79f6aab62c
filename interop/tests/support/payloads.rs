//! Visits the payloads of a history.

use extstore::{Claim, Detected, Reference};
use extstore_temporal::from_sdk;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use temporalio_common::data_converters::{DataConverter, PayloadConversionError, SerializationContextData};
use temporalio_common::payload_visitor::{
    AsyncPayloadVisitor, PayloadField, PayloadFieldData, PayloadVisitable as _,
};
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::history::v1::History;

/// Decodes every payload with a converter's codec, and returns each beside what it was.
pub(crate) async fn decode(history: &mut History, converter: &DataConverter) -> Vec<(Payload, Payload)> {
    let mut visitor = Decode { converter, seen: Vec::new() };
    history.visit_payloads_mut(&mut visitor).await.expect("every payload resolves");
    visitor.seen
}

/// Returns the claims of all references.
pub(crate) async fn claims(history: &History) -> Vec<Claim> {
    let payloads = decode(&mut history.clone(), &DataConverter::default()).await;
    payloads.into_iter().filter_map(|(payload, _)| claim(payload)).collect()
}

/// Returns the claim, where the payload is a reference.
pub(crate) fn claim(payload: Payload) -> Option<Claim> {
    let payload = from_sdk(payload);
    (Reference::detect(&payload) != Detected::No)
        .then(|| Reference::parse(&payload).expect("a reference").claim().clone())
}

struct Decode<'a> {
    converter: &'a DataConverter,
    seen: Vec<(Payload, Payload)>,
}

impl Decode<'_> {
    async fn decode(&mut self, payloads: &mut Vec<Payload>) -> Result<(), PayloadConversionError> {
        let before = payloads.clone();
        let context = SerializationContextData::None;
        *payloads = self.converter.codec().decode(&context, std::mem::take(payloads)).await?;
        assert_eq!(payloads.len(), before.len());
        self.seen.extend(before.into_iter().zip(payloads.iter().cloned()));
        Ok(())
    }
}

impl AsyncPayloadVisitor for Decode<'_> {
    fn visit<'a>(&'a mut self, field: PayloadField<'a>) -> BoxFuture<'a, Result<(), PayloadConversionError>> {
        async move {
            match field.data {
                PayloadFieldData::Single(payload) => {
                    let mut one = vec![std::mem::take(payload)];
                    self.decode(&mut one).await?;
                    *payload = one.remove(0);
                    Ok(())
                }
                PayloadFieldData::Repeated(payloads) => self.decode(payloads).await,
                PayloadFieldData::Payloads(payloads) => self.decode(&mut payloads.payloads).await,
            }
        }
        .boxed()
    }
}
