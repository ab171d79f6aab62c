//! Checks that the lines which the README says a worker adds are those that `examples/worker.rs` adds to
//! `examples/worker_plain.rs`.
//!
//! `EXTSTORE_WRITE_README=1 cargo test -p extstore-temporal --test readme` writes the block anew.

use std::fs;
use std::path::{Path, PathBuf};

/// Bounds the number of lines that a worker may add.
const AT_MOST: usize = 10;
/// Sets the number of unchanged lines that are shown around the added ones.
const AROUND: usize = 1;

const START: &str =
    "<!-- The lines that examples/worker.rs adds to examples/worker_plain.rs; a test writes them. -->";
const END: &str = "<!-- end -->";

/// Holds a line of the worker, and says whether the plain one lacks it.
struct Line<'a> {
    text: &'a str,
    added: bool,
}

#[test]
fn a_worker_adds_at_most_ten_lines() {
    let [plain, worker] = ["worker_plain.rs", "worker.rs"].map(example);
    let added = compared(&plain, &worker).iter().filter(|line| line.added).count();
    assert!((1..=AT_MOST).contains(&added), "a worker adds {added} lines");
}

#[test]
fn the_readme_shows_the_lines_that_a_worker_adds() {
    let [plain, worker] = ["worker_plain.rs", "worker.rs"].map(example);
    let expected = block(&compared(&plain, &worker));
    let file = package().join("../../README.md");
    let text = fs::read_to_string(&file).expect("the README");
    let (before, rest) = text.split_once(START).expect("the start of the block");
    let (found, after) = rest.split_once(END).expect("the end of the block");
    if std::env::var_os("EXTSTORE_WRITE_README").is_some() {
        fs::write(&file, [before, START, &expected, END, after].concat()).expect("written");
    } else {
        assert_eq!(found, expected, "EXTSTORE_WRITE_README=1 writes it anew");
    }
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads an example without its header, in which the two differ.
fn example(name: &str) -> String {
    let file: PathBuf = package().join("examples").join(name);
    let text = fs::read_to_string(&file).expect("an example");
    text.lines().filter(|line| !line.starts_with("//!")).map(|line| format!("{line}\n")).collect()
}

/// Compares the worker's lines with the plain worker's, none of which may be missing or in another order: then they
/// would not be additions.
fn compared<'a>(plain: &str, worker: &'a str) -> Vec<Line<'a>> {
    let mut left = plain.lines().peekable();
    let lines = worker.lines().map(|text| Line { text, added: left.next_if_eq(&text).is_none() }).collect();
    assert_eq!(left.next(), None, "the worker lacks a line of the plain one");
    lines
}

/// Writes the added lines between some of those around them, as a diff.
fn block(lines: &[Line<'_>]) -> String {
    let near = |at: usize| {
        let around = at.saturating_sub(AROUND)..lines.len().min(at + AROUND + 1);
        lines[at].added || (!lines[at].text.is_empty() && lines[around].iter().any(|line| line.added))
    };
    let mut shown: Vec<String> = Vec::new();
    let mut last = None;
    for at in (0..lines.len()).filter(|at| near(*at)) {
        if last.is_some_and(|last| last + 1 < at) {
            shown.push(" …".to_owned());
        }
        let sign = if lines[at].added { '+' } else { ' ' };
        shown.push(format!("{sign}{}", lines[at].text));
        last = Some(at);
    }
    format!("\n```diff\n{}\n```\n", shown.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_added() {
        let lines = compared("a\n\nb\nc\nd\n", "a\n1\n\nb\nc\nd\n2\n");
        assert_eq!(lines.iter().filter(|line| line.added).count(), 2);
        assert_eq!(block(&lines), "\n```diff\n a\n+1\n …\n d\n+2\n```\n");
    }

    #[test]
    #[should_panic = "the worker lacks a line"]
    fn a_line_that_is_gone_is_no_addition() {
        compared("a\nb\n", "a\nc\n");
    }
}
