//! Reads the modules of a crate: where each is, what it defines, what it uses.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::tokens::{Kind, Token, tokens};
use crate::failure::{Failure, While};

/// Holds one module. Test code is left out.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// The names from the root of the crate to here; none for the root.
    pub(super) name: Vec<String>,
    pub(super) file: PathBuf,
    /// The items that it defines itself.
    pub(super) items: BTreeSet<String>,
    pub(super) uses: Vec<Use>,
    pub(super) paths: Vec<Reference>,
}

/// Holds one name of a `use`.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) path: Reference,
    /// The name by which it is known here; none for `*`.
    pub(super) alias: Option<String>,
    /// Says whether the name is re-exported: `pub use`, with any visibility.
    pub(super) re_exported: bool,
}

/// Holds a path as it stands in the source, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
}

/// Reads all modules of a crate, starting from its `lib.rs` or `main.rs`. `read` reads a file.
pub(super) fn modules(
    root: &Path,
    read: &dyn Fn(&Path) -> std::io::Result<String>,
) -> Result<Vec<Module>, Failure> {
    let mut modules = Vec::new();
    let directory = root.parent().unwrap_or(Path::new("")).to_owned();
    let mut files = vec![(Vec::new(), root.to_owned(), directory)];
    while let Some((name, file, directory)) = files.pop() {
        let text = read(&file).while_doing(file.display())?;
        let mut reader = Reader { file: &file, modules: Vec::new(), declared: Vec::new() };
        reader.module(name, &tokens(&text));
        for declared in reader.declared {
            let relative: PathBuf = declared[..].iter().collect();
            let flat = directory.join(&relative).with_extension("rs");
            let nested = directory.join(&relative).join("mod.rs");
            let file = if read(&flat).is_ok() { flat } else { nested };
            files.push((declared, file, directory.clone()));
        }
        modules.extend(reader.modules);
    }
    Ok(modules)
}

/// Walks over the tokens of one file.
struct Reader<'f> {
    file: &'f Path,
    /// The file's own module and those that are written inside it.
    modules: Vec<Module>,
    /// The modules that are files of their own.
    declared: Vec<Vec<String>>,
}

impl Reader<'_> {
    fn module(&mut self, name: Vec<String>, tokens: &[Token]) {
        let mut module = Module { name, file: self.file.to_owned(), ..Module::default() };
        let (mut at, mut depth) = (0, 0_usize);
        while at < tokens.len() {
            let token = &tokens[at];
            let next = tokens.get(at + 1).and_then(Token::word);
            at = match (token.word(), next) {
                (None, _) if token.is('#') => after_attribute(tokens, at),
                (Some("mod"), Some(child)) => self.child(&mut module, child, tokens, at),
                (Some("use"), _) => {
                    let end = end_of(tokens, at, ';');
                    let re_exported = is_public(&tokens[..at]);
                    use_tree(&tokens[at + 1..end], &[], re_exported, &mut module.uses);
                    end
                }
                (Some(keyword), Some(item)) if depth == 0 && DEFINES.contains(&keyword) => {
                    module.items.insert(item.to_owned());
                    at + 2
                }
                (Some(_), _) => path(tokens, at, &mut module.paths),
                (None, _) => {
                    depth =
                        if token.is('{') { depth + 1 } else { depth - usize::from(token.is('}')).min(depth) };
                    at + 1
                }
            };
        }
        self.modules.push(module);
    }

    /// Reads `mod child;` or `mod child { … }` and returns where it ends.
    fn child(&mut self, parent: &mut Module, child: &str, tokens: &[Token], at: usize) -> usize {
        let name: Vec<_> = parent.name.iter().cloned().chain([child.to_owned()]).collect();
        if !tokens.get(at + 2).is_some_and(|token| token.is('{')) {
            self.declared.push(name);
            return at + 2;
        }
        let end = end_of(tokens, at + 2, '}');
        self.module(name, &tokens[at + 3..end]);
        end + 1
    }
}

/// Lists the words that an item's name follows. Methods stand deeper and are none.
const DEFINES: [&str; 9] =
    ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "macro_rules"];

/// Finds where an attribute ends, or where the item ends that it marks, if that is for tests alone.
fn after_attribute(tokens: &[Token], at: usize) -> usize {
    let inner = tokens.get(at + 1).is_some_and(|token| token.is('!'));
    let end = end_of(tokens, at + 1 + usize::from(inner), ']') + 1;
    let words: Vec<_> = tokens[at..end.min(tokens.len())].iter().filter_map(Token::word).collect();
    if !matches!(words.as_slice(), ["cfg", "test"] | ["test"] | [.., "test", "test"]) {
        return end;
    }
    if inner {
        return tokens.len();
    }
    let mut at = end;
    while at < tokens.len() && !tokens[at].is(';') {
        match tokens[at].kind {
            Kind::Mark('{') => return end_of(tokens, at, '}') + 1,
            Kind::Mark('(') => at = end_of(tokens, at, ')'),
            // A field or a variant.
            Kind::Mark(',') => break,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Finds the mark that closes what starts at `at`, after everything that is nested between.
fn end_of(tokens: &[Token], at: usize, mark: char) -> usize {
    let mut depth = 0_usize;
    for (offset, token) in tokens[at..].iter().enumerate() {
        match token.kind {
            Kind::Mark('{' | '(' | '[') => depth += 1,
            Kind::Mark('}' | ')' | ']') => {
                depth = depth.saturating_sub(1);
                if depth == 0 && token.is(mark) {
                    return at + offset;
                }
            }
            Kind::Mark(found) if found == mark && depth == 0 => return at + offset,
            _ => {}
        }
    }
    tokens.len()
}

/// Says whether `pub` or `pub(…)` stands at the end.
fn is_public(before: &[Token]) -> bool {
    let visible = match before.iter().rposition(|token| token.is('(')) {
        Some(open) if before.last().is_some_and(|token| token.is(')')) => &before[..open],
        _ => before,
    };
    visible.last().and_then(Token::word) == Some("pub")
}

/// Reads what stands between `use` and `;`, after the prefix that a brace shares.
fn use_tree(tokens: &[Token], prefix: &[String], re_exported: bool, uses: &mut Vec<Use>) {
    for part in parts(tokens) {
        let brace = part.iter().position(|token| token.is('{'));
        let head = &part[..brace.unwrap_or(part.len())];
        let mut words: Vec<_> = head.iter().filter_map(Token::word).map(str::to_owned).collect();
        let Some(first) = part.first() else { continue };
        if let Some(brace) = brace {
            let prefix: Vec<_> = prefix.iter().cloned().chain(words).collect();
            use_tree(&part[brace + 1..part.len() - 1], &prefix, re_exported, uses);
            continue;
        }
        let renamed = words.iter().position(|word| word == "as").map(|at| words.split_off(at));
        let mut segments: Vec<_> = prefix.iter().cloned().chain(words).collect();
        // `use a::{self}` is `use a`.
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        let glob = head.last().is_some_and(|token| token.is('*'));
        let named = renamed.and_then(|words| words.get(1).cloned()).or_else(|| segments.last().cloned());
        let alias = if glob { None } else { named };
        uses.push(Use { path: Reference { segments, line: first.line }, alias, re_exported });
    }
}

/// Splits at the commas that are not nested.
fn parts(tokens: &[Token]) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let mut rest = tokens;
    while !rest.is_empty() {
        let end = end_of(rest, 0, ',');
        parts.push(&rest[..end]);
        rest = &rest[(end + 1).min(rest.len())..];
    }
    parts
}

/// Reads a path of two words and more, and returns where it ends.
fn path(tokens: &[Token], at: usize, paths: &mut Vec<Reference>) -> usize {
    let continues = at > 0 && (tokens[at - 1].kind == Kind::Path || tokens[at - 1].is('.'));
    let mut segments = Vec::new();
    let mut end = at;
    while let Some(word) = tokens.get(end).and_then(Token::word) {
        segments.push(word.to_owned());
        end += 1;
        if !tokens.get(end).is_some_and(|token| token.kind == Kind::Path) {
            break;
        }
        end += 1;
    }
    if segments.len() > 1 && !continues {
        paths.push(Reference { segments, line: tokens[at].line });
    }
    end
}
