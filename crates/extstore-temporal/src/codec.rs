//! Resolves references, and offloads payloads, inside a `PayloadCodec` of the SDK.

use std::fmt;
use std::sync::Arc;

use extstore::{Detected, Error, ExternalStorage, Result, refuse_references};
use futures_util::future::{BoxFuture, FutureExt as _};
use temporalio_common::data_converters::{PayloadCodec, PayloadConversionError, SerializationContextData};
use temporalio_common::protos::temporal::api::common::v1::Payload;

use crate::payload::{from_sdk, to_sdk};
use crate::state::State;
use crate::storage_error;

type Coded = BoxFuture<'static, Result<Vec<Payload>, PayloadConversionError>>;
type UserCodec = Arc<dyn PayloadCodec + Send + Sync>;

/// Resolves references, then lets the user's codec decode; encodes with the user's codec alone.
#[derive(Clone)]
pub(crate) struct Resolver {
    state: State,
    user: UserCodec,
}

/// Offloads after the user's codec has encoded, and resolves before it decodes: the codec of
/// [`Mount::codec`](crate::Mount::codec).
///
/// Put it into a `DataConverter`, or use it wherever a `PayloadCodec` is taken.
#[derive(Clone)]
pub struct StorageCodec(Resolver);

impl Resolver {
    pub(crate) fn new(state: State, user: UserCodec) -> Self {
        Self { state, user }
    }
}

impl StorageCodec {
    pub(crate) fn new(resolver: Resolver) -> Self {
        Self(resolver)
    }
}

impl PayloadCodec for Resolver {
    fn encode(&self, context: &SerializationContextData, payloads: Vec<Payload>) -> Coded {
        self.user.encode(context, payloads)
    }

    fn decode(&self, context: &SerializationContextData, payloads: Vec<Payload>) -> Coded {
        if !payloads.iter().any(is_reference) {
            return self.user.decode(context, payloads);
        }
        let (Self { state, user }, context) = (self.clone(), context.clone());
        async move {
            let resolved =
                resolve(&state, payloads).await.map_err(|error| failed(&state, &context, error))?;
            user.decode(&context, resolved).await
        }
        .boxed()
    }
}

impl PayloadCodec for StorageCodec {
    fn encode(&self, context: &SerializationContextData, payloads: Vec<Payload>) -> Coded {
        let encoded = self.0.encode(context, payloads);
        let (state, context) = (self.0.state.clone(), context.clone());
        async move {
            match state.storage() {
                Some(storage) if !state.is_connected() => {
                    let offloaded = offload(storage, state.namespace(), encoded.await?).await;
                    offloaded.map_err(|error| failed(&state, &context, error))
                }
                _ => encoded.await,
            }
        }
        .boxed()
    }

    fn decode(&self, context: &SerializationContextData, payloads: Vec<Payload>) -> Coded {
        self.0.decode(context, payloads)
    }
}

/// Counts and logs a failure, and wraps its public part for the SDK.
fn failed(state: &State, context: &SerializationContextData, error: Error) -> PayloadConversionError {
    state.note_failed(context, &error);
    storage_error::report(error)
}

/// Says whether a payload is a reference of any form, from the SDK's own map: anyone can write a payload that is decoded
/// here, inside the worker's poll loop, so nothing is built of it.
fn is_reference(payload: &Payload) -> bool {
    let entries = payload.metadata.iter().map(|(key, value)| (key.as_bytes(), value.as_slice()));
    Detected::in_metadata(entries) != Detected::No
}

/// Replaces references by what they stand for, all at once; other payloads are moved through.
async fn resolve(state: &State, mut payloads: Vec<Payload>) -> Result<Vec<Payload>> {
    let found: Vec<usize> = (0..payloads.len()).filter(|index| is_reference(&payloads[*index])).collect();
    let references = found.iter().map(|index| from_sdk(std::mem::take(&mut payloads[*index]))).collect();
    let Some(storage) = state.storage() else {
        refuse_references(&references)?;
        return Ok(payloads);
    };
    let restored = storage.message(state.namespace()).restore(references).await?;
    for (index, payload) in found.into_iter().zip(&restored) {
        payloads[index] = to_sdk(payload);
    }
    Ok(payloads)
}

/// Replaces payloads at the threshold or above it by references, all at once; smaller ones are moved through.
async fn offload(
    storage: &ExternalStorage,
    namespace: &str,
    mut payloads: Vec<Payload>,
) -> Result<Vec<Payload>> {
    use prost::Message as _;
    let large = |payload: &Payload| payload.encoded_len() as u64 >= storage.payload_size_threshold();
    let found: Vec<usize> = (0..payloads.len()).filter(|index| large(&payloads[*index])).collect();
    let items = found.iter().map(|index| (None, from_sdk(std::mem::take(&mut payloads[*index])))).collect();
    let offloaded = storage.message(namespace).offload(items).await?;
    for (index, payload) in found.into_iter().zip(&offloaded) {
        payloads[index] = to_sdk(payload);
    }
    Ok(payloads)
}

impl fmt::Debug for StorageCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StorageCodec").field(&self.0.state).finish()
    }
}
