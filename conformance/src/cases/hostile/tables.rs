//! Lists identities that have broken storage drivers. No two of one table differ in case only, but for that table.

use extstore::{ExecutionTarget, Target};

pub(super) const SLASH: &[&str] = &["a", "a/b", "a//b", "/a", "a/", "/", "//"];

/// S3's set of safe characters holds the dot, so an encoder keeps it and a client resolves it.
pub(super) const DOT_SEGMENTS: &[&str] =
    &[".", "..", "...", "a/../b", "b", "a/./b", "../a", "../../../../a", "./a"];

pub(super) const PERCENT_LITERALS: &[&str] =
    &["/", "%2F", "%252F", "%25", "%", "%%", "100%", "a+b", "a b", "a%20b", "a%2Bb", "%00", "%zz"];

pub(super) const UNICODE: &[&str] = &[
    "\u{1f469}\u{200d}\u{1f52c}",
    "\u{1f469}\u{1f52c}",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
    "\u{202e}abc",
    "abc",
    "Z\u{335}\u{321}a\u{334}lgo",
    "\u{fffd}",
    "\u{10ffff}",
    "\u{6f22}\u{5b57}",
    "\u{feff}abc",
];

pub(super) const UNICODE_NFC_NFD: &[&str] =
    &["\u{e9}", "e\u{301}", "\u{212b}", "\u{c5}", "A\u{30a}", "\u{fb01}", "fi"];

pub(super) const CONTROL_CHARS: &[&str] = &[
    "a",
    "a\0",
    "\0a",
    "a\rb",
    "a\nb",
    "a\r\nb",
    "a\tb",
    "a\u{7f}",
    "a\u{80}",
    "a\u{9f}",
    "a\u{1b}[0m",
    " a",
    "a ",
];

pub(super) const HTTP_INJECTION: &[&str] = &[
    "x",
    "x\r\nHost: evil",
    "x\r\n\r\nGET / HTTP/1.1",
    "?acl",
    "x?versionId=1",
    "#fragment",
    "&x=y",
    "x;y=z",
    "http://evil/x",
    "//evil/x",
    "\\\\evil\\x",
];

pub(super) const SEPARATORS: &[&str] = &[
    ":", "a:b", "{}", "{a}", "a", "*", "a*", "?", "[a]", "|", "\\", ",", ";", "$(a)", "`a`", "'", "\"", "=",
    "~", "-",
];

pub(super) const CASE_ONLY: &[&str] = &["Wf", "wf", "WF", "\u{df}", "\u{1e9e}", "\u{131}", "i", "I"];

/// Returns pairs of different targets that become one where identities are joined without escaping.
pub(super) fn colliding_targets() -> Vec<(Target, Target)> {
    let run = |id: &str, run: &str| {
        Target::Workflow(ExecutionTarget::new("n").with_type("T").with_id(id).with_run_id(run))
    };
    vec![
        (Target::workflow("n", "a/b", "c"), Target::workflow("n", "a", "b/c")),
        (Target::workflow("n", "a:b", "c"), Target::workflow("n", "a", "b:c")),
        (Target::workflow("n/a", "b", "c"), Target::workflow("n", "a/b", "c")),
        (Target::workflow("n", "a/wi/b", "c"), Target::workflow("n", "a", "b/wi/c")),
        (Target::workflow("n", "a:wi:b", "c"), Target::workflow("n", "a", "b:wi:c")),
        (Target::workflow("n", "a", "b"), Target::workflow("n", "b", "a")),
        (Target::workflow("n", "a", "b"), Target::activity("n", "a", "b")),
        (Target::workflow("n", "a", "b"), Target::workflow("m", "a", "b")),
        (Target::workflow("n", "a%2Fb", "c"), Target::workflow("n", "a/b", "c")),
        (Target::workflow("n", "a%252Fb", "c"), Target::workflow("n", "a%2Fb", "c")),
        (run("a", "b/c"), run("a/b", "c")),
        (run("a/ri/b", "c"), run("a", "b/ri/c")),
        (run("a", "b"), run("ab", "")),
    ]
}
