//! Finds the module that defines what a path names.

use super::tree::{Module, Reference};

/// A chain of re-exports longer than this refers to itself.
const HOPS: usize = 16;

/// Holds the modules of a crate and looks names up in them. A module is its place in the list.
pub(super) struct Names<'m> {
    modules: &'m [Module],
}

impl<'m> Names<'m> {
    pub(super) fn of(modules: &'m [Module]) -> Self {
        Self { modules }
    }

    /// Finds the module that a path leads to from another: the one that it names, or the one that defines the item
    /// that it names. `None` where the path leaves the crate or stays in the module.
    pub(super) fn resolve(&self, from: usize, reference: &Reference) -> Option<usize> {
        self.start(from, &reference.segments, HOPS).filter(|found| *found != from)
    }

    /// Finds the first word of a path, and follows the rest.
    fn start(&self, from: usize, segments: &[String], hops: usize) -> Option<usize> {
        let hops = hops.checked_sub(1)?;
        let (first, rest) = segments.split_first()?;
        match first.as_str() {
            "crate" => self.follow(self.find(&[])?, rest, hops),
            "self" => self.follow(from, rest, hops),
            "super" => {
                let name = &self.modules[from].name;
                let parent = self.find(&name[..name.len().checked_sub(1)?])?;
                match rest.first() {
                    Some(next) if next == "super" => self.start(parent, rest, hops),
                    _ => self.follow(parent, rest, hops),
                }
            }
            _ => self.named(from, segments, hops),
        }
    }

    /// Follows a path from a module to the modules inside it. A name that nobody is known to define belongs to the
    /// module itself.
    fn follow(&self, module: usize, segments: &[String], hops: usize) -> Option<usize> {
        if segments.is_empty() {
            return Some(module);
        }
        self.named(module, segments, hops).or(Some(module))
    }

    /// Finds a name in a module: a module in it, an item, an imported name, a name of a `*`.
    fn named(&self, module: usize, segments: &[String], hops: usize) -> Option<usize> {
        let (first, rest) = segments.split_first()?;
        let Module { name, items, uses, .. } = &self.modules[module];
        let child: Vec<_> = name.iter().chain([first]).cloned().collect();
        if let Some(child) = self.find(&child) {
            return self.follow(child, rest, hops);
        }
        if items.contains(first) {
            return Some(module);
        }
        let imported = uses.iter().find(|found| found.alias.as_ref() == Some(first));
        if let Some(imported) = imported {
            let path: Vec<_> = imported.path.segments.iter().chain(rest).cloned().collect();
            // A name that is imported under itself, such as that of another crate, leads nowhere.
            return (imported.path.segments[0] != *first).then(|| self.start(module, &path, hops)).flatten();
        }
        let globs = uses.iter().filter(|found| found.alias.is_none());
        globs
            .filter_map(|glob| self.start(module, &glob.path.segments, hops))
            .find_map(|target| (target != module).then(|| self.defined(target, segments, hops)).flatten())
    }

    /// Does the same for a name that came by a `*`, through what the modules re-export.
    fn defined(&self, module: usize, segments: &[String], hops: usize) -> Option<usize> {
        self.named(module, segments, hops.checked_sub(1)?)
    }

    fn find(&self, name: &[String]) -> Option<usize> {
        self.modules.iter().position(|module| module.name == name)
    }
}
