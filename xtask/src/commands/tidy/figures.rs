//! Measures the source of each crate: files, lines, functions, documentation, public items.
//!
//! Lengths are printed as median · 90 % · (99 % ·) longest. What a program wrote is left out, because it says nothing
//! about how we write. Tests have a row of their own: files in `tests`, files named `tests.rs` and the test module at
//! the end of a file, whose lines still count as lines of that file.

mod function;

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, While};
use crate::project::{Package, Project};

/// Bounds the lines of the suite: what is not needed to prove a driver belongs elsewhere.
const SUITE: (&str, usize) = ("conformance/src", 11_500);

/// Holds what was measured of some files.
#[derive(Debug, Default)]
struct Figures {
    files: Vec<Length>,
    functions: Vec<Length>,
    lines: usize,
    documentation: usize,
    public: usize,
}

/// Holds a length and says whose it is.
type Length = (usize, String);

pub(super) fn print(project: &Project, files: &[PathBuf]) -> Result<(), Failure> {
    let mut tests = Figures::default();
    let mut all = Figures::default();
    println!(
        "{:<24} {:>5} {:>7}  {:<18} {:<18} {:>5} {:>5}",
        "crate", "files", "lines", "file", "function", "doc %", "pub"
    );
    for package in &project.packages {
        let directory = package.directory().strip_prefix(&project.root).unwrap_or(Path::new(""));
        let mut figures = Figures::default();
        for file in files.iter().filter(|file| is_source_of(file, directory, &project.packages, project)) {
            let text = fs::read_to_string(project.root.join(file)).while_doing(file.display())?;
            let part = if is_test(file) { &mut tests } else { &mut figures };
            let beside = part.add(file, &text);
            tests.functions.extend(beside);
        }
        figures.print_row(&package.name);
        all.files.append(&mut figures.files);
        all.functions.append(&mut figures.functions);
    }
    tests.print_row("tests of all crates");
    print_longest("files", all.files);
    print_longest("functions", all.functions);
    print_suite(project, files)
}

/// Says whether a file belongs to the crate of a directory; a crate inside another crate's directory counts for
/// itself.
fn is_source_of(file: &Path, directory: &Path, packages: &[Package], project: &Project) -> bool {
    let owner = packages
        .iter()
        .filter_map(|package| package.directory().strip_prefix(&project.root).ok())
        .filter(|directory| file.starts_with(directory))
        .max_by_key(|directory| directory.components().count());
    let generated = file.iter().any(|part| part == "generated");
    owner == Some(directory) && file.extension().is_some_and(|extension| extension == "rs") && !generated
}

fn is_test(file: &Path) -> bool {
    file.iter().any(|part| part == "tests") || file.file_stem().is_some_and(|name| name == "tests")
}

impl Figures {
    /// Adds a file and returns the functions of the test module at its end.
    fn add(&mut self, file: &Path, text: &str) -> Vec<Length> {
        let name = file.display().to_string();
        let lines = text.lines().count();
        self.files.push((lines, name.clone()));
        self.lines += lines;
        self.documentation += text.lines().filter(|line| is_documentation(line)).count();
        let (code, tests) = text.split_at(text.find("#[cfg(test)]\nmod ").unwrap_or(text.len()));
        self.public += code.lines().filter(|line| line.trim_start().starts_with("pub ")).count();
        let named = |(length, function): Length| (length, format!("{name} {function}"));
        self.functions.extend(function::functions(code).into_iter().map(named));
        function::functions(tests).into_iter().map(named).collect()
    }

    fn print_row(&mut self, name: &str) {
        println!(
            "{name:<24} {:>5} {:>7}  {:<18} {:<18} {:>5.1} {:>5}",
            self.files.len(),
            self.lines,
            spread(&mut self.files, &[50, 90]),
            spread(&mut self.functions, &[50, 90, 99]),
            // Precise enough for lines.
            100.0 * self.documentation as f64 / self.lines.max(1) as f64,
            self.public,
        );
    }
}

/// Returns the percentiles and the maximum.
fn spread(lengths: &mut [Length], percentiles: &[usize]) -> String {
    lengths.sort();
    let Some(last) = lengths.len().checked_sub(1) else { return "–".to_owned() };
    let at = |percent: &usize| lengths[last * percent / 100].0.to_string();
    let all: Vec<_> = percentiles.iter().chain(&[100]).map(at).collect();
    all.join(" · ")
}

fn print_longest(what: &str, mut lengths: Vec<Length>) {
    lengths.sort();
    println!("\nlongest {what} outside tests");
    for (length, name) in lengths.iter().rev().take(5) {
        println!("  {length:>5}  {name}");
    }
}

fn print_suite(project: &Project, files: &[PathBuf]) -> Result<(), Failure> {
    let (directory, limit) = SUITE;
    let mut lines = 0;
    for file in files.iter().filter(|file| file.starts_with(directory)) {
        let text = fs::read_to_string(project.root.join(file)).while_doing(file.display())?;
        lines += if file.extension().is_some_and(|extension| extension == "rs") {
            text.lines().count()
        } else {
            0
        };
    }
    let verdict = if lines < limit { "under" } else { "NOT under" };
    println!("\n{directory}: {lines} lines, {verdict} {limit}");
    Ok(())
}

fn is_documentation(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("///") || line.starts_with("//!")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_modules_count_apart_from_the_code() {
        let mut figures = Figures::default();
        let text = "//! Says it.\n\npub fn a() {}\n\n#[cfg(test)]\nmod tests {\n    pub fn b() {\n    }\n}\n";
        let tests = figures.add(Path::new("a.rs"), text);
        assert_eq!((figures.lines, figures.documentation, figures.public), (9, 1, 1));
        assert_eq!(figures.functions, [(1, "a.rs a".to_owned())]);
        assert_eq!(tests, [(2, "a.rs b".to_owned())]);
    }

    #[test]
    fn a_spread_names_percentiles_and_the_maximum() {
        let mut lengths: Vec<Length> = (1..=101).rev().map(|length| (length, String::new())).collect();
        assert_eq!(spread(&mut lengths, &[50, 90, 99]), "51 · 91 · 100 · 101");
        assert_eq!(spread(&mut [], &[50]), "–");
    }
}
