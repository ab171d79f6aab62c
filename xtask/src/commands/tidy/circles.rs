//! Finds modules of a crate that need each other in a circle.
//!
//! A module refers to the module that a path of its code leads to, or that defines what the path names: re-exports are
//! followed. Three references do not count:
//!
//! * one of test code;
//! * a re-export (`pub use`, with any visibility): it hands a name on, and whoever uses the name refers to the module
//!   that defines it;
//! * one between a module and a module inside it, in either direction. A parent calls its children, and a child
//!   implements for the types of its parent: together they are one thing.

mod names;
mod tokens;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::failure::Failure;
use crate::project::{Package, Project};
use names::Names;
use tree::Module;

/// Describes a circle that may stay.
struct Allowed {
    package: &'static str,
    /// Modules that may need each other. A circle of some of them may stay too.
    modules: &'static [&'static str],
    reason: &'static str,
}

/// Lists the circles that stay, and those that are still to be opened.
const ALLOWED: &[Allowed] = &[
    Allowed {
        package: "extstore",
        modules: &["storage::call", "storage::message", "storage::offload", "storage::restore"],
        reason: "a `Message` is what a host holds, and its methods are its steps",
    },
    Allowed {
        package: "extstore-wire",
        modules: &["plan::generated::rpcs", "rpc"],
        reason: "the generated table is made of the entries that give it its shape",
    },
];

/// Holds modules that need each other, and the references by which they do.
#[derive(Debug, PartialEq, Eq)]
struct Circle {
    modules: BTreeSet<String>,
    /// `from → to (file:line)`
    references: Vec<String>,
}

pub(super) fn check(project: &Project) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for package in &project.packages {
        let found = circles_of(project, package)?;
        let allowed = ALLOWED.iter().filter(|allowed| allowed.package == package.name);
        problems.extend(judge(&package.name, &found, &allowed.collect::<Vec<_>>()));
    }
    Ok(problems)
}

fn circles_of(project: &Project, package: &Package) -> Result<Vec<Circle>, Failure> {
    let mut found = Vec::new();
    for target in package.targets.iter().filter(|target| target.is_product()) {
        let modules = tree::modules(&target.src_path, &|file| std::fs::read_to_string(file))?;
        found.extend(circles(&modules, &project.root));
    }
    Ok(found)
}

/// Returns what is wrong: circles that are not allowed, and allowed ones that are gone.
fn judge(package: &str, found: &[Circle], allowed: &[&Allowed]) -> Vec<String> {
    let covers = |allowed: &&Allowed, circle: &Circle| {
        circle.modules.iter().all(|module| allowed.modules.contains(&module.as_str()))
    };
    let forbidden = found.iter().filter(|circle| !allowed.iter().any(|allowed| covers(allowed, circle)));
    let mut problems: Vec<_> = forbidden
        .map(|Circle { modules, references }| {
            let names: Vec<_> = modules.iter().map(String::as_str).collect();
            format!(
                "{package}: {} need each other: move what they share below them\n    {}",
                names.join(", "),
                references.join("\n    ")
            )
        })
        .collect();
    let gone = allowed.iter().filter(|allowed| !found.iter().any(|circle| covers(allowed, circle)));
    problems.extend(gone.map(|Allowed { modules, reason, .. }| {
        format!(
            "{package}: {} do not need each other any more ({reason}): take them off the list in \
             xtask/src/commands/tidy/circles.rs",
            modules.join(", ")
        )
    }));
    problems
}

/// Returns the circles of a crate: sets of modules of which each can be reached from each.
fn circles(modules: &[Module], root: &Path) -> Vec<Circle> {
    let references = references(modules);
    let reach: Vec<_> = (0..modules.len()).map(|from| reachable(from, &references)).collect();
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for from in 0..modules.len() {
        let circle: BTreeSet<_> =
            reach[from].iter().copied().filter(|to| reach[*to].contains(&from)).collect();
        if circle.len() < 2 || !seen.insert(circle.clone()) {
            continue;
        }
        let inside = references.iter().filter(|((from, to), _)| circle.contains(from) && circle.contains(to));
        let shown = inside.map(|((from, to), line)| {
            let file = modules[*from].file.strip_prefix(root).unwrap_or(&modules[*from].file).display();
            format!("{} → {} ({file}:{line})", modules[*from].shown(), modules[*to].shown())
        });
        circles.push(Circle {
            references: shown.collect(),
            modules: circle.iter().map(|module| modules[*module].shown()).collect(),
        });
    }
    circles
}

/// Finds which module refers to which, and in which line first.
fn references(modules: &[Module]) -> BTreeMap<(usize, usize), usize> {
    let names = Names::of(modules);
    let mut references = BTreeMap::new();
    for (from, module) in modules.iter().enumerate() {
        let used = module.uses.iter().filter(|used| !used.re_exported).map(|used| &used.path);
        for reference in used.chain(&module.paths) {
            let Some(to) = names.resolve(from, reference) else { continue };
            if !module.is_around(&modules[to]) && !modules[to].is_around(module) {
                references.entry((from, to)).or_insert(reference.line);
            }
        }
    }
    references
}

fn reachable(from: usize, references: &BTreeMap<(usize, usize), usize>) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(at) = next.pop() {
        let out = references.range((at, 0)..=(at, usize::MAX)).map(|((_, to), _)| *to);
        next.extend(out.filter(|to| reached.insert(*to)));
    }
    reached
}

impl Module {
    /// Says whether the other module lies inside this one.
    fn is_around(&self, other: &Self) -> bool {
        other.name.starts_with(&self.name)
    }

    fn shown(&self) -> String {
        if self.name.is_empty() { "crate".to_owned() } else { self.name.join("::") }
    }
}

#[cfg(test)]
mod tests;
