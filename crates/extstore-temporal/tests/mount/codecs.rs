//! Tests data converters and codecs that resolve references.

use std::sync::Arc;

use extstore::{
    Detected, ExternalStorage, MemoryDriver, Payload, REFERENCE_MARKER, Reference, ReferenceForm,
};
use extstore_temporal::{Mount, StorageError, from_sdk, reference_codec, to_sdk};
use temporalio_common::data_converters::{
    DataConverter, DefaultPayloadCodec, PayloadCodec, PayloadConversionError, SerializationContextData,
};
use temporalio_common::protos::temporal::api::common::v1 as sdk;

use crate::flip::{Flip, converter};
use crate::stub::mount;

const CONTEXT: SerializationContextData = SerializationContextData::None;

fn storage() -> ExternalStorage {
    let driver = Arc::new(MemoryDriver::default());
    ExternalStorage::builder().with_driver(driver).with_payload_size_threshold(1000).build().unwrap()
}

fn value() -> String {
    "large ".repeat(1000)
}

/// Offloads as the gateway does: the user's codec has run, then the payload is stored.
async fn offloaded(storage: &ExternalStorage, converter: &DataConverter) -> Payload {
    let encoded = converter.to_payload(&CONTEXT, &value()).await.unwrap();
    let mut stored = storage.message("default").offload(vec![(None, from_sdk(encoded))]).await.unwrap();
    assert_ne!(Reference::detect(&stored[0]), Detected::No);
    stored.remove(0)
}

#[tokio::test]
async fn a_reference_is_resolved_before_the_users_codec_decodes() {
    let (storage, user) = (storage(), converter(Flip));
    let mounted = Mount::new(storage.clone()).data_converter(user.clone());
    let reference = to_sdk(&offloaded(&storage, &user).await);
    assert_eq!(mounted.from_payload::<String>(&CONTEXT, reference.clone()).await.unwrap(), value());
    // The user's codec is never given the reference itself.
    let refused = user.from_payload::<String>(&CONTEXT, reference).await.unwrap_err();
    assert!(matches!(refused, PayloadConversionError::WrongEncoding));
}

#[tokio::test]
async fn encoding_is_left_to_the_users_codec_and_the_gateway() {
    let mounted = mount().data_converter(converter(Flip));
    let payload = mounted.to_payload(&CONTEXT, &value()).await.unwrap();
    assert_eq!(payload.metadata["encoding"], b"binary/flipped");
    assert_eq!(payload.data.len(), value().len() + 2);
}

#[tokio::test]
async fn references_among_other_payloads_keep_their_places() {
    let (storage, user) = (storage(), converter(DefaultPayloadCodec));
    let mounted = Mount::new(storage.clone()).data_converter(user.clone());
    let reference = to_sdk(&offloaded(&storage, &user).await);
    let small = user.to_payload(&CONTEXT, &"small".to_owned()).await.unwrap();
    let decoded =
        mounted.codec().decode(&CONTEXT, vec![small.clone(), reference.clone(), small.clone(), reference]);
    let decoded = decoded.await.unwrap();
    assert_eq!(decoded[0], small);
    assert_eq!(decoded[2], small);
    assert_eq!(decoded[1].data.len(), value().len() + 2);
    assert_eq!(decoded[1], decoded[3]);
}

#[tokio::test]
async fn without_storage_a_reference_is_refused_with_the_specifications_code() {
    let reference = to_sdk(&offloaded(&storage(), &converter(DefaultPayloadCodec)).await);
    let none = Mount::without_storage().data_converter(DataConverter::default());
    let error = none.from_payload::<String>(&CONTEXT, reference).await.unwrap_err();
    assert!(error.to_string().contains("[TMPRL1105]"), "{error}");
    let plain = none.to_payload(&CONTEXT, &"plain".to_owned()).await.unwrap();
    assert_eq!(none.from_payload::<String>(&CONTEXT, plain).await.unwrap(), "plain");
}

/// Anyone who may start a workflow can send such a payload, and the SDK decodes it in the worker's poll loop.
#[tokio::test]
async fn an_inline_payload_of_countless_metadata_entries_is_decoded_untouched() {
    let metadata = (0..65_537_u32).map(|number| (format!("{number:x}"), Vec::new())).collect();
    let payload = sdk::Payload { metadata, data: b"data".to_vec(), ..Default::default() };
    for mount in [Mount::new(storage()), Mount::without_storage()] {
        let converter = mount.data_converter(DataConverter::default());
        let decoded = converter.codec().decode(&CONTEXT, vec![payload.clone()]).await.unwrap();
        assert!(decoded == [payload.clone()], "the payload has changed");
    }
}

/// Makes the payload a reference with the marker among as many entries. It cannot be read: an error, as for any such
/// reference.
#[tokio::test]
async fn a_forged_reference_of_countless_metadata_entries_is_an_error() {
    let entries = (0..65_537_u32).map(|number| (format!("{number:x}"), Vec::new()));
    let marker = (REFERENCE_MARKER.to_owned(), b"true".to_vec());
    let forged = sdk::Payload { metadata: entries.chain([marker]).collect(), ..Default::default() };
    let expected = [(Mount::new(storage()), "[TMPRL1106]"), (Mount::without_storage(), "[TMPRL1105]")];
    for (mount, code) in expected {
        let converter = mount.data_converter(DataConverter::default());
        let error = converter.codec().decode(&CONTEXT, vec![forged.clone()]).await.unwrap_err();
        assert!(error.to_string().contains(code), "{error}");
    }
}

/// The SDK writes a codec's error into the history: it must not say where and what.
#[tokio::test]
async fn an_error_says_in_public_what_to_do_and_the_rest_in_private() {
    let reference = to_sdk(&offloaded(&storage(), &converter(DefaultPayloadCodec)).await);
    let elsewhere = Mount::new(storage()).data_converter(DataConverter::default());
    let error = elsewhere.from_payload::<String>(&CONTEXT, reference).await.unwrap_err();
    let (public, report) = (error.to_string(), format!("{error:?}"));
    assert!(public.contains("NotFound: the stored object is gone"), "{public}");
    assert!(!public.contains("sha256") && !report.contains("sha256"), "{public} {report}");
    let PayloadConversionError::EncodingError(inner) = error else { panic!("{error}") };
    let inner = inner.downcast_ref::<StorageError>().unwrap();
    assert!(inner.error().to_string().contains("sha256"), "{}", inner.error());
}

#[tokio::test]
async fn the_codec_alone_offloads_and_resolves_under_the_namespace_of_the_option() {
    let mount = Mount::builder(storage()).with_namespace("orders").build();
    let codec = mount.codec(Arc::new(Flip));
    let plain = converter(DefaultPayloadCodec).to_payload(&CONTEXT, &value()).await.unwrap();
    let encoded = codec.encode(&CONTEXT, vec![plain.clone()]).await.unwrap();
    let reference = Reference::parse(&from_sdk(encoded[0].clone())).unwrap();
    let key = format!("{:?}", reference.claim());
    assert!(key.contains("v0/ns/orders/d/sha256/"), "{key}");
    assert_eq!(codec.decode(&CONTEXT, encoded).await.unwrap(), [plain]);
}

#[tokio::test]
async fn the_codec_leaves_offloading_to_a_connection_of_the_same_mount() {
    let mount = Mount::new(storage());
    let codec = mount.codec(Arc::new(DefaultPayloadCodec));
    let plain = converter(DefaultPayloadCodec).to_payload(&CONTEXT, &value()).await.unwrap();
    let target = temporalio_client::Url::parse("http://127.0.0.1:7233").unwrap();
    mount.connection(temporalio_client::ConnectionOptions::new(target).build()).unwrap();
    assert_eq!(codec.encode(&CONTEXT, vec![plain.clone()]).await.unwrap(), [plain]);
}

/// Uses the specification's form: the user's codec encodes the reference itself, which is marked.
#[tokio::test]
async fn marked_references_are_written_and_read_with_the_users_codec() {
    let builder = ExternalStorage::builder()
        .with_driver(Arc::new(MemoryDriver::default()))
        .with_payload_size_threshold(1000)
        .with_reference_form(ReferenceForm::Marked)
        .with_reference_codec(reference_codec(Arc::new(Flip)));
    let (storage, user) = (builder.build().unwrap(), converter(Flip));
    let reference = offloaded(&storage, &user).await;
    assert_eq!(Reference::detect(&reference), Detected::Marked);
    assert_eq!(reference.metadata("encoding").unwrap(), b"binary/flipped");
    let mounted = Mount::new(storage).data_converter(user);
    assert_eq!(mounted.from_payload::<String>(&CONTEXT, to_sdk(&reference)).await.unwrap(), value());
}
