//! Runs tests that need a server, as the whole of a test binary with `harness = false`.
//!
//! libtest has no outcome for "not run" but "ok". Here a test that found no server is not run and says so, and where
//! the server is required that fails.
//!
//! ```no_run
//! use extstore_testkit::live::{Live, NotRun, Test};
//!
//! #[derive(Clone)]
//! struct Server(String);
//!
//! fn server() -> Result<Server, NotRun> {
//!     let missing = "EXTSTORE_S3_ENDPOINT is not set; `cargo xtask with s3 -- COMMAND` starts a server";
//!     let endpoint = std::env::var("EXTSTORE_S3_ENDPOINT");
//!     endpoint.map(Server).map_err(|_| NotRun::unless_required("EXTSTORE_REQUIRE_S3", missing))
//! }
//!
//! async fn a_bucket_is_made(server: Server) {
//!     assert!(server.0.starts_with("http"));
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     let tests = [Test::new("a_bucket_is_made", a_bucket_is_made)];
//!     Live::new().run(server(), |server, _name| server.clone(), tests)
//! }
//! ```
//!
//! Arguments choose tests by a part of their names. Each test prints a line when it ends; the last line is
//! `N passed, N failed`.

mod chosen;
mod ending;
mod not_run;
mod schedule;
mod test;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

pub use not_run::NotRun;
pub use test::{Test, Told};

use ending::Ending;

/// Bounds the time of a test: one that takes longer hangs. It is far above what a test needs on a busy machine.
const LIMIT: Duration = Duration::from_secs(300);

/// Says how the tests of one binary run: one after another unless said otherwise, each with a time limit of five
/// minutes.
#[derive(Clone, Debug)]
#[must_use]
pub struct Live {
    limit: Duration,
    at_once: usize,
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

impl Live {
    /// Runs tests one after another, each in a tokio runtime of its own, so that nothing of one lives on in the next.
    pub fn new() -> Self {
        Self { limit: LIMIT, at_once: 1 }
    }

    /// Sets how long one test may take. A test that takes longer fails.
    pub fn with_limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Runs up to `count` tests at the same time, all on one thread and in one tokio runtime.
    pub fn side_by_side(self, count: usize) -> Self {
        Self { at_once: count.max(1), ..self }
    }

    /// Runs the tests that the command line names, all of them where it names none.
    ///
    /// `context` makes what a test is given from the server and the test's name; it is called inside the test's
    /// runtime. The exit code is a success only if no test failed, and the command line named at least one. Without a
    /// server nothing is run, and `server` says whether that is a failure.
    pub fn run<S, C: 'static>(
        &self,
        server: Result<S, NotRun>,
        context: impl Fn(&S, &str) -> C,
        tests: impl IntoIterator<Item = Test<C>>,
    ) -> ExitCode {
        let server = match server {
            Ok(server) => server,
            Err(not_run) => return not_run.report(),
        };
        let chosen = match chosen::of(tests, std::env::args().skip(1)) {
            Ok(chosen) => chosen,
            Err(unknown) => return NotRun::failure(unknown).report(),
        };
        let endings = schedule::run(self, &|name| context(&server, name), chosen, &say);
        finish(&endings)
    }
}

fn finish(endings: &[Ending]) -> ExitCode {
    let count = |of: Ending| endings.iter().filter(|ending| **ending == of).count();
    if count(Ending::Known) > 0 {
        say(&format!("{} known to fail", count(Ending::Known)));
    }
    say(&format!("{} passed, {} failed", count(Ending::Passed), count(Ending::Failed)));
    if count(Ending::Failed) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a line on standard output. Nobody can be told where that is closed.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
