//! Median, 90th percentile and maximum of file and function lengths, and how much of the source is documentation.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, While};
use crate::project::Project;

/// A length and whose it is.
type Length = (usize, String);

pub(crate) fn print(project: &Project, files: &[PathBuf]) -> Result<(), Failure> {
    let (mut of_files, mut of_functions) = (Vec::new(), Vec::new());
    let (mut lines, mut documentation) = (0, 0);
    for file in files.iter().filter(|file| is_source(file)) {
        let text = fs::read_to_string(project.root.join(file)).while_doing(file.display())?;
        let name = file.display().to_string();
        of_functions.extend(functions(&text).into_iter().map(|(length, f)| (length, format!("{name} {f}"))));
        of_files.push((text.lines().count(), name));
        lines += text.lines().count();
        documentation += text.lines().filter(|line| is_documentation(line)).count();
    }
    print_lengths("files", &mut of_files);
    print_lengths("functions", &mut of_functions);
    println!("documentation: {} % of {lines} lines", 100 * documentation / lines.max(1));
    Ok(())
}

fn print_lengths(what: &str, lengths: &mut [Length]) {
    lengths.sort();
    let Some((max, _)) = lengths.last() else { return };
    let at = |percent: usize| lengths[(lengths.len() - 1) * percent / 100].0;
    println!("{}: {what}, lines: median {}, 90 % {}, longest {max}", lengths.len(), at(50), at(90));
    for (length, name) in lengths.iter().rev().take(5) {
        println!("  {length:>5}  {name}");
    }
}

/// What a program wrote says nothing about how we write.
fn is_source(file: &Path) -> bool {
    let generated = file.iter().any(|part| part == "generated");
    file.extension().is_some_and(|extension| extension == "rs") && !generated
}

fn is_documentation(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("///") || line.starts_with("//!")
}

/// Finds functions by the layout that rustfmt gives them: the closing brace stands under the signature.
fn functions(text: &str) -> Vec<Length> {
    let lines: Vec<_> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let closing = format!("{indent}}}");
        let one_line = line.ends_with('}') || line.ends_with(';');
        let end = if one_line {
            Some(start)
        } else {
            (start..lines.len()).find(|&at| lines[at] == closing || lines[at] == format!("{indent}}};"))
        };
        found.extend(end.map(|end| (end - start + 1, name.to_owned())));
    }
    found
}

/// The name of the function whose signature starts on this line.
fn function_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    for word in words.by_ref() {
        match word {
            "fn" => break,
            "pub" | "const" | "async" | "default" | "extern" => {}
            other if other.starts_with("pub(") => {}
            _ => return None,
        }
    }
    let name = words.next()?;
    Some(name.split(['(', '<']).next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_from_signature_to_brace() {
        let text = "pub(crate) async fn a<T>(\n    x: T,\n) -> T {\n    x\n}\n\n\
                    impl X {\n    fn b() {}\n    const fn c() {\n        if d {\n        }\n    }\n}\n// fn e() {\n";
        let expected: Vec<Length> = vec![(5, "a".into()), (1, "b".into()), (4, "c".into())];
        assert_eq!(functions(text), expected);
    }
}
