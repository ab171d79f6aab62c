//! Checks that payloads come back as they were stored.  (ES-006, ES-009, ES-012)

use std::collections::BTreeMap;

use bytes::Bytes;
use extstore::{
    ENCODING, LEGACY_ENCODING, Payload, REFERENCE_ENCODING, REFERENCE_MARKER, REFERENCE_MESSAGE_TYPE,
};

use crate::case::{Case, CaseResult, Cx, OrFail, expect, expect_eq, only};
use crate::fixture::{self, wire};

pub(super) const CASES: &[Case] = &[
    Case::core(
        "round_trip.single",
        &["ES-009"],
        "stores and retrieves one small payload",
        "it is what a driver is for",
        |cx| Box::pin(single(cx)),
    ),
    Case::core(
        "round_trip.empty_data",
        &["ES-009"],
        "stores payloads with metadata and without data",
        "null values are such payloads",
        |cx| Box::pin(empty_data(cx)),
    ),
    Case::core(
        "round_trip.empty_payload",
        &["ES-009"],
        "stores the payload of zero encoded bytes",
        "a store that drops empty values, or takes them for missing ones, loses it",
        |cx| Box::pin(empty_payload(cx)),
    ),
    Case::core(
        "round_trip.all_byte_values",
        &["ES-009"],
        "stores every byte value, runs of NUL and invalid UTF-8",
        "a client in text mode changes bytes",
        |cx| Box::pin(all_byte_values(cx)),
    ),
    Case::core(
        "round_trip.metadata",
        &["ES-009"],
        "stores many metadata entries: binary, empty, with non-ASCII keys, unsorted",
        "codecs keep keys and nonces in metadata: without them data cannot be decrypted",
        |cx| Box::pin(metadata(cx)),
    ),
    Case::core(
        "round_trip.external_payload_details",
        &["ES-009"],
        "stores payloads with details of external payloads and fields of newer servers",
        "a codec that knows only two fields of a payload drops the others",
        |cx| Box::pin(external_payload_details(cx)),
    ),
    Case::core(
        "round_trip.looks_like_a_reference",
        &["ES-009"],
        "stores payloads whose metadata imitates a reference in each form",
        "a driver that interprets what it stores can be led anywhere by its users",
        |cx| Box::pin(looks_like_a_reference(cx)),
    ),
    Case::core(
        "round_trip.mixed_batch",
        &["ES-009", "ES-004"],
        "stores payloads from nothing to the limit in one batch",
        "small and large payloads often take different paths through a driver",
        |cx| Box::pin(mixed_batch(cx)),
    ),
    Case::core(
        "round_trip.input_unchanged",
        &["ES-006"],
        "compares the buffers of stored payloads before and after",
        "the host still holds them, and sends them inline if it must",
        |cx| Box::pin(input_unchanged(cx)),
    ),
    Case::core(
        "round_trip.retrieve_many_times",
        &["ES-012"],
        "retrieves one claim fifty times",
        "every replay of a workflow reads its payloads again",
        |cx| Box::pin(retrieve_many_times(cx)),
    ),
];

async fn single(cx: Cx) -> CaseResult {
    let payload = fixture::payload(&mut cx.rng(), 100);
    cx.round_trip(vec![payload]).await
}

async fn empty_data(cx: Cx) -> CaseResult {
    let present = Payload::decode([wire::metadata(ENCODING, b"binary/null"), wire::data(b"")].concat());
    cx.round_trip(vec![
        Payload::new([(ENCODING, "binary/null")], Bytes::new()),
        present.or_fail("the suite's own bytes are a payload")?,
    ])
    .await
}

async fn empty_payload(cx: Cx) -> CaseResult {
    cx.round_trip(vec![Payload::default()]).await?;
    let among_others = vec![fixture::payload(&mut cx.rng(), 100), Payload::default(), Payload::default()];
    cx.round_trip(among_others).await
}

async fn all_byte_values(cx: Cx) -> CaseResult {
    let every: Vec<u8> = (0..=255).cycle().take(1024).collect();
    let contents: [&[u8]; 6] =
        [&every, &[0; 300], b"\xc3\x28\xff\xfe", b"\r\n\n\r\x1a", b"\xef\xbb\xbftext", &[0xff; 7]];
    let payload =
        |content: &&[u8]| Payload::new([(ENCODING, "binary/plain")], Bytes::copy_from_slice(content));
    cx.round_trip(contents.iter().map(payload).collect()).await
}

async fn metadata(cx: Cx) -> CaseResult {
    let mut entries: Vec<(String, Vec<u8>)> = (0..100).map(|n| (format!("key-{n}"), vec![n; 20])).collect();
    entries.extend([
        (ENCODING.to_owned(), b"binary/plain".to_vec()),
        ("empty".to_owned(), Vec::new()),
        (String::new(), b"an empty key".to_vec()),
        ("ключ 鍵 \u{1f511}".to_owned(), b"\x00\xff\xc3\x28".to_vec()),
        ("line\nbreak\0".to_owned(), b"\r\n".to_vec()),
    ]);
    cx.rng().shuffle(&mut entries);
    let mut encoded: Vec<u8> = entries.iter().flat_map(|(key, value)| wire::metadata(key, value)).collect();
    encoded.extend(wire::data(b"data"));
    let payload = Payload::decode(encoded).or_fail("the suite's own bytes are a payload")?;

    let driver = cx.driver().await?;
    let claim = cx.store_one(&*driver, &payload).await?;
    let found = only(cx.retrieve(&*driver, vec![claim]).await.or_fail("retrieve succeeds")?)?;
    // The order of metadata has no meaning, so a driver may have sorted it.
    let same = as_map(&found) == as_map(&payload) && found.data() == payload.data();
    expect(same, "the same metadata, as a map, and the same data", || format!("another payload: {found:?}"))
}

fn as_map(payload: &Payload) -> BTreeMap<&str, &[u8]> {
    payload.metadata_entries().collect()
}

async fn external_payload_details(cx: Cx) -> CaseResult {
    let known = [wire::metadata(ENCODING, b"x"), wire::data(b"data")].concat();
    let tails = [
        wire::external_payload(1 << 33),
        [wire::external_payload(1), wire::external_payload(0), wire::external_payload(1)].concat(),
        wire::field(4, b"a field of a newer server"),
        [wire::field(77, b"unknown"), wire::external_payload(300)].concat(),
    ];
    let mut payloads = Vec::new();
    for tail in tails {
        let payload = Payload::decode([known.clone(), tail].concat());
        payloads.push(payload.or_fail("the suite's own bytes are a payload")?);
    }
    cx.round_trip(payloads).await
}

async fn looks_like_a_reference(cx: Cx) -> CaseResult {
    let json = r#"{"claimData":{"key":"../../secret"},"driverName":"nobody"}"#;
    let plain = [(ENCODING, REFERENCE_ENCODING), ("messageType", REFERENCE_MESSAGE_TYPE)];
    let marked = [(ENCODING, "binary/plain"), (REFERENCE_MARKER, "true")];
    let legacy = [(ENCODING, LEGACY_ENCODING)];
    cx.round_trip(vec![
        Payload::new(plain, json),
        Payload::new(marked, json),
        Payload::new(legacy, json),
        Payload::new(plain, "not even JSON"),
    ])
    .await
}

async fn mixed_batch(cx: Cx) -> CaseResult {
    const LARGEST: u64 = 4 << 20;
    let largest = usize::try_from(cx.profile().max_payload_bytes.min(LARGEST)).unwrap_or(usize::MAX);
    let mut rng = cx.rng();
    let mut payloads = vec![Payload::default()];
    payloads.extend([1, 100, 4096, 70_000, 500].map(|len| fixture::payload(&mut rng, len.min(largest / 2))));
    payloads.push(fixture::payload_of_encoded_len(&mut rng, largest));
    payloads.push(fixture::payload(&mut rng, 3));
    cx.round_trip(payloads).await
}

async fn input_unchanged(cx: Cx) -> CaseResult {
    let driver = cx.driver().await?;
    let payloads = fixture::payloads(&mut cx.rng(), 8, 100_000);
    let before: Vec<Vec<u8>> = payloads.iter().map(|payload| payload.to_bytes().to_vec()).collect();
    let claims = cx.store(&*driver, payloads.clone()).await.or_fail("store succeeds")?;
    let unchanged = |when: &str| {
        let same = payloads.iter().zip(&before).all(|(payload, bytes)| payload.to_bytes() == *bytes);
        expect(same, format!("the same bytes {when}"), || "other bytes")
    };
    unchanged("after the store")?;
    let retained = claims.clone();
    cx.retrieve(&*driver, claims.clone()).await.or_fail("retrieve succeeds")?;
    unchanged("after the retrieve")?;
    expect_eq("claims after the retrieve", claims, retained)
}

async fn retrieve_many_times(cx: Cx) -> CaseResult {
    let driver = cx.driver().await?;
    let payload = fixture::payload(&mut cx.rng(), 5000);
    let claim = cx.store_one(&*driver, &payload).await?;
    for _ in 0..50 {
        cx.expect_payload(&*driver, &claim, &payload).await?;
    }
    cx.expect_payload(&*cx.driver().await?, &claim, &payload).await
}
