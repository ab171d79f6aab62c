//! Measures the peak memory of one large batch: each part in a process of its own, because a peak does not go down
//! again.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use extstore::{Claim, RetrieveContext, StorageDriver as _};
use serde_json::json;

use crate::batch::{context, driver, fresh, options};
use crate::meter::peak_memory;
use crate::{Failure, Outcome};

/// Names the part that the process runs.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// Builds the payloads and a driver, and stores nothing.
    None,
    /// Stores the payloads and writes the claims to the file.
    Store,
    /// Reads the claims from the file and retrieves the payloads.
    Retrieve,
}

impl FromStr for What {
    type Err = Failure;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "none" => Ok(Self::None),
            "store" => Ok(Self::Store),
            "retrieve" => Ok(Self::Retrieve),
            _ => Err(format!("{word:?} is none of none, store, retrieve").into()),
        }
    }
}

pub async fn run(what: What, size: usize, count: usize, file: &Path) -> Outcome {
    let driver = driver(options()).await?;
    match what {
        What::None => drop(std::hint::black_box(fresh(size, count))),
        What::Store => {
            let claims = driver.store(&context(), fresh(size, count)).await?;
            let fields: Vec<BTreeMap<_, _>> = claims.iter().map(|claim| claim.iter().collect()).collect();
            std::fs::write(file, serde_json::to_vec(&fields)?)?;
        }
        What::Retrieve => {
            let fields: Vec<BTreeMap<String, String>> = serde_json::from_slice(&std::fs::read(file)?)?;
            let claims = fields.into_iter().map(Claim::from_iter).collect();
            let payloads = driver.retrieve(&RetrieveContext::default(), claims).await?;
            assert_eq!(payloads.len(), count, "a retrieve returns one payload for each claim");
        }
    }
    println!("{}", json!({ "shape": "memory", "what": format!("{what:?}"), "peak_kib": peak_memory()? }));
    Ok(())
}
