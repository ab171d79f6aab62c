//! Tests the names under which references are read.

use super::*;

fn builder(driver: Arc<dyn StorageDriver>) -> ExternalStorageBuilder {
    ExternalStorage::builder().with_driver(driver).with_payload_size_threshold(0)
}

fn reference(name: &str, data: &str) -> Payload {
    Reference::new(name, Claim::new().with("data", data)).to_payload(1)
}

#[tokio::test]
async fn references_under_an_alias_are_read_and_new_ones_carry_the_drivers_name() {
    let driver = Scripted::new("new", Script::Echo);
    let storage = builder(driver.clone()).with_driver_alias("old", driver.clone()).build().unwrap();
    let message = storage.message("");
    let old = vec![reference("old", "1"), reference("new", "2")];
    assert_eq!(message.restore(old).await.unwrap(), [data("1"), data("2")]);
    let out = message.offload(vec![(None, data("3"))]).await.unwrap();
    assert_eq!(Reference::parse(&out[0]).unwrap().into_parts().0, "new");
}

#[tokio::test]
async fn a_driver_that_is_known_by_an_alias_alone_reads_and_never_stores() {
    let reader = Scripted::new("reader", Script::Echo);
    let aliased: Arc<dyn StorageDriver> = reader.clone();
    let selector = move |_: &SelectContext, _: &Payload| Ok(Some(Arc::clone(&aliased)));
    let storage = builder(Scripted::new("writer", Script::Echo))
        .with_driver_alias("old", reader)
        .with_selector(selector)
        .build()
        .unwrap();
    assert_eq!(storage.message("").restore(vec![reference("old", "1")]).await.unwrap(), [data("1")]);
    let error = storage.message("").restore(vec![reference("reader", "1")]).await.unwrap_err();
    assert!(error.to_string().contains("with_driver_alias"), "{error}");
    let error = storage.message("").offload(vec![(None, data("x"))]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("not registered"), "{error}");
}

#[test]
fn an_alias_that_is_empty_or_taken_is_refused() {
    let driver = || Scripted::new("a", Script::Echo) as Arc<dyn StorageDriver>;
    let cases = [
        builder(driver()).with_driver_alias("", driver()),
        builder(driver()).with_driver_alias("a", driver()),
        builder(driver()).with_driver_alias("old", driver()).with_driver_alias("old", driver()),
    ];
    for builder in cases {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains("with_driver_alias"), "{error}");
    }
}
