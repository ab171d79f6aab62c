//! Runs in the process that kills, and looks for what was lost.

use std::collections::HashMap;
use std::io;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::child::ROLE;
use super::ledger::Ledger;
use super::line::Line;
use super::{Settings, SoakReport, Subject};

/// The first guess of how long a store takes.
const STORE: Duration = Duration::from_millis(20);
/// A child that says nothing for so long hangs.
const SILENCE: Duration = Duration::from_secs(60);

pub(super) async fn run(subject: &impl Subject, settings: &Settings) -> io::Result<SoakReport> {
    let mut rng = fastrand::Rng::with_seed(settings.seed);
    let (mut ledger, mut report, mut usual) = (Ledger::default(), SoakReport::default(), STORE);
    for _ in 0..settings.kills {
        let mut round = Round::start(subject, rng.u64(..))?;
        round.run_until(rng.usize(..6), usual.mul_f64(rng.f64())).await?;
        let in_flight = round.kill(&mut usual).await?;
        report.kills += 1;
        report.with_store_in_flight += u64::from(in_flight);
        let stores: Vec<String> = round.acknowledged.iter().map(|(store, _)| store.clone()).collect();
        ledger.acknowledged.extend(round.acknowledged);
        ledger.retrieve(subject, stores).await?;
        ledger.look(subject, false).await?;
    }
    report.leftovers_after_sweep = subject.sweep().await?;
    let all = ledger.acknowledged.keys().cloned().collect();
    ledger.retrieve(subject, all).await?;
    ledger.look(subject, true).await?;
    report.acknowledged = ledger.acknowledged.len() as u64;
    report.lost = ledger.lost.len() as u64;
    report.torn = ledger.torn.len() as u64;
    Ok(report)
}

/// Follows one child from its start to its end.
struct Round {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    begun: HashMap<String, Instant>,
    took: Vec<Duration>,
    acknowledged: Vec<(String, (extstore::Digest, extstore::Claim))>,
}

impl Round {
    fn start(subject: &impl Subject, seed: u64) -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .env(ROLE, format!("{seed:x}"))
            .envs(subject.environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().ok_or_else(|| io::Error::other("the child has no output"))?;
        let lines = BufReader::new(out).lines();
        Ok(Self { child, lines, begun: HashMap::new(), took: Vec::new(), acknowledged: Vec::new() })
    }

    /// Waits for so many acknowledgements, for the next store to begin, and then for `delay`.
    async fn run_until(&mut self, acknowledged: usize, delay: Duration) -> io::Result<()> {
        loop {
            let began = match tokio::time::timeout(SILENCE, self.lines.next_line()).await {
                Err(_) => return Err(io::Error::other("the child says nothing")),
                Ok(line) => match line? {
                    None => return Err(io::Error::other("the child ended by itself")),
                    Some(line) => self.take(&line)?,
                },
            };
            if began && self.acknowledged.len() >= acknowledged {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "a timer of the runtime counts whole milliseconds, which is too coarse for small stores"
                )]
                tokio::task::spawn_blocking(move || std::thread::sleep(delay)).await?;
                return Ok(());
            }
        }
    }

    /// Kills the child, reads what it still said, and says whether a store was in flight.
    async fn kill(&mut self, usual: &mut Duration) -> io::Result<bool> {
        self.child.start_kill()?;
        while let Some(line) = self.lines.next_line().await? {
            self.take(&line)?;
        }
        self.child.wait().await?;
        if !self.took.is_empty() {
            let mean =
                self.took.iter().sum::<Duration>() / u32::try_from(self.took.len()).unwrap_or(u32::MAX);
            *usual = (*usual + mean) / 2;
        }
        Ok(!self.begun.is_empty())
    }

    /// Takes note of a line; says whether a store began.
    fn take(&mut self, line: &str) -> io::Result<bool> {
        match Line::parse(line) {
            Some(Line::Begin { store }) => {
                self.begun.insert(store, Instant::now());
                Ok(true)
            }
            Some(Line::Ack { store, digest, claim }) => {
                self.took.extend(self.begun.remove(&store).map(|begun| begun.elapsed()));
                self.acknowledged.push((store, (digest, claim)));
                Ok(false)
            }
            Some(Line::Failed { reason }) => Err(io::Error::other(format!("a store failed: {reason}"))),
            None => Ok(false),
        }
    }
}
