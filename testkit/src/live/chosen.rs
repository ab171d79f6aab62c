//! Chooses tests by the arguments of the command line.

use super::Test;

/// Returns the tests whose names hold one of the words; all of them without a word. Words that begin with `-` are
/// libtest's.
pub(super) fn of<C>(
    tests: impl IntoIterator<Item = Test<C>>,
    arguments: impl Iterator<Item = String>,
) -> Result<Vec<Test<C>>, String> {
    let words: Vec<String> = arguments.filter(|argument| !argument.starts_with('-')).collect();
    let is_chosen =
        |test: &Test<C>| words.is_empty() || words.iter().any(|word| test.name.contains(word.as_str()));
    let chosen: Vec<Test<C>> = tests.into_iter().filter(is_chosen).collect();
    if chosen.is_empty() { Err(format!("no test has a name with one of {words:?}")) } else { Ok(chosen) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Result<Vec<&'static str>, String> {
        let tests = ["store.one", "store.two", "read.one"].map(|name| Test::new(name, |()| async {}));
        let chosen = of(tests, arguments.iter().map(|argument| (*argument).to_owned()));
        chosen.map(|tests| tests.iter().map(|test| test.name).collect())
    }

    #[test]
    fn words_choose_and_flags_do_not() {
        assert_eq!(names(&[]).unwrap().len(), 3);
        assert_eq!(names(&["--nocapture"]).unwrap().len(), 3);
        assert_eq!(names(&["one"]).unwrap(), ["store.one", "read.one"]);
        assert_eq!(names(&["two", "read", "-q"]).unwrap(), ["store.two", "read.one"]);
    }

    #[test]
    fn a_word_that_chooses_nothing_is_an_error() {
        assert!(names(&["three"]).unwrap_err().contains("three"));
    }
}
