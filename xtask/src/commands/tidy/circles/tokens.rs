//! Splits Rust source into the few tokens that paths and modules are made of.

/// Holds a token and the line that it stands on, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) line: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word(String),
    /// `::`
    Path,
    Mark(char),
}

impl Token {
    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            Kind::Path | Kind::Mark(_) => None,
        }
    }

    pub(super) fn is(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }
}

/// Leaves out comments, literals, lifetimes and white space.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text;
    let mut line = 1;
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (length, kind) = next(rest, first);
        tokens.extend(kind.map(|kind| Token { line, kind }));
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// Returns how many bytes the next piece has, and which token it is, if it is one.
fn next(rest: &str, first: char) -> (usize, Option<Kind>) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), None);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), None);
    }
    if let Some(length) = literal(rest, first) {
        return (length, None);
    }
    if first.is_alphabetic() || first == '_' {
        let word = &rest[..word_length(rest)];
        return (word.len(), Some(Kind::Word(word.to_owned())));
    }
    if rest.starts_with("::") {
        return (2, Some(Kind::Path));
    }
    (first.len_utf8(), (!first.is_whitespace()).then_some(Kind::Mark(first)))
}

fn word_length(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
}

/// Returns the length of a block comment; block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let step = match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// Returns the length of a string, a raw string, a character, a lifetime or a number, if the text starts with one.
fn literal(rest: &str, first: char) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix).unwrap_or("");
        after.starts_with('"')
            || (prefix.contains('r') && raw_hashes(after).is_some())
            || (*prefix == "b" && after.starts_with('\''))
    });
    if let Some(prefix) = prefix {
        let body = &rest[prefix.len()..];
        let length = match raw_hashes(body) {
            Some(hashes) if prefix.contains('r') => raw_string(body, hashes),
            _ if body.starts_with('\'') => character(body).unwrap_or(1),
            _ => quoted(body, '"'),
        };
        return Some(prefix.len() + length);
    }
    match first {
        '\'' => Some(character(rest).unwrap_or_else(|| 1 + word_length(&rest[1..]))),
        '0'..='9' => Some(word_length(rest)),
        _ => None,
    }
}

/// Counts the `#` before the quotation mark of a raw string.
fn raw_hashes(body: &str) -> Option<usize> {
    let hashes = body.bytes().take_while(|byte| *byte == b'#').count();
    body[hashes..].starts_with('"').then_some(hashes)
}

fn raw_string(body: &str, hashes: usize) -> usize {
    let close = format!("\"{}", "#".repeat(hashes));
    let start = hashes + 1;
    body[start..].find(&close).map_or(body.len(), |at| start + at + close.len())
}

/// Returns the length of a quoted text, with both quotation marks.
fn quoted(body: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in body.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return at + 1,
            _ => {}
        }
    }
    body.len()
}

/// Returns the length of a character literal; nothing where the apostrophe starts a lifetime.
fn character(body: &str) -> Option<usize> {
    let mut chars = body.chars().skip(1);
    match (chars.next()?, chars.next()?) {
        ('\\', _) => Some(quoted(body, '\'')),
        (one, '\'') => Some(2 + one.len_utf8()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).iter().filter_map(|token| token.word().map(str::to_owned)).collect()
    }

    #[test]
    fn comments_and_literals_are_left_out() {
        let text = r####"a /* b /* c */ d */ e // f
            "g \" h" i r"j\" k r#"l " m"# n 'o' p '\'' q 'r s<'t> b"u" b'v' w 0x1f 2u8 'é' br##"x"# y"## z"####;
        assert_eq!(words(text), ["a", "e", "i", "k", "n", "p", "q", "s", "w", "z"]);
    }

    #[test]
    fn lines_are_counted_through_comments_and_strings() {
        let found = tokens("a\n/*\n*/ \"\n\" b::c");
        assert_eq!(found[1], Token { line: 4, kind: Kind::Word("b".into()) });
        assert_eq!(found[2].kind, Kind::Path);
    }
}
