//! Runs one peer: a process that is a worker, and a client that obeys lines of JSON.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::tap::Tap;
use crate::failure::{Failure, While};

/// A bundler and an interpreter on a busy machine need their time.
const START: Duration = Duration::from_secs(90);
/// Bounds the wait for an answer of a few hundred kilobytes through one server.
const ANSWER: Duration = Duration::from_secs(30);
const END: Duration = Duration::from_secs(15);

type Waiting = Arc<Mutex<HashMap<u64, SyncSender<Value>>>>;

/// Holds what a command says that it did, or why it could not.
pub(super) type Answer = Result<String, String>;

#[derive(Debug)]
pub(super) struct Peer {
    /// `rust`, `python`, `go`, `typescript`.
    pub(super) sdk: &'static str,
    pub(super) queue: String,
    pub(super) tap: Tap,
    child: Mutex<Child>,
    input: Mutex<Option<ChildStdin>>,
    /// The id of the next command.
    next: AtomicU64,
    waiting: Waiting,
    ready: Mutex<mpsc::Receiver<Value>>,
}

impl Peer {
    /// Starts the process; [`Peer::wait`] says when it is ready.
    pub(super) fn start(
        sdk: &'static str,
        mut command: Command,
        queue: String,
        tap: Tap,
    ) -> Result<Self, Failure> {
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.while_doing(format!("starting the peer of {sdk}"))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let waiting = Waiting::default();
        let (tell, ready) = mpsc::sync_channel(1);
        if let Some(output) = output {
            let waiting = Arc::clone(&waiting);
            std::thread::spawn(move || listen(output, &waiting, &tell));
        }
        Ok(Self {
            sdk,
            queue,
            tap,
            child: Mutex::new(child),
            input: Mutex::new(input),
            next: AtomicU64::new(1),
            waiting,
            ready: Mutex::new(ready),
        })
    }

    /// Waits until the worker polls, and says which versions the peer is made of.
    pub(super) fn wait(&self) -> Result<Value, String> {
        let ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        match ready.recv_timeout(START) {
            Ok(mut hello) => Ok(hello["versions"].take()),
            Err(RecvTimeoutError::Timeout) => Err(format!("the peer was not ready within {START:?}")),
            Err(RecvTimeoutError::Disconnected) => Err("the peer ended before it was ready".to_owned()),
        }
    }

    /// Has the peer's client carry out one command.
    pub(super) fn ask(&self, mut command: Value) -> Answer {
        let (tell, told) = mpsc::sync_channel(1);
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, tell);
        command["id"] = json!(id);
        let what = command["do"].as_str().unwrap_or_default().to_owned();
        self.write(&command).map_err(|error| format!("the peer of {} is gone: {error}", self.sdk))?;
        match told.recv_timeout(ANSWER) {
            Ok(answer) => match answer["ok"].as_str() {
                Some(done) => Ok(done.to_owned()),
                None => Err(format!("{what} by {}: {}", self.sdk, answer["error"].as_str().unwrap_or("?"))),
            },
            Err(_) => Err(format!("{what} by {}: no answer within {ANSWER:?}", self.sdk)),
        }
    }

    fn write(&self, command: &Value) -> std::io::Result<()> {
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        let input = input.as_mut().ok_or(std::io::ErrorKind::BrokenPipe)?;
        writeln!(input, "{command}")?;
        input.flush()
    }

    /// Tells the peer that nothing more will come.
    pub(super) fn dismiss(&self) {
        drop(self.input.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Lets the peer finish, and ends it if it does not.
    pub(super) fn stop(&self) -> Result<(), Failure> {
        self.dismiss();
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let started = Instant::now();
        while started.elapsed() < END {
            if child.try_wait().while_doing("waiting for a peer")?.is_some() {
                return Ok(());
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "the end of a child that may also be killed cannot be awaited"
            )]
            std::thread::sleep(Duration::from_millis(20));
        }
        eprintln!("xtask: the peer of {} did not end within {END:?} and was killed", self.sdk);
        child.kill().while_doing("ending a peer")?;
        child.wait().while_doing("ending a peer").map(drop)
    }
}

/// Stops the process, so that a run that fails leaves none behind.
impl Drop for Peer {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(child.try_wait(), Ok(None)) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Gives each answer to the caller that waits for it. A line that is no answer is somebody's print and ignored.
fn listen(output: ChildStdout, waiting: &Mutex<HashMap<u64, SyncSender<Value>>>, ready: &SyncSender<Value>) {
    for line in BufReader::new(output).lines() {
        let Ok(answer) =
            line.map_err(drop).and_then(|line| serde_json::from_str::<Value>(&line).map_err(drop))
        else {
            continue;
        };
        if answer["ready"] == true {
            // Nobody waits for a second one.
            let _ = ready.try_send(answer);
        } else if let Some(id) = answer["id"].as_u64() {
            let waiter = waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            let _ = waiter.map(|waiter| waiter.send(answer));
        }
    }
    // Nobody will be answered any more: their channels close.
    waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
}
