//! Finds the functions of a file.

use super::Length;

/// Finds functions by the layout that rustfmt gives them: the closing brace stands under the signature.
pub(super) fn functions(text: &str) -> Vec<Length> {
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

/// Returns the name of the function whose signature starts on this line.
fn function_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    for word in words.by_ref() {
        match word {
            "fn" => break,
            "pub" | "const" | "async" | "default" | "extern" | "unsafe" => {}
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
