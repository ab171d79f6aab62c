//! Lists the rules that the cases prove. `docs/rules.md` shows them as a table, and a test compares the two.

use std::fmt::Write as _;

use crate::cases;

/// Describes one promise of every driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// `ES-001`, permanent.
    pub(crate) id: &'static str,
    /// The sentence that must hold.
    pub(crate) sentence: &'static str,
}

const fn rule(id: &'static str, sentence: &'static str) -> Rule {
    Rule { id, sentence }
}

/// Lists every rule, in the order of the ids.
pub(crate) const RULES: &[Rule] = &[
    rule("ES-001", "A driver's name is stable, and never part of a stored key."),
    rule("ES-002", "A driver's type is constant, and equals the id that other SDKs know."),
    rule("ES-003", "Construction validates the options and does no I/O."),
    rule("ES-004", "One result per input, in the order of the input; duplicates are kept."),
    rule("ES-005", "An empty batch is `Ok` without I/O."),
    rule("ES-006", "Inputs are not modified."),
    rule("ES-007", "A claim and the configuration suffice to retrieve, in any process."),
    rule("ES-008", "Claims are small, textual, documented and free of secrets."),
    rule("ES-009", "A payload comes back equal in every field."),
    rule("ES-010", "What is hashed is canonical: equal payloads have equal digests."),
    rule("ES-011", "The same payload in the same scope gives the same claim (`content_addressed`)."),
    rule("ES-012", "The content behind a claim never changes, however often it is read."),
    rule("ES-013", "One invalid item anywhere in a batch: nothing is stored."),
    rule("ES-014", "Identities map to keys injectively and without normalisation."),
    rule("ES-015", "Keys never exceed the store's limit, and the namespace stays visible."),
    rule("ES-016", "The digest is verified over the raw stored bytes, before they are decoded."),
    rule("ES-017", "A claim is checked completely before any request."),
    rule("ES-018", "Locations outside the configuration are refused (`confined`)."),
    rule("ES-019", "Errors carry kind, retry class, operation, location, index and cause."),
    rule("ES-020", "No secret and no payload byte in claims, errors, logs or `Debug`."),
    rule("ES-021", "A store is idempotent, and a lost acknowledgement harmless."),
    rule("ES-022", "Cancellation and drop leave nothing running and nothing partial readable."),
    rule("ES-023", "Sizes, time, attempts and requests in flight are bounded and declared."),
    rule("ES-024", "`Ok` means durable to the declared level."),
    rule("ES-025", "Objects appear whole or not at all."),
    rule("ES-026", "Storing again grants a full lifetime."),
    rule("ES-027", "What was stored can be read at once; that something was missing is not remembered."),
    rule("ES-028", "All published wire forms are readable, and the written form is declared."),
    rule("ES-029", "The host contains a driver that misbehaves, and offloads nothing twice."),
    rule(
        "ES-030",
        "An object that will soon be deleted, or cannot be read, is never acknowledged as it stands.",
    ),
    rule("ES-031", "What a store does not say is found out: a length, an object that a replica lacks."),
    rule("ES-032", "What one store holds never answers for another, whatever their drivers are called."),
    rule(
        "ES-033",
        "`retrieve_each`: an item that fails takes no other along, and its error stands in its place.",
    ),
    rule("ES-034", "The check at start-up of a driver that renews fails where a renewal is refused."),
];

/// Returns the table of `docs/rules.md`: each rule with the cases that prove it.
#[must_use]
pub(crate) fn table() -> String {
    let mut table = String::from("| rule | what must hold | proved by |\n|---|---|---|\n");
    for rule in RULES {
        let cases: Vec<String> = cases::all()
            .iter()
            .filter(|case| case.rules.contains(&rule.id))
            .map(|case| format!("`{}`", case.id))
            .collect();
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {} | {} | {} |", rule.id, rule.sentence, cases.join(", "));
    }
    table
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    /// Finds the root of the repository; `None` where this crate was unpacked by itself.
    fn repository() -> Option<PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
        root.join("ARCHITECTURE.md").exists().then(|| root.to_owned())
    }

    #[test]
    fn ids_are_consecutive() {
        for (place, rule) in RULES.iter().enumerate() {
            assert_eq!(rule.id, format!("ES-{:03}", place + 1));
        }
    }

    #[test]
    fn every_rule_that_a_case_cites_exists() {
        for case in cases::all() {
            for cited in case.rules {
                assert!(RULES.iter().any(|rule| rule.id == *cited), "{} cites {cited}", case.id);
            }
        }
    }

    #[test]
    fn every_rule_is_proved_by_a_case() {
        for rule in RULES {
            let proved = cases::all().iter().any(|case| case.rules.contains(&rule.id));
            assert!(proved, "{} is proved by no case", rule.id);
        }
    }

    #[test]
    fn the_page_of_rules_shows_this_table() {
        let Some(root) = repository() else { return };
        let path = root.join("docs/rules.md");
        let page = fs::read_to_string(&path).expect("docs/rules.md");
        let (text, _) = page.split_once("| rule |").expect("a table");
        let expected = format!("{text}{}", table());
        if std::env::var_os("EXTSTORE_BLESS").is_some() {
            fs::write(&path, expected).expect("written");
        } else {
            assert_eq!(page, expected, "docs/rules.md differs; EXTSTORE_BLESS=1 writes it");
        }
    }

    #[test]
    fn every_rule_that_the_sources_cite_exists() {
        let Some(root) = repository() else { return };
        let mut cited = 0;
        for file in sources(&root.join("crates")) {
            let text = fs::read_to_string(&file).expect("a source file");
            for (at, _) in text.match_indices("ES-0") {
                let id = &text[at..at + 6];
                assert!(RULES.iter().any(|rule| rule.id == id), "{} cites {id}", file.display());
                cited += 1;
            }
        }
        assert!(cited > 0, "the trait's documentation cites rules");
    }

    fn sources(directory: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(directory).expect("a directory");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths
            .flat_map(|path| match path.is_dir() {
                true if path.ends_with("target") => Vec::new(),
                true => sources(&path),
                false if path.extension().is_some_and(|extension| extension == "rs") => vec![path],
                false => Vec::new(),
            })
            .collect()
    }
}
