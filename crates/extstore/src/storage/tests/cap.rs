//! Tests the bytes that one message may restore.

use super::*;

fn item(seed: &str) -> Payload {
    data(&seed.repeat(60))
}

/// A message that may restore as many bytes as `items` items have, from a memory driver and from a scripted one, which
/// counts nothing itself.
fn message(items: u64, script: Script) -> Message {
    let memory: Arc<dyn StorageDriver> = Arc::new(MemoryDriver::default());
    let chosen = Arc::clone(&memory);
    ExternalStorage::builder()
        .with_driver(memory)
        .with_driver(Scripted::new("scripted", script))
        .with_selector(move |_: &SelectContext, _: &Payload| Ok(Some(Arc::clone(&chosen))))
        .with_payload_size_threshold(0)
        .with_restore_cap(items * item("a").encoded_len() as u64)
        .build()
        .unwrap()
        .message("")
}

async fn in_memory(message: &Message, seeds: [&str; 2]) -> [Payload; 2] {
    let stored = seeds.map(|seed| (None, item(seed))).to_vec();
    message.offload(stored).await.unwrap().try_into().unwrap()
}

fn scripted(seed: &str) -> Payload {
    Reference::new("scripted", Claim::new().with("data", seed.repeat(60))).to_payload(1)
}

fn assert_above_cap(restored: Result<Vec<Payload>>) {
    let error = restored.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::TooLarge, Some("retrieve")));
    assert!(error.to_string().contains("with_restore_cap"), "{error}");
}

#[tokio::test]
async fn each_copy_of_a_payload_counts_for_all_restores_of_a_message() {
    let message = message(3, Script::Echo);
    let [a, b] = in_memory(&message, ["a", "b"]).await;
    assert_eq!(message.restore(vec![a.clone(); 2]).await.unwrap(), [item("a"), item("a")]);
    assert_above_cap(message.restore(vec![b.clone(); 2]).await);
    assert_eq!(message.restore(vec![b]).await.unwrap(), [item("b")]);
    assert_above_cap(message.restore(vec![a]).await);
}

#[tokio::test]
async fn what_a_driver_does_not_count_itself_counts_for_all_restores_of_a_message() {
    let message = message(2, Script::Echo);
    assert!(message.restore(vec![scripted("a")]).await.is_ok());
    assert_above_cap(message.restore(vec![scripted("b"), scripted("c")]).await);
    assert!(message.restore(vec![scripted("b")]).await.is_ok());
    assert_above_cap(message.restore(vec![scripted("c")]).await);
}

#[tokio::test]
async fn a_restore_that_fails_counts_nothing_whichever_driver_fails() {
    for script in [Script::FailItem(0), Script::Miscount(1), Script::Panic] {
        let message = message(2, script);
        let [a, b] = in_memory(&message, ["a", "b"]).await;
        // The memory driver has read its payloads before the scripted one fails, or is dropped.
        let failing = message.restore(vec![a.clone(), b.clone(), scripted("c")]).await;
        assert_ne!(failing.unwrap_err().kind(), ErrorKind::TooLarge);
        assert!(message.restore(vec![a, b]).await.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn a_restore_that_is_dropped_counts_nothing() {
    let message = message(2, Script::Hang);
    let [a, b] = in_memory(&message, ["a", "b"]).await;
    let never = message.restore(vec![a.clone(), b.clone(), scripted("c")]);
    assert!(tokio::time::timeout(std::time::Duration::from_secs(1), never).await.is_err());
    assert!(message.restore(vec![a, b]).await.is_ok());
}
