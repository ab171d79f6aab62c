//! Checks for text that must not stand in a file: paths of the machine that it was written on, hosts of package
//! registries, and unexplained promises.

use std::fs;
use std::path::PathBuf;

use crate::failure::{Failure, While};
use crate::project::Project;

/// Lists the hosts of package registries, in two halves so that this file does not hold them: a build must work with
/// whatever registry or mirror its user has configured.
const REGISTRIES: &[(&str, &str)] = &[
    ("crates", ".io"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("npmjs", ".org"),
    ("proxy.golang", ".org"),
];

/// Lists words that promise something for later.
const PROMISES: [&str; 3] = ["TODO", "FIXME", "XXX"];

pub(crate) fn check(project: &Project, files: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let ours = Search::of(project);
    let mut problems = Vec::new();
    for file in files {
        let bytes = fs::read(project.root.join(file)).while_doing(file.display())?;
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        // Cargo writes where it found a package into the lock file; that is not ours to choose.
        let registries_matter = file.extension().is_none_or(|extension| extension != "lock");
        for (number, line) in text.lines().enumerate() {
            let problem = ours.problem(line, registries_matter);
            problems.extend(problem.map(|problem| format!("{}:{}: {problem}", file.display(), number + 1)));
        }
    }
    Ok(problems)
}

struct Search {
    /// The directories in which this machine keeps the project and its user's files.
    paths: Vec<String>,
    registries: Vec<String>,
}

impl Search {
    fn of(project: &Project) -> Self {
        let home = std::env::var("HOME").unwrap_or_default();
        let root = project.root.display().to_string();
        let around = project.root.parent().map(|parent| parent.display().to_string()).unwrap_or_default();
        // A root that sits right below / or /tmp says nothing about this machine.
        let mut paths = vec![root, "/home".to_owned(), "/Users".to_owned()];
        paths.extend([home, around].into_iter().filter(|path| path.len() > 1 && path != "/tmp"));
        Self {
            paths,
            registries: REGISTRIES.iter().map(|(name, suffix)| format!("{name}{suffix}")).collect(),
        }
    }

    fn problem(&self, line: &str, registries_matter: bool) -> Option<String> {
        if let Some(path) = self.paths.iter().find(|path| holds_path(line, path)) {
            return Some(format!("{path} is a path of one machine; name it from the project's root"));
        }
        if let Some(host) =
            self.registries.iter().find(|host| registries_matter && line.contains(host.as_str()))
        {
            return Some(format!("{host} is a registry's host; leave it to the client's configuration"));
        }
        let promise = PROMISES.iter().find(|word| is_bare_promise(line, word))?;
        Some(format!("{promise} says neither what nor why: write `{promise}: …` with a sentence, or do it"))
    }
}

/// Says whether the path stands in the line as a path, not as the middle of a longer one.
fn holds_path(line: &str, path: &str) -> bool {
    let inside_a_path = |before: char| before.is_alphanumeric() || "._-/}*%".contains(before);
    line.match_indices(&format!("{path}/")).any(|(at, _)| !line[..at].ends_with(inside_a_path))
}

/// Finds a comment with the word and without a sentence after it.
fn is_bare_promise(line: &str, word: &str) -> bool {
    let comment = ["//", "# ", "<!--"].iter().filter_map(|start| line.find(start)).min();
    let Some(at) = comment else { return false };
    let Some((before, after)) = line[at..].split_once(word) else { return false };
    let in_a_word = |c: char| c.is_alphanumeric() || c == '`' || c == '"';
    let explained = after.strip_prefix(':').is_some_and(|text| text.split_whitespace().count() >= 3);
    !before.ends_with(in_a_word) && !after.starts_with(in_a_word) && !explained
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_needs_a_sentence() {
        let word = PROMISES[0];
        assert!(is_bare_promise(&format!("    // {word} later"), word));
        assert!(is_bare_promise(&format!("// {word}: fix"), word));
        assert!(!is_bare_promise(&format!("// {word}: raise the limit when the SDK does"), word));
        assert!(!is_bare_promise(&format!("// no `{word}` here"), word));
        assert!(!is_bare_promise(&format!("let {word} = 1;"), word));
    }

    #[test]
    fn a_path_is_found_at_its_start_only() {
        assert!(holds_path("see /srv/me/notes", "/srv/me"));
        assert!(holds_path("\"/srv/me/notes\"", "/srv/me"));
        assert!(!holds_path("bucket/srv/me/notes", "/srv/me"));
        assert!(!holds_path("/srv/menu/notes", "/srv/me"));
    }
}
