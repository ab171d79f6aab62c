//! Tests batches of which each item has a result of its own.

use super::*;

async fn each(driver: &MemoryDriver, claims: &[Claim]) -> Vec<Result<Payload>> {
    driver.retrieve_each(&RetrieveContext::default(), claims.to_vec()).await
}

fn kinds(found: &[Result<Payload>]) -> Vec<Option<(ErrorKind, Option<usize>)>> {
    found.iter().map(|item| item.as_ref().err().map(|error| (error.kind(), error.index()))).collect()
}

#[tokio::test]
async fn missing_damaged_and_refused_items_fail_alone() {
    let (backend, driver) = fresh();
    let claims = store(&driver, &["a", "b", "c"].map(payload)).await.unwrap();
    backend.store.delete(&at(&claims[0]));
    backend.store.write(at(&claims[1]), "damaged");
    let forged = Claim::new().with("key", "elsewhere");
    let [gone, damaged, right] = <[Claim; 3]>::try_from(claims).unwrap();
    let found = each(&driver, &[gone.clone(), right.clone(), damaged, forged, gone, right]).await;
    let expected = [
        Some((ErrorKind::NotFound, Some(0))),
        None,
        Some((ErrorKind::Integrity, Some(2))),
        Some((ErrorKind::InvalidClaim, Some(3))),
        Some((ErrorKind::NotFound, Some(4))),
        None,
    ];
    assert_eq!(kinds(&found), expected);
    for right in [1, 5] {
        assert_eq!(found[right].as_ref().unwrap(), &payload("c"));
    }
    for error in found.into_iter().filter_map(Result::err) {
        assert_eq!((error.operation(), error.driver()), (Some("retrieve"), Some("memory")));
    }
}

#[tokio::test]
async fn copies_of_a_missing_object_are_asked_for_once() {
    let (backend, driver) = fresh();
    let claim = store(&driver, &[payload("a")]).await.unwrap().remove(0);
    backend.store.delete(&at(&claim));
    backend.log();
    let found = each(&driver, &vec![claim; 20]).await;
    assert_eq!(
        kinds(&found),
        (0..20).map(|index| Some((ErrorKind::NotFound, Some(index)))).collect::<Vec<_>>()
    );
    assert_eq!(backend.log(), ["open"]);
}

#[tokio::test]
async fn a_batch_of_refused_claims_makes_no_request_and_an_empty_one_neither() {
    let (backend, driver) = fresh();
    let context = RetrieveContext::default();
    assert!(driver.retrieve_each(&context, Vec::new()).await.is_empty());
    assert!(context.operation().limiter().was_used());
    let found = each(&driver, &[Claim::new(), Claim::new()]).await;
    let expected = [0, 1].map(|index| Some((ErrorKind::InvalidClaim, Some(index))));
    assert_eq!(kinds(&found), expected);
    assert!(backend.log().is_empty());
}

#[tokio::test]
async fn the_items_share_the_restore_cap_and_those_that_fit_are_read() {
    let (_, driver) = fresh();
    let payloads = ["a", "b", "c"].map(|letter| payload(&letter.repeat(100)));
    let claims = store(&driver, &payloads).await.unwrap();
    let cap = 2 * payloads[0].encoded_len() as u64;
    let context = RetrieveContext::new(Operation::new().with_restore_cap(cap));
    let found = driver.retrieve_each(&context, claims).await;
    let refused: Vec<ErrorKind> =
        found.iter().filter_map(|item| item.as_ref().err().map(Error::kind)).collect();
    assert_eq!(refused, [ErrorKind::TooLarge]);
}
