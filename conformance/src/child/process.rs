//! Starts child processes, reads their lines and kills them.

use std::process::Stdio;

use extstore::Claim;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{ChildStdin, ChildStdout, Command};

use super::{Line, ROLE_VARIABLE, Role, SCOPE_VARIABLE, fields};
use crate::Secrets;
use crate::case::{Cx, Stop};
use crate::secrets::CANARY_VARIABLE;

/// A child process of the suite. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Child {
    process: tokio::process::Child,
    lines: Lines<BufReader<ChildStdout>>,
    input: Option<ChildStdin>,
}

impl Child {
    /// Starts this binary again to play a role in the case's scope.
    ///
    /// # Errors
    ///
    /// `Unsupported` where no other process can reach the data, `Error` where none can be started.
    pub(crate) fn start(cx: &Cx, role: Role) -> Result<Self, Stop> {
        let Some(environment) = cx.harness().child_environment() else {
            return Err(Stop::Unsupported("no other process can reach the data".into()));
        };
        let role = serde_json::to_string(&role).map_err(broken)?;
        let mut process = Command::new(std::env::current_exe().map_err(broken)?)
            .envs(environment)
            .env(ROLE_VARIABLE, role)
            .env(SCOPE_VARIABLE, cx.scope().as_str())
            .env(CANARY_VARIABLE, Secrets::of_this_run().canary())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(broken)?;
        let output = process.stdout.take().ok_or_else(|| Stop::Error("the child has no output".into()))?;
        let input = process.stdin.take();
        Ok(Self { lines: BufReader::new(output).lines(), input, process })
    }

    /// Returns the next line of the protocol, and skips all other output; `None` once the child has ended.
    ///
    /// # Errors
    ///
    /// `Error` where the output cannot be read.
    pub(crate) async fn line(&mut self) -> Result<Option<Line>, Stop> {
        while let Some(text) = self.lines.next_line().await.map_err(broken)? {
            if let Ok(line) = serde_json::from_str(&text) {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// Kills the child with SIGKILL and returns the lines that it had printed until then.
    ///
    /// # Errors
    ///
    /// `Error` where it cannot be killed.
    pub(crate) async fn kill(mut self) -> Result<Vec<Line>, Stop> {
        self.process.kill().await.map_err(broken)?;
        let mut rest = Vec::new();
        while let Some(line) = self.line().await? {
            rest.push(line);
        }
        Ok(rest)
    }

    /// Writes claims to the child, ends its input, and waits for its end.
    async fn ask(mut self, claims: &[Claim]) -> Result<Vec<Line>, Stop> {
        let mut text = String::new();
        for claim in claims {
            text.push_str(&serde_json::to_string(&fields(claim)).map_err(broken)?);
            text.push('\n');
        }
        let input = self.input.take();
        let write = async {
            let mut input = input.ok_or_else(|| Stop::Error("the child has no input".into()))?;
            input.write_all(text.as_bytes()).await.map_err(broken)
        };
        let read = async {
            let mut lines = Vec::new();
            while let Some(line) = self.line().await? {
                lines.push(line);
            }
            Ok(lines)
        };
        let (lines, ()) = futures_util::future::try_join(read, write).await?;
        Ok(lines)
    }
}

/// Retrieves claims in a process that knows nothing but the configuration: the SHA-256 of each
/// payload's encoded bytes, or the error's text.
///
/// # Errors
///
/// As [`Child::start`].
pub(crate) async fn retrieve_in_new_process(
    cx: &Cx,
    claims: &[Claim],
) -> Result<Vec<Result<String, String>>, Stop> {
    let lines = Child::start(cx, Role::Retrieve)?.ask(claims).await?;
    let outcome = |line| match line {
        Line::Retrieved(_, digest) => Some(Ok(digest)),
        Line::Failed(_, error) => Some(Err(error)),
        Line::Begin(_) | Line::Stored(..) => None,
    };
    Ok(lines.into_iter().filter_map(outcome).collect())
}

fn broken(error: impl std::fmt::Display) -> Stop {
    Stop::Error(format!("a child process: {error}"))
}
