//! Chooses the fewest inputs that take the most edges, from the file that libFuzzer keeps while it merges.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Describes one input: its length, and the edges that it takes.
#[derive(Debug, Default)]
struct Input {
    length: u64,
    edges: BTreeSet<u32>,
}

/// Picks inputs one after another, each time the one that adds most, the shorter one of two; no more than `most`.
///
/// The control file has a count, a second count, a line for each input with its path, and then for each input
/// `STARTED number length` and `FT number edge…`.
pub(super) fn choose(control: &str, most: usize) -> Vec<PathBuf> {
    let mut lines = control.lines();
    let count = lines.next().and_then(|line| line.parse().ok()).unwrap_or(0);
    let paths: Vec<&str> = lines.by_ref().skip(1).take(count).collect();
    let mut inputs = read(lines);
    let mut chosen = Vec::new();
    while chosen.len() < most {
        let gain = |input: &Input| (input.edges.len(), std::cmp::Reverse(input.length));
        let best =
            inputs.iter().filter(|(_, input)| !input.edges.is_empty()).max_by_key(|(_, input)| gain(input));
        let Some(number) = best.map(|(number, _)| *number) else { break };
        let taken = inputs.remove(&number).unwrap_or_default().edges;
        for input in inputs.values_mut() {
            input.edges.retain(|edge| !taken.contains(edge));
        }
        chosen.extend(paths.get(number).map(PathBuf::from));
    }
    chosen
}

fn read<'l>(lines: impl Iterator<Item = &'l str>) -> BTreeMap<usize, Input> {
    let mut inputs: BTreeMap<usize, Input> = BTreeMap::new();
    for line in lines {
        let mut words = line.split(' ');
        let kind = words.next();
        let Some(number) = words.next().and_then(|word| word.parse().ok()) else { continue };
        let mut numbers = words.filter_map(|word| word.parse::<u32>().ok());
        let input = inputs.entry(number).or_default();
        match kind {
            Some("STARTED") => input.length = numbers.next().unwrap_or(0).into(),
            Some("FT") => input.edges.extend(numbers),
            _ => {}
        }
    }
    inputs
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTROL: &str = "4\n0\nlong\nshort\nother\nnothing\n\
        STARTED 0 90\nFT 0 1 2 3\nCOV 0 1\nSTARTED 1 9\nFT 1 1 2 3\nSTARTED 2 5\nFT 2 3 4\nSTARTED 3 1\nFT 3 2\n";

    #[test]
    fn what_adds_most_comes_first_and_what_adds_nothing_stays_out() {
        assert_eq!(choose(CONTROL, 9), [PathBuf::from("short"), PathBuf::from("other")]);
        assert_eq!(choose(CONTROL, 1), [PathBuf::from("short")]);
    }

    #[test]
    fn an_unreadable_file_chooses_nothing() {
        assert_eq!(choose("what?\n", 9), Vec::<PathBuf>::new());
    }
}
