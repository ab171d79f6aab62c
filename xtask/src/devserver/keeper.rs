//! A process that ends the server when this program ends, in whatever way.
//!
//! A destructor does not run when a program is killed or interrupted. So the server is the child of a shell that
//! holds the reading end of a pipe from us: the pipe closes when we are gone, and the shell then stops the server. Both
//! are in a process group of their own, because an interrupt at the terminal would otherwise end the shell first.

use std::fs::File;
use std::io::{BufRead, BufReader};
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
    cat <&3
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

/// The shell, and the server below it; or a server that stands alone.
#[derive(Debug)]
pub(super) struct Keeper {
    child: Child,
    /// Closing it stops the server. Absent if the server stands alone.
    pipe: Option<ChildStdin>,
    server: u32,
}

impl Keeper {
    /// Starts the server with its output in the log. Alone, it does not end with this program.
    pub(super) fn start(server: &Command, log: &Path, alone: bool) -> Result<Self, Failure> {
        let mut command = if alone { as_it_is(server) } else { below_a_shell(server) };
        let output = File::options().append(true).open(log).while_doing(log.display())?;
        let program = server.get_program().to_string_lossy();
        command.stderr(output.try_clone().while_doing(log.display())?).process_group(0);
        if alone {
            let child = command.stdin(Stdio::null()).stdout(output).spawn();
            let child = child.while_doing(format!("starting {program}"))?;
            return Ok(Self { server: child.id(), child, pipe: None });
        }
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.while_doing(format!("starting {program}"))?;
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

    /// How the server ended, if it has.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks the server to finish, and waits until it has.
    pub(super) fn stop(mut self) -> Result<(), Failure> {
        match self.pipe.take() {
            Some(pipe) => drop(pipe),
            None => signal("-TERM", self.server)?,
        }
        self.child.wait().map(drop).while_doing("waiting for the server to end")
    }

    /// Ends the server at once.
    pub(super) fn kill(mut self) -> Result<(), Failure> {
        signal("-KILL", self.server)?;
        self.child.wait().map(drop).while_doing("waiting for the server to end")
    }
}

fn as_it_is(server: &Command) -> Command {
    let mut command = Command::new(server.get_program());
    command.args(server.get_args()).envs(variables(server));
    command
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

/// The process is our own, or the child of our own child, and not waited for yet: its id is still its own.
fn signal(name: &str, process: u32) -> Result<(), Failure> {
    let status = Command::new("kill").args([name, &process.to_string()]).status();
    status.map(drop).while_doing("starting kill")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that would run for an hour.
    fn started(alone: bool) -> Keeper {
        let name = format!("keeper-{}.log", crate::canary::random_hex().expect("random bytes"));
        let log = std::env::temp_dir().join(name);
        File::create(&log).expect("a log");
        let mut server = Command::new("sleep");
        server.arg("3600");
        let keeper = Keeper::start(&server, &log, alone).expect("a started server");
        std::fs::remove_file(&log).expect("removed");
        keeper
    }

    fn runs(process: u32) -> bool {
        Command::new("kill")
            .args(["-0", &process.to_string()])
            .stderr(Stdio::null())
            .status()
            .expect("kill")
            .success()
    }

    #[test]
    fn nothing_runs_after_a_stop() {
        for alone in [false, true] {
            let mut keeper = started(alone);
            let server = keeper.server();
            assert!(runs(server) && keeper.ended().is_none(), "alone: {alone}");
            keeper.stop().expect("stopped");
            assert!(!runs(server), "alone: {alone}");
        }
    }

    #[test]
    fn nothing_runs_after_a_kill() {
        let keeper = started(false);
        let server = keeper.server();
        keeper.kill().expect("killed");
        assert!(!runs(server));
    }

    #[test]
    fn the_server_ends_with_the_pipe_that_nobody_holds_any_more() {
        let mut keeper = started(false);
        let server = keeper.server();
        keeper.pipe = None;
        keeper.child.wait().expect("the shell ends by itself");
        assert!(!runs(server));
    }
}
