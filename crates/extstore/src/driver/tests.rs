use std::sync::Mutex;

use tokio::sync::Barrier;

use super::*;
use crate::{Budgets, Error, ErrorKind, Limiter, Operation};

/// Implements the required methods only: a batch with one missing item fails as a whole.
#[derive(Default)]
struct Plain {
    stored: Mutex<Vec<Payload>>,
    /// A retrieve returns this many payloads more than it was asked for.
    surplus: usize,
    /// Changes every payload that is read.
    garbles: bool,
    /// Every retrieve waits here, so that a test sees how many run at once.
    gate: Option<Barrier>,
}

#[async_trait]
impl StorageDriver for Plain {
    fn name(&self) -> &str {
        "plain"
    }

    fn driver_type(&self) -> &str {
        "test.plain"
    }

    async fn store(&self, _: &StoreContext, payloads: Vec<Payload>) -> Result<Vec<Claim>> {
        let mut stored = self.stored.lock().unwrap();
        let mut claims = Vec::new();
        for payload in payloads {
            claims.push(claim(stored.len()));
            stored.push(payload);
        }
        Ok(claims)
    }

    async fn retrieve(&self, _: &RetrieveContext, claims: Vec<Claim>) -> Result<Vec<Payload>> {
        if let Some(gate) = &self.gate {
            gate.wait().await;
        }
        let total = claims.len();
        let missing = |index| ErrorKind::NotFound.error("no such payload").with_index(index, total);
        let stored = self.stored.lock().unwrap();
        let read = |(index, claim): (usize, &Claim)| -> Result<Payload> {
            let place: usize = claim.get("place").unwrap().parse().unwrap();
            let found = stored.get(place).cloned().ok_or_else(|| missing(index))?;
            Ok(if self.garbles { payload("garbled") } else { found })
        };
        let mut found: Vec<Payload> = claims.iter().enumerate().map(read).collect::<Result<_>>()?;
        found.resize(total + self.surplus, payload("surplus"));
        Ok(found)
    }
}

fn claim(place: usize) -> Claim {
    Claim::new().with("place", place.to_string())
}

fn payload(text: &str) -> Payload {
    Payload::new([(ENCODING, "binary/plain")], text.to_owned())
}

async fn with_payloads(driver: Plain, count: usize) -> Plain {
    let payloads = (0..count).map(|place| payload(&place.to_string())).collect();
    driver.store(&StoreContext::default(), payloads).await.unwrap();
    driver
}

async fn each(driver: &Plain, places: &[usize]) -> Vec<Result<Payload>> {
    let claims = places.iter().map(|place| claim(*place)).collect();
    driver.retrieve_each(&RetrieveContext::default(), claims).await
}

fn facts(error: &Error) -> (ErrorKind, Option<usize>, Option<&str>, Option<&str>) {
    (error.kind(), error.index(), error.operation(), error.driver())
}

#[tokio::test]
async fn an_item_that_fails_does_not_take_its_siblings_along() {
    let driver = with_payloads(Plain::default(), 2).await;
    let whole = driver.retrieve(&RetrieveContext::default(), vec![claim(0), claim(9), claim(1)]).await;
    assert_eq!(whole.unwrap_err().kind(), ErrorKind::NotFound, "the batch fails as a whole");

    let found = each(&driver, &[1, 9, 0, 1, 8]).await;
    let read: Vec<Option<&Payload>> = found.iter().map(|item| item.as_ref().ok()).collect();
    let (zero, one) = (payload("0"), payload("1"));
    assert_eq!(read, [Some(&one), None, Some(&zero), Some(&one), None]);
    for index in [1, 4] {
        let error = found[index].as_ref().unwrap_err();
        assert_eq!(facts(error), (ErrorKind::NotFound, Some(index), Some("retrieve"), Some("plain")));
        assert!(error.to_string().contains(&format!("payload {} of 5", index + 1)), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_batch_has_no_results_and_makes_no_call() {
    // A retrieve would wait at the gate for ever.
    let driver = Plain { gate: Some(Barrier::new(usize::MAX)), ..Plain::default() };
    let context = RetrieveContext::default();
    let read = driver.retrieve_each(&context, Vec::new());
    let found = tokio::time::timeout(std::time::Duration::from_secs(1), read).await.expect("no call");
    assert!(found.is_empty());
    assert!(context.operation().limiter().was_used());
}

#[tokio::test]
async fn a_driver_that_returns_too_many_payloads_is_named_for_each_item() {
    let driver = with_payloads(Plain { surplus: 1, ..Plain::default() }, 1).await;
    for (index, item) in each(&driver, &[0, 0]).await.into_iter().enumerate() {
        let error = item.unwrap_err();
        assert_eq!(facts(&error), (ErrorKind::Internal, Some(index), Some("retrieve"), Some("plain")));
    }
}

#[tokio::test(start_paused = true)]
async fn the_provided_body_reads_several_items_at_once_and_not_all() {
    let limiter = Limiter::new(Budgets { per_message: 2, ..Budgets::default() });
    let width = limiter.width();
    let context = RetrieveContext::new(Operation::new().with_limiter(limiter));
    let read = |gate: usize| {
        let context = context.clone();
        async move {
            let driver = with_payloads(Plain { gate: Some(Barrier::new(gate)), ..Plain::default() }, 1).await;
            // Several rounds of a full gate: everybody who waits there is let through together.
            let claims = vec![claim(0); 3 * gate];
            let read = driver.retrieve_each(&context, claims);
            tokio::time::timeout(std::time::Duration::from_secs(1), read).await.map(|items| items.len())
        }
    };
    assert_eq!(read(width).await, Ok(3 * width), "as many at once as the limiter's width");
    assert!(read(width + 1).await.is_err(), "one more than the width never meet at the gate");
}

#[tokio::test]
async fn the_check_stores_a_canary_and_compares_what_comes_back() {
    let driver = Plain::default();
    driver.check(&StoreContext::default()).await.unwrap();
    assert_eq!(driver.stored.lock().unwrap().len(), 1);

    let garbles = Plain { garbles: true, ..Plain::default() };
    let error = garbles.check(&StoreContext::default()).await.unwrap_err();
    assert_eq!(facts(&error), (ErrorKind::Integrity, None, Some("check"), Some("plain")));

    let miscounts = Plain { surplus: 1, ..Plain::default() };
    assert!(miscounts.check(&StoreContext::default()).await.is_err());
}
