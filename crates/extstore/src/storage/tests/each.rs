use super::*;

/// Stores payloads of these texts in memory, and returns their references.
async fn stored(storage: &ExternalStorage, texts: &[&str]) -> Vec<Payload> {
    let items = texts.iter().map(|text| (None, data(text))).collect();
    storage.message("ns").offload(items).await.unwrap()
}

fn memory() -> ExternalStorage {
    let driver = Arc::new(MemoryDriver::default());
    ExternalStorage::builder().with_driver(driver).with_payload_size_threshold(0).build().unwrap()
}

fn kinds(results: &[Result<Payload>]) -> Vec<Option<ErrorKind>> {
    results.iter().map(|result| result.as_ref().err().map(Error::kind)).collect()
}

#[tokio::test]
async fn each_reference_fails_alone_whatever_is_wrong_with_it() {
    let storage = memory();
    let mut payloads = stored(&storage, &["a", "b"]).await;
    let lost = stored(&memory(), &["lost"]).await.remove(0);
    let unknown = Reference::new("nobody", Claim::new()).to_payload(1);
    let forged =
        Payload::new([(ENCODING, "json/protobuf"), ("messageType", crate::REFERENCE_MESSAGE_TYPE)], "{}");
    payloads.splice(1..1, [lost, unknown, data("inline"), forged]);
    let results = storage.message("ns").restore_each(payloads.clone()).await;
    let (missing, config, invalid) =
        (Some(ErrorKind::NotFound), Some(ErrorKind::Config), Some(ErrorKind::InvalidClaim));
    assert_eq!(kinds(&results), [None, missing, config, None, invalid, None]);
    let restored: Vec<&Payload> = results.iter().flatten().collect();
    assert_eq!(restored, [&data("a"), &data("inline"), &data("b")]);
    for (at, error) in
        results.iter().enumerate().filter_map(|(at, result)| Some((at, result.as_ref().err()?)))
    {
        assert_eq!((error.operation(), error.index()), (Some("retrieve"), Some(at)));
    }
    assert!(storage.message("ns").restore(payloads).await.is_err());
}

#[tokio::test]
async fn a_driver_that_fails_as_a_whole_fails_all_its_items() {
    for script in [Script::Panic, Script::Miscount(-1)] {
        let message = all(Scripted::new("scripted", script));
        let references = vec![Reference::new("scripted", Claim::new()).to_payload(1); 2];
        let results = message.restore_each(references).await;
        assert_eq!(kinds(&results), [Some(ErrorKind::Internal); 2]);
        assert_eq!(
            results.iter().map(|result| result.as_ref().unwrap_err().index()).collect::<Vec<_>>(),
            [Some(0), Some(1)]
        );
    }
}

#[tokio::test]
async fn what_does_not_fit_the_room_of_a_message_fails_alone_and_says_so() {
    let storage = memory();
    let texts = ["a".repeat(1000), "b".repeat(1000), "c".repeat(1000)];
    let references = stored(&storage, &texts.each_ref().map(String::as_str)).await;
    let message = storage.message("ns").with_restore_cap(2500);
    let results = message.restore_each(references.clone()).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 2);
    let error = results.into_iter().find_map(Result::err).unwrap();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.over_restore_cap().is_some_and(|bytes| bytes > 2500), "{error}");

    let error = storage.message("ns").with_restore_cap(2500).restore(references.clone()).await.unwrap_err();
    assert!(error.over_restore_cap().is_some());
    let lost = stored(&memory(), &["lost"]).await;
    assert_eq!(storage.message("ns").restore(lost).await.unwrap_err().over_restore_cap(), None);
    // The configured cap is never raised.
    let raised = storage.message("ns").with_restore_cap(u64::MAX);
    assert_eq!(raised.restore_cap(), storage.message("ns").restore_cap());
}

/// Copies are read once, and held as often as the message has them.
#[tokio::test]
async fn copies_of_one_payload_count_each() {
    let storage = memory();
    let reference = stored(&storage, &["a".repeat(1000).as_str()]).await.remove(0);
    let results = storage.message("ns").with_restore_cap(2500).restore_each(vec![reference; 3]).await;
    assert_eq!(kinds(&results), [None, None, Some(ErrorKind::TooLarge)]);
}
