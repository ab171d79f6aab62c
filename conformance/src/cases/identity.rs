//! Checks a driver's name, its type and its construction.  (ES-001, ES-002, ES-003, ES-020, ES-032)

use std::sync::Arc;

use extstore::object::Cache;
use extstore::{Claim, ErrorKind, StorageDriver};

use crate::case::{Case, CaseResult, Cx, Level, Stop, expect, expect_eq, expect_kind, fail};
use crate::{Secrets, fixture};

pub(super) const CASES: &[Case] = &[
    Case::core(
        "identity.name_stable",
        &["ES-001"],
        "reads the name again and again, on a second instance and after an error",
        "references carry the name: one that changes makes payloads unreadable after the next deployment",
        |cx| Box::pin(name_stable(cx)),
    ),
    Case::core(
        "identity.name_not_in_storage",
        &["ES-001"],
        "stores through an instance of one name and retrieves through one of another",
        "a name that is part of keys or claims makes renaming an instance lose data",
        |cx| Box::pin(name_not_in_storage(cx)),
    ),
    Case::core(
        "identity.type_constant",
        &["ES-002"],
        "reads the driver type of several instances and compares it with the declared one",
        "other SDKs, heartbeats and metrics know a driver by its type",
        |cx| Box::pin(type_constant(cx)),
    ),
    Case::core(
        "identity.two_stores",
        &["ES-032"],
        "retrieves through a driver what only another store of the same driver's name holds, behind one cache",
        "a cache that knows drivers by their names hands the payloads of one tenant to another",
        |cx| Box::pin(two_stores(cx)),
    )
    .at(Level::Extended),
    Case::core(
        "identity.bad_options_rejected",
        &["ES-003"],
        "constructs drivers with options that cannot work",
        "a wrong option that is found by the first large payload stops workflows instead of a deployment",
        |cx| Box::pin(bad_options_rejected(cx)),
    ),
    Case::core(
        "identity.debug_hides_secrets",
        &["ES-020"],
        "prints drivers, options, clients and errors that were given the canary",
        "a credential in a log outlives its rotation",
        |cx| Box::pin(debug_hides_secrets(cx)),
    ),
];

async fn name_stable(cx: Cx) -> CaseResult {
    let driver = cx.driver().await?;
    let name = driver.name().to_owned();
    expect(!name.is_empty(), "a name that is not empty", || "an empty name")?;
    for _ in 0..10 {
        expect_eq("the name, read again", driver.name(), name.as_str())?;
    }
    expect_eq("the name of a second instance", cx.driver().await?.name(), name.as_str())?;
    let _ = cx.retrieve(&*driver, vec![Claim::new()]).await;
    expect_eq("the name after an error", driver.name(), name.as_str())
}

async fn two_stores(cx: Cx) -> CaseResult {
    let drivers = cx.harness().two_stores(cx.scope(), &Cache::new(1 << 20)).await;
    let [full, other] = match drivers.map(|made| cx.inspect(made)) {
        Some(Ok(drivers)) => drivers,
        Some(Err(error)) => return Err(Stop::Error(format!("no two drivers: {error}"))),
        None => return Err(Stop::NotRun("the harness makes no two stores".into())),
    };
    expect_eq("the names of the two", full.name(), other.name())?;
    let mut rng = cx.rng();
    let (payload, another) = (fixture::payload(&mut rng, 1000), fixture::payload(&mut rng, 1000));
    let claim = cx.store_one(&*full, &payload).await?;
    cx.expect_payload(&*full, &claim, &payload).await?;
    // Some stores exist only once something was stored in them.
    cx.store_one(&*other, &another).await?;
    let found = cx.retrieve(&*other, vec![claim]).await;
    expect_kind(found, &[ErrorKind::NotFound], "an object of the other store").map(drop)
}

async fn renamed(cx: &Cx, name: &str) -> Result<Option<Arc<dyn StorageDriver>>, Stop> {
    let driver = cx.harness().renamed(cx.scope(), name).await;
    driver.transpose().map_err(|error| Stop::Error(format!("no renamed driver: {error}")))
}

async fn name_not_in_storage(cx: Cx) -> CaseResult {
    let first = cx.driver().await?;
    let Some(second) = renamed(&cx, "conformance-renamed").await? else {
        return Err(Stop::NotRun("the harness cannot rename a driver".into()));
    };
    expect_eq("the name of the renamed instance", second.name(), "conformance-renamed")?;
    let payload = fixture::payload(&mut cx.rng(), 1000);
    let claim = cx.store_one(&*first, &payload).await?;
    cx.expect_payload(&*second, &claim, &payload).await?;
    let again = cx.store_one(&*second, &payload).await?;
    if cx.profile().content_addressed {
        expect_eq("the claim that the renamed instance writes", again, claim)?;
    }
    Ok(())
}

async fn type_constant(cx: Cx) -> CaseResult {
    let declared = cx.profile().driver_type;
    expect(is_type_id(&declared), "a type like `aws.s3driver`", || declared.clone())?;
    let mut drivers = vec![cx.driver().await?, cx.driver().await?];
    drivers.extend(renamed(&cx, "conformance-renamed").await?);
    for driver in drivers {
        expect_eq("the driver type", driver.driver_type(), declared.as_str())?;
    }
    Ok(())
}

/// Says whether a type matches `^[a-z0-9-]+(\.[a-z0-9_-]+)*$`.
fn is_type_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let mut segments = text.split('.');
    let first = segments.next().unwrap_or_default();
    !first.is_empty()
        && first.bytes().all(plain)
        && segments
            .all(|segment| !segment.is_empty() && segment.bytes().all(|byte| plain(byte) || byte == b'_'))
}

async fn bad_options_rejected(cx: Cx) -> CaseResult {
    let options = cx.harness().bad_options();
    if options.is_empty() {
        return Err(Stop::NotRun("the harness lists no bad options".into()));
    }
    for (word, constructed) in options {
        let Err(error) = cx.inspect(constructed) else {
            return Err(fail(format!("a refusal that names {word:?}"), "a driver"));
        };
        expect_eq(&format!("the kind of the error about {word:?}"), error.kind(), ErrorKind::Config)?;
        expect(error.to_string().contains(word), format!("an error that names {word:?}"), || error)?;
    }
    Ok(())
}

async fn debug_hides_secrets(cx: Cx) -> CaseResult {
    let secrets = Secrets::of_this_run();
    let outputs = cx.harness().debug_output();
    if outputs.is_empty() {
        return Err(Stop::NotRun("the harness prints nothing".into()));
    }
    for (place, text) in outputs.iter().enumerate() {
        let what = format!("no canary in debug output {} of {}", place + 1, outputs.len());
        expect(!secrets.leaked_in(text), what, || "the canary")?;
    }
    let driver = cx.driver().await?;
    let size = usize::try_from(cx.profile().max_payload_bytes).unwrap_or(usize::MAX);
    let refused = cx.store(&*driver, vec![fixture::payload(&mut cx.rng(), size)]).await;
    let Err(error) = refused else { return Err(fail("a payload above the limit is refused", "Ok")) };
    for text in [error.to_string(), format!("{error:?}"), format!("{error:#?}"), error.public()] {
        expect(!secrets.leaked_in(&text), "no payload byte in an error", || "the canary")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_ids_follow_the_pattern() {
        for good in ["redis", "aws.s3driver", "local-disk", "gcp.gcs_driver"] {
            assert!(is_type_id(good), "{good}");
        }
        for bad in ["", "S3", "a..b", ".a", "a.", "a b", "a_b", "crate::Driver<T>"] {
            assert!(!is_type_id(bad), "{bad}");
        }
    }
}
