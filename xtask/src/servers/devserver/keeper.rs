//! Runs a process that ends the server when this program ends, in whatever way.
//!
//! A destructor does not run when a program is killed or interrupted. So the server is the child of a shell that
//! holds the reading end of a pipe from us: the pipe closes when we are gone, and the shell then stops the server,
//! unless it was told to keep it. Both are in a process group of their own, because an interrupt at the terminal would
//! otherwise end the shell first.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

use crate::failure::{Failure, While};

/// Prints the server's process id, and ends with the server. A server that has not finished ten seconds after it was
/// asked to is killed.
const SCRIPT: &str = r#"
exec 3<&0
"$@" </dev/null >&2 3<&- &
server=$!
echo "$server"
exec >&-
{
    if read -r word <&3 && [ "$word" = keep ]; then exit; fi
    kill "$server"
    left=100
    while [ "$left" -gt 0 ] && kill -0 "$server"; do left=$((left - 1)); sleep 0.1; done
    kill -9 "$server"
} >/dev/null 2>&1 &
watch=$!
wait "$server"
status=$?
kill "$watch" 2>/dev/null
exit "$status"
"#;

/// Holds the shell, and the server that the shell started. Dropping it stops the server, and waits for nothing.
#[derive(Debug)]
pub(super) struct Keeper {
    child: Child,
    /// The shell's input; `None` once the shell was told what to do.
    pipe: Option<ChildStdin>,
    server: u32,
}

impl Keeper {
    /// Starts the server with its output in the log.
    pub(super) fn start(server: &Command, log: &Path) -> Result<Self, Failure> {
        let output = File::options().append(true).open(log).while_doing(log.display())?;
        let mut child = below_a_shell(server)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(output)
            .spawn()
            .while_doing("starting sh")?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line).while_doing("reading the server's process id")?;
        }
        let server = line.trim().parse().while_doing("reading the server's process id")?;
        Ok(Self { server, pipe: child.stdin.take(), child })
    }

    /// The server's process id.
    pub(super) fn server(&self) -> u32 {
        self.server
    }

    /// Says how the server ended, if it has.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks the server to finish, and waits until it has.
    pub(super) fn stop(mut self) -> Result<(), Failure> {
        drop(self.pipe.take());
        self.child.wait().map(drop).while_doing("waiting for the server to end")
    }

    /// Lets the server outlive this program. It ends when somebody kills it, and the shell with it.
    pub(super) fn keep(mut self) -> Result<(), Failure> {
        let mut pipe = self.pipe.take();
        pipe.as_mut().map_or(Ok(()), |pipe| pipe.write_all(b"keep\n")).while_doing("keeping the server")
    }

    /// Ends the server at once.
    pub(super) fn kill(mut self) -> Result<(), Failure> {
        signal("-KILL", self.server)?;
        self.child.wait().map(drop).while_doing("waiting for the server to end")
    }
}

fn below_a_shell(server: &Command) -> Command {
    let mut command = Command::new("sh");
    let arguments = ["-c", SCRIPT, "keeper"];
    command.args(arguments).arg(server.get_program()).args(server.get_args()).envs(variables(server));
    command
}

fn variables(server: &Command) -> impl Iterator<Item = (&std::ffi::OsStr, &std::ffi::OsStr)> {
    server.get_envs().filter_map(|(name, value)| Some((name, value?)))
}

/// The process is the child of our own child, which has not ended: its id is still its own.
fn signal(name: &str, process: u32) -> Result<(), Failure> {
    let status = Command::new("kill").args([name, &process.to_string()]).status();
    status.map(drop).while_doing("starting kill")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Starts a server that would run for an hour.
    fn started() -> Keeper {
        start(&["3600"], "sleep")
    }

    fn start(args: &[&str], program: &str) -> Keeper {
        let name = format!("keeper-{}.log", crate::canary::random_hex().expect("random bytes"));
        let log = std::env::temp_dir().join(name);
        File::create(&log).expect("a log");
        let keeper = Keeper::start(Command::new(program).args(args), &log).expect("a started server");
        std::fs::remove_file(&log).expect("removed");
        keeper
    }

    fn runs(process: u32) -> bool {
        let mut kill = Command::new("kill");
        kill.args(["-0", &process.to_string()]).stderr(Stdio::null()).status().expect("kill").success()
    }

    #[test]
    fn nothing_runs_after_a_stop() {
        let mut keeper = started();
        let server = keeper.server();
        assert!(runs(server) && keeper.ended().is_none());
        keeper.stop().expect("stopped");
        assert!(!runs(server));
    }

    #[test]
    fn nothing_runs_after_a_kill() {
        let keeper = started();
        let server = keeper.server();
        keeper.kill().expect("killed");
        assert!(!runs(server));
    }

    #[test]
    fn the_server_ends_with_the_pipe_that_nobody_holds_any_more() {
        let mut keeper = started();
        let server = keeper.server();
        keeper.pipe = None;
        keeper.child.wait().expect("the shell ends by itself");
        assert!(!runs(server));
    }

    #[test]
    fn a_kept_server_outlives_the_pipe() {
        let mut keeper = start(&["-c", "sleep 0.5; exit 7"], "sh");
        // What `keep` does, with the shell still ours to wait for.
        keeper.pipe.take().expect("not taken yet").write_all(b"keep\n").expect("the shell reads it");
        let status = keeper.child.wait().expect("the shell ends with the server");
        assert_eq!(status.code(), Some(7), "it ended by itself and not by a signal");
    }
}
