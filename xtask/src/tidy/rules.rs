//! Every rule that a case cites is written down, and every rule that is written down is proved by a case.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::failure::{Failure, While};
use crate::project::Project;

const RULES: &str = "docs/rules.md";

pub(crate) fn check(project: &Project, files: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let mut cited = BTreeSet::new();
    let suite = |file: &&PathBuf| file.starts_with("conformance/src");
    for file in files.iter().filter(suite) {
        cited.extend(rules_in(&fs::read_to_string(project.root.join(file)).while_doing(file.display())?));
    }
    let written = match fs::read_to_string(project.root.join(RULES)) {
        Ok(text) => rules_in(&text),
        Err(_) => return Ok(vec![format!("{RULES} is missing: write down each rule that the suite cites")]),
    };
    let unwritten =
        cited.difference(&written).map(|rule| format!("{rule} is cited by the suite: write it into {RULES}"));
    let unproved = written.difference(&cited).map(|rule| {
        format!("{rule} is in {RULES}: let a case of conformance/src cite it, or take the rule out")
    });
    Ok(unwritten.chain(unproved).collect())
}

/// Every `ES-nnn` of a text.
fn rules_in(text: &str) -> BTreeSet<String> {
    let starts = text.match_indices("ES-").map(|(at, _)| at);
    let digits = |at: usize| text[at + 3..].bytes().take_while(u8::is_ascii_digit).count();
    starts.filter(|&at| digits(at) == 3).map(|at| text[at..at + 6].to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_three_digits() {
        let found = rules_in("[ES-004, ES-005] and ES-12, ES-0077, ES-nnn; ES-004 again");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["ES-004", "ES-005"]);
    }
}
