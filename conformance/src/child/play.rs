//! Plays the child's role.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use extstore::{
    Claim, Error, ErrorKind, Operation, Payload, Result, RetrieveContext, SelectContext, StorageDriver,
    StoreContext,
};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{Line, ROLE_VARIABLE, Role, SCOPE_VARIABLE, fields, payload, target};
use crate::{Harness, Scope, fixture};

/// Says whether this process was started by the suite to play a role.
#[must_use]
pub fn is_child() -> bool {
    std::env::var_os(ROLE_VARIABLE).is_some()
}

/// Plays the role that the environment names.
pub async fn run_child(harness: Arc<dyn Harness>) -> ExitCode {
    match play(harness.as_ref()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&Line::Failed(0, error.to_string()));
            ExitCode::FAILURE
        }
    }
}

async fn play(harness: &dyn Harness) -> Result<()> {
    let role = std::env::var(ROLE_VARIABLE).unwrap_or_default();
    let role: Role = serde_json::from_str(&role)
        .map_err(|error| ErrorKind::Config.error("the child's role is not known").with_source(error))?;
    let scope = Scope::new(std::env::var(SCOPE_VARIABLE).unwrap_or_default());
    let driver = harness.driver(&scope).await?;
    match role {
        Role::Store { seed, count, size } => store(driver.as_ref(), seed, count, size).await,
        Role::Retrieve => retrieve(driver.as_ref()).await,
    }
    Ok(())
}

async fn store(driver: &dyn StorageDriver, seed: u64, count: usize, size: usize) {
    let select = SelectContext::new().with_namespace(Some("conformance")).with_target(Some(target()));
    for number in 0..count {
        let payload = payload(seed, number, size);
        let context = StoreContext::new(select.clone(), Operation::new());
        say(&Line::Begin(number));
        let claims = driver.store(&context, vec![payload]).await;
        say(&match claims.and_then(only) {
            Ok(claim) => Line::Stored(number, fields(&claim)),
            Err(error) => Line::Failed(number, error.to_string()),
        });
    }
}

/// Reads one claim per line of the input, until it ends.
async fn retrieve(driver: &dyn StorageDriver) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut number = 0;
    while let Ok(Some(line)) = lines.next_line().await {
        say(&match retrieve_one(driver, &line).await {
            Ok(payload) => Line::Retrieved(number, fixture::sha256(&payload.to_bytes())),
            Err(error) => Line::Failed(number, error.to_string()),
        });
        number += 1;
    }
}

async fn retrieve_one(driver: &dyn StorageDriver, line: &str) -> Result<Payload> {
    let claim: BTreeMap<String, String> = serde_json::from_str(line)
        .map_err(|error| ErrorKind::Internal.error("a line is no claim").with_source(error))?;
    let claim: Claim = claim.into_iter().collect();
    let context = RetrieveContext::new(Operation::new());
    driver.retrieve(&context, vec![claim]).await.and_then(only)
}

fn only<T>(items: Vec<T>) -> Result<T, Error> {
    let count = items.len();
    let mut items = items.into_iter();
    match (items.next(), count) {
        (Some(item), 1) => Ok(item),
        _ => Err(ErrorKind::Internal.error(format!("{count} results for one item"))),
    }
}

/// Prints a line whole, or not at all.
fn say(line: &Line) {
    let Ok(mut text) = serde_json::to_string(line) else { return };
    text.push('\n');
    let mut out = std::io::stdout().lock();
    // A parent that has gone ends the child at its next wait.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
