//! Runs the inputs that the fuzz targets found and kept, on a stable compiler and in every run.
#![allow(clippy::unwrap_used, reason = "an invariant that does not hold fails the test")]

mod support;

use std::path::Path;

use bytes::Bytes;
use support::{check, roots};

/// Counts the bytes before a rewriter's input that choose the changes.
const CHOICES: usize = 24;

fn inputs(target: &str) -> Vec<Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let entries = std::fs::read_dir(directory).unwrap().map(Result::unwrap);
    let inputs: Vec<_> = entries.map(|entry| std::fs::read(entry.path()).unwrap()).collect();
    assert!(inputs.len() > 50, "{target} has {} inputs", inputs.len());
    inputs
}

/// Counts the inputs that are messages that can be scanned.
fn scanned<'a>(inputs: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> usize {
    let holds = |(choices, input): &(&[u8], &[u8])| {
        let mut choices = choices.iter().copied();
        roots::split(input).is_some_and(|(message, bytes)| {
            let bytes = Bytes::copy_from_slice(bytes);
            check::holds(message, &bytes, &mut || choices.next().unwrap_or(0)).is_ok()
        })
    };
    inputs.filter(holds).count()
}

#[test]
fn the_rewriters_corpus_holds() {
    let inputs = inputs("rewrite");
    let split = inputs.iter().filter_map(|input| input.split_at_checked(CHOICES));
    let scanned = scanned(split);
    assert!(scanned > 5, "{scanned}");
}

#[test]
fn the_scanners_corpus_holds_for_the_rewriter_too() {
    let inputs = inputs("scan");
    let choices: Vec<u8> = (0..=255).collect();
    let scanned = scanned(inputs.iter().map(|input| (choices.as_slice(), input.as_slice())));
    // Most inputs are there for a fault each.
    assert!(scanned > 5, "{scanned}");
}
