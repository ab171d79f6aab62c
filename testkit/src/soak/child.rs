//! Runs in the process that is killed: it stores for ever.

use std::io::{self, Read as _, Write as _};
use std::sync::Arc;

use extstore::{Digest, Payload, StorageDriver, StoreContext};
use futures_util::future::try_join_all;

use super::line::Line;
use super::settings::number;
use super::{Subject, payload};

pub(super) const ROLE: &str = "EXTSTORE_SOAK_CHILD";

/// Stores at the same time, so that a kill also meets races.
const LANES: u64 = 4;
const SMALL: usize = 64 << 10;
const LARGE: usize = 4 << 20;

pub(super) fn is_child() -> bool {
    std::env::var_os(ROLE).is_some()
}

/// Stores until it is killed.
pub(super) async fn run(subject: &impl Subject) -> io::Result<()> {
    std::thread::spawn(end_with_parent);
    let seed = number(ROLE, 16)?.unwrap_or_default();
    let driver = subject.driver().await.map_err(io::Error::other)?;
    let lanes = (0..LANES).map(|lane| store_for_ever(Arc::clone(&driver), seed, lane));
    try_join_all(lanes).await.map(drop)
}

/// Ends this process with standard input, which the parent keeps open until it ends itself.
fn end_with_parent() {
    let _ = io::stdin().read_to_end(&mut Vec::new());
    std::process::exit(3);
}

async fn store_for_ever(driver: Arc<dyn StorageDriver>, seed: u64, lane: u64) -> io::Result<()> {
    let mut rng = fastrand::Rng::with_seed(seed ^ lane.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut next = draw(&mut rng);
    for number in 0_u64.. {
        store(driver.as_ref(), format!("{seed:x}.{lane}.{number}"), &next).await?;
        // Now and then a payload is stored again, so that kills meet what exists already.
        if rng.u8(..8) != 0 {
            next = draw(&mut rng);
        }
    }
    Ok(())
}

fn draw(rng: &mut fastrand::Rng) -> Payload {
    let limit = if rng.bool() { LARGE } else { SMALL };
    let len = rng.usize(..limit);
    payload::random(rng, len)
}

async fn store(driver: &dyn StorageDriver, store: String, payload: &Payload) -> io::Result<()> {
    let digest = Digest::of(payload.canonical().body());
    print(&Line::Begin { store: store.clone() })?;
    match driver.store(&StoreContext::default(), vec![payload.clone()]).await {
        Ok(mut claims) if claims.len() == 1 => print(&Line::Ack { store, digest, claim: claims.remove(0) }),
        Ok(_) => print(&Line::Failed { reason: "another number of claims than payloads".into() }),
        Err(error) => print(&Line::Failed { reason: error.to_string() }),
    }
}

fn print(line: &Line) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
