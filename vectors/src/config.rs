//! Runs the vectors of configurations that are refused, and drivers that break their contract.

use std::collections::BTreeSet;
use std::sync::Arc;

use extstore::{Claim, Error, ErrorKind, ExternalStorage, Payload, Reference, SelectContext, StorageDriver};
use serde::Deserialize;
use serde_json::{Value, from_value};

use crate::official::{self, Class};
use crate::rig::{Rig, size_threshold};
use crate::schema::{DriverSpec, FailureSpec};
use crate::scripted::Scripted;
use crate::subject::Subject;
use crate::verdict::{Verdict, same};

/// A vector marks with this a driver that is not the registered one although its name is the same.
const ANOTHER: &str = " (another instance)";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfigVector {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    case: Value,
    expected: FailureSpec,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Registration {
    drivers: Vec<String>,
    threshold: Option<i64>,
    #[serde(default)]
    selector: bool,
    selector_returns: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Contract {
    driver: String,
    payloads: usize,
    claims: usize,
}

/// Returns the type of the real driver that a case is about; `None` where scripted drivers do.
pub(crate) fn driver_type(case: &Value) -> Option<&str> {
    let scripted = ["drivers", "claims", "payloads"].iter().any(|name| case.get(name).is_some());
    if scripted { None } else { case.get("driver").and_then(Value::as_str) }
}

pub(crate) async fn run(subject: &Subject, vector: &ConfigVector) -> Verdict {
    let text = |error: serde_json::Error| error.to_string();
    let case = vector.case.clone();
    let outcome = if case.get("drivers").is_some() {
        registration(&from_value(case).map_err(text)?).await
    } else if driver_type(&case).is_none() {
        let class = official::recognise(&vector.expected.error)?;
        contract(&from_value(case).map_err(text)?, class, &vector.expected.error.message).await
    } else {
        Rig::new(subject, &options(case)?).map(drop)
    };
    let Err(error) = outcome else { return Err("an error was expected, and nothing was refused".into()) };
    // A driver that was called although nothing may be asked of it is an error of kind `Internal`.
    let class = official::recognise(&vector.expected.error)?;
    official::agrees(&vector.expected.error, class, &error, 0, 0)?;
    same("calls", &0, &vector.expected.calls.len())?;
    Ok(BTreeSet::new())
}

/// A case of one driver's options is a driver as in the other files.
fn options(mut case: Value) -> Result<DriverSpec, String> {
    let fields = case.as_object_mut().ok_or("the case is not an object")?;
    let driver = fields.remove("driver").ok_or("the case names no driver")?;
    fields.insert("type".to_owned(), driver);
    from_value(case).map_err(|error| error.to_string())
}

async fn registration(case: &Registration) -> extstore::Result<()> {
    let drivers: Vec<Arc<Scripted>> = case.drivers.iter().map(|name| Arc::new(Scripted::new(name))).collect();
    let mut builder = ExternalStorage::builder();
    for driver in &drivers {
        builder = builder.with_driver(Arc::clone(driver) as Arc<dyn StorageDriver>);
    }
    if case.selector || case.selector_returns.is_some() {
        let chosen = case.selector_returns.as_deref().map(|name| chosen(name, &drivers));
        builder = builder.with_selector(move |_: &SelectContext, _: &Payload| Ok(chosen.clone()));
    }
    let storage =
        builder.with_payload_size_threshold(size_threshold(case.threshold.unwrap_or(0))?).build()?;
    let outcome = storage.message("").offload(vec![(None, Payload::default())]).await;
    if drivers.iter().any(|driver| driver.calls() > 0) {
        return Err(ErrorKind::Internal.error("a driver was called"));
    }
    outcome.map(drop)
}

/// Returns what the selector chooses: the registered driver of this name, or another instance.
fn chosen(name: &str, drivers: &[Arc<Scripted>]) -> Arc<dyn StorageDriver> {
    let registered = drivers.iter().find(|driver| driver.name() == name);
    let other = || Arc::new(Scripted::new(name.strip_suffix(ANOTHER).unwrap_or(name)));
    registered.cloned().unwrap_or_else(other)
}

/// Stores or retrieves with a driver that breaks its contract. Only the official text says which of the two: `returned
/// N claims` or `payloads`.
async fn contract(case: &Contract, class: Class, text: &str) -> extstore::Result<()> {
    if class != Class::Contract {
        return Ok(());
    }
    let driver = Arc::new(Scripted::new(&case.driver).returning(case.claims, case.payloads));
    let storage = ExternalStorage::builder().with_driver(driver).with_payload_size_threshold(0).build()?;
    let message = storage.message("");
    let outcome: Result<Vec<Payload>, Error> = if text.contains(" claims, ") {
        message.offload(vec![(None, Payload::default()); case.payloads]).await
    } else {
        let reference = |index: usize| {
            let claim = Claim::new().with("key", index.to_string());
            Reference::new(case.driver.as_str(), claim).to_payload(0)
        };
        message.restore((0..case.claims).map(reference).collect()).await
    };
    outcome.map(drop)
}
