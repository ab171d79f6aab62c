//! Reads the output of `strace -f -y` as calls that began and ended.

/// Holds one system call that ended.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    arguments: Vec<String>,
    /// The call returned no error.
    pub(crate) succeeded: bool,
    /// The kernel was told to skip the call.
    pub(crate) skipped: bool,
    began: usize,
    ended: usize,
}

impl Call {
    pub(crate) fn ended_before(&self, other: &Self) -> bool {
        self.ended < other.began
    }

    /// Returns the path of the descriptor in this argument.
    pub(crate) fn descriptor(&self, argument: usize) -> &str {
        let text = self.arguments.get(argument).map_or("", String::as_str);
        text.split_once('<').map_or("", |(_, path)| path.trim_end_matches('>'))
    }

    /// Joins the path of a descriptor in this argument and the name in the next one.
    pub(crate) fn path(&self, argument: usize) -> String {
        let name = self.arguments.get(argument + 1).map_or("", |name| name.trim_matches('"'));
        if name.starts_with('/') { name.to_owned() } else { format!("{}/{name}", self.descriptor(argument)) }
    }

    pub(crate) fn writes(&self, text: &str) -> bool {
        self.name == "write" && self.arguments.get(1).is_some_and(|argument| argument.contains(text))
    }
}

/// Reads a trace. Calls of several threads interrupt each other: their two halves are put together.
pub(crate) fn parse(trace: &str) -> Vec<Call> {
    let mut halves: Vec<(String, String, usize)> = Vec::new();
    let mut calls = Vec::new();
    for (number, line) in trace.lines().enumerate() {
        let Some((pid, text)) = line.split_once(' ') else { continue };
        let text = text.trim_start();
        if let Some(begun) = text.strip_suffix("<unfinished ...>") {
            halves.push((pid.to_owned(), begun.trim_end().to_owned(), number));
        } else if let Some((_, rest)) = text.split_once(" resumed>").filter(|_| text.starts_with("<...")) {
            if let Some(at) = halves.iter().position(|(other, ..)| other == pid) {
                let (_, begun, began) = halves.remove(at);
                calls.extend(call(&format!("{begun}{rest}"), began, number));
            }
        } else {
            calls.extend(call(text, number, number));
        }
    }
    calls
}

/// Parses one line, such as `linkat(8</tmp>, "a", 9</objects/ab>, "b", 0) = 0`.
fn call(text: &str, began: usize, ended: usize) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let arguments = arguments.trim_end().strip_suffix(')')?;
    Some(Call {
        name: name.to_owned(),
        arguments: arguments.split(", ").map(str::to_owned).collect(),
        succeeded: !result.starts_with('-'),
        skipped: result.contains("(INJECTED)"),
        began,
        ended,
    })
}
