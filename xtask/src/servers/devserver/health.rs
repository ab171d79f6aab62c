//! Waits until the server answers.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use super::keeper::Keeper;
use crate::failure::Failure;
use crate::servers::ready;

/// A busy machine needs seconds; one that needs a minute has another problem.
const LIMIT: Duration = Duration::from_secs(60);
const BETWEEN: Duration = Duration::from_millis(50);

/// Asks for each page until it is answered with 200. Says what the server last wrote if it ends or stays silent.
pub(super) fn wait(pages: &[(u16, &str)], keeper: &mut Keeper, log: &Path) -> Result<(), Failure> {
    let started = Instant::now();
    for (port, path) in pages {
        let address = SocketAddr::from(([127, 0, 0, 1], *port));
        while !ready::answers(address, path).unwrap_or(false) {
            if let Some(status) = keeper.ended() {
                return Err(broken(&format!("ended with {status}"), log));
            }
            if started.elapsed() > LIMIT {
                return Err(broken(&format!("did not answer within {LIMIT:?}"), log));
            }
            #[expect(clippy::disallowed_methods, reason = "a server tells nobody that it answers")]
            std::thread::sleep(BETWEEN);
        }
    }
    Ok(())
}

fn broken(what: &str, log: &Path) -> Failure {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let last = text.lines().last().unwrap_or("nothing");
    Failure::Broken(format!("Temporal's development server {what}; it last said: {last}"))
}
