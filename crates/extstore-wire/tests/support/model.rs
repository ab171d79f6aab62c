//! Rewrites slowly: takes the message as a tree, and writes it again from the leaves to the root.

use bytes::Bytes;
use extstore_wire::{Entered, Found, MessageType, RawField, Rewrite, Scan, Visitor, varint_len, walk};

/// Says what is done to the payload of a position, or to the message that it is in.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// Another payload in its place.
    Replace(usize, Vec<u8>),
    /// Other content in the message around it.
    ReplaceParent(usize, Vec<u8>),
    /// More fields at the end of a message around it: 0 is the nearest; the outermost where there are fewer.
    Append(usize, usize, Vec<u8>),
    /// A message around it taken out: 0 is the nearest; the one below the outermost where there are fewer.
    Remove(usize, usize),
}

/// Makes all changes with the engine.
pub(crate) fn rewritten(scan: &Scan, changes: &[Change]) -> Bytes {
    let mut rewrite = Rewrite::new(scan);
    let parent = |leaf: usize| scan.leaves()[leaf].frame();
    for change in changes {
        match change.clone() {
            Change::Replace(leaf, new) => rewrite.replace(leaf, [new.into()]),
            Change::ReplaceParent(leaf, new) => rewrite.replace_message(parent(leaf), [new.into()]),
            Change::Append(leaf, up, new) => {
                let around = scan.frame(parent(leaf)).ancestors().nth(up).unwrap_or_else(|| scan.root());
                rewrite.append(around.id(), [new.into()]);
            }
            Change::Remove(leaf, up) => {
                let inner = scan.frame(parent(leaf)).ancestors().filter(|frame| frame.parent().is_some());
                // A payload in the outermost message has none around it that could go.
                if let Some(around) = inner.take(up + 1).last() {
                    rewrite.remove(around.id());
                }
            }
        }
    }
    rewrite.finish().expect("changes are short").to_bytes()
}

/// Makes all changes with the tree.
pub(crate) fn expected(message: MessageType, bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut tree = Tree { open: vec![Node::default()], leaves: 0 };
    walk(message, bytes, &mut tree).expect("scanned before");
    let root = tree.open.pop().expect("the root is open");
    root.written(bytes, 0, bytes.len(), changes)
}

#[derive(Default)]
struct Node {
    /// The field that the message is in; the outermost is in none.
    field: Option<RawField>,
    /// The position among the payloads, if the message is one.
    leaf: Option<usize>,
    children: Vec<Node>,
}

impl Node {
    fn written(&self, bytes: &[u8], start: usize, end: usize, changes: &[Change]) -> Vec<u8> {
        let content = |change: &Change| match change {
            Change::Replace(leaf, new) if self.leaf == Some(*leaf) => Some(new.clone()),
            Change::ReplaceParent(leaf, new) if self.distance(*leaf) == Some(0) => Some(new.clone()),
            _ => None,
        };
        let mut out = changes.iter().find_map(content).unwrap_or_else(|| {
            let mut out = Vec::new();
            let mut at = start;
            for child in &self.children {
                let field = child.field.expect("a child is in a field");
                if changes.iter().any(|change| child.is_removed(change, self.field.is_none())) {
                    out.extend_from_slice(&bytes[at..field.tag_at]);
                    at = field.end;
                    continue;
                }
                out.extend_from_slice(&bytes[at..field.length_at]);
                let content = child.written(bytes, field.start, field.end, changes);
                out.extend(length(content.len(), &field, bytes));
                out.extend(content);
                at = field.end;
            }
            out.extend_from_slice(&bytes[at..end]);
            out
        });
        for change in changes {
            if let Change::Append(leaf, up, new) = change {
                let distance = self.distance(*leaf);
                let is_meant = distance.is_some_and(|at| at == *up || at < *up && self.field.is_none());
                out.extend(if is_meant { new.as_slice() } else { &[] });
            }
        }
        out
    }

    fn is_removed(&self, change: &Change, is_below_root: bool) -> bool {
        let Change::Remove(leaf, up) = change else { return false };
        self.distance(*leaf).is_some_and(|at| at == *up || at < *up && is_below_root)
    }

    /// Counts the messages between this one and a payload in it.
    fn distance(&self, leaf: usize) -> Option<usize> {
        if self.children.iter().any(|child| child.leaf == Some(leaf)) {
            return Some(0);
        }
        self.children.iter().find_map(|child| child.distance(leaf)).map(|below| below + 1)
    }
}

/// Writes a length: the old bytes where it is unchanged, padded where it was padded, and the shortest otherwise.
fn length(new: usize, field: &RawField, bytes: &[u8]) -> Vec<u8> {
    let old = field.end - field.start;
    if new == old {
        return bytes[field.length_at..field.start].to_vec();
    }
    let mut out = super::hand::varint(new as u64);
    let width = field.start - field.length_at;
    if width > varint_len(old as u64) && width <= 5 {
        while out.len() < width {
            *out.last_mut().expect("a varint has a byte") |= 0x80;
            out.push(0);
        }
    }
    out
}

struct Tree {
    open: Vec<Node>,
    leaves: usize,
}

impl Tree {
    fn close(&mut self, node: Node) {
        self.open.last_mut().expect("the root is open").children.push(node);
    }
}

impl Visitor for Tree {
    fn enter(&mut self, entered: Entered) {
        self.open.push(Node { field: Some(entered.field), ..Node::default() });
    }

    fn leave(&mut self) {
        let node = self.open.pop().expect("what ends has begun");
        self.close(node);
    }

    fn payload(&mut self, found: &Found<'_>) {
        let node = Node { field: Some(found.field), leaf: Some(self.leaves), children: Vec::new() };
        self.leaves += 1;
        self.close(node);
    }
}
