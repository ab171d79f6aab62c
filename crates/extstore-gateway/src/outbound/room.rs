//! Compares the parts of a completion with the bytes that the server takes, and chooses payloads to offload.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::completion::{Completion, MAX_PAGE, MAX_REQUEST};
use crate::exchange::Exchange;
use crate::limits::Exceeded;
use crate::state::NamespaceLimits;

/// Estimates the bytes of a reference: driver name, key and digest.
const REFERENCE: u64 = 600;

/// Says how many bytes the server takes for one completion.
pub(super) struct Room {
    /// Says whether the gateway may cut the completion into pages.
    pub(super) in_pages: bool,
    /// The bytes that commands may take together in this request or in its pages; none is no limit.
    commands: Option<u64>,
}

/// Holds the sizes of a completion's parts, in bytes.
pub(super) struct Load {
    commands: Vec<u64>,
    final_page: u64,
    page_overhead: u64,
    whole: u64,
}

/// Describes a part of a completion that is too large.
pub(super) struct Excess {
    part: Part,
    size: u64,
    allowed: u64,
    /// The size that it should get. One request leaves room for what the server adds when it writes the events: its
    /// transactions have a limit of the same size.
    goal: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Commands,
    Command(usize),
    FinalPage,
}

/// Describes a payload that may be offloaded: its place in the scan, the command that it is in, its size.
struct Candidate {
    leaf: usize,
    command: Option<usize>,
    size: u64,
    taken: bool,
}

impl Room {
    /// Returns the room for a completion. Of one that the SDK sends in pages it remembers their sizes.
    pub(super) fn of(exchange: &Exchange, limits: NamespaceLimits, completion: &Completion) -> Self {
        let limit = Some(limits.completion).filter(|limit| *limit > 0 && limits.takes_pages);
        let commands = match limit {
            Some(limit) if completion.is_intermediate => {
                let own = Load::of(completion).commands.iter().sum();
                let token = completion.task_token();
                let sizes = &exchange.state.completion_sizes;
                let others = sizes.add(&exchange.scope, token, completion.page_number, own);
                Some(limit.saturating_sub(others))
            }
            limit => limit,
        };
        Self { in_pages: limits.takes_pages && !completion.is_page(), commands }
    }

    /// Returns a part that is too large; none where the completion fits.
    pub(super) fn excess(&self, load: &Load) -> Option<Excess> {
        let request = MAX_REQUEST as u64;
        let over = |part, size, allowed| {
            let goal = if part == Part::Whole { MAX_PAGE as u64 } else { allowed };
            (size > allowed).then_some(Excess { part, size, allowed, goal })
        };
        let all = self.commands.and_then(|allowed| over(Part::Commands, load.commands.iter().sum(), allowed));
        if !self.in_pages {
            return over(Part::Whole, load.whole, request).or(all);
        }
        let allowed = request.saturating_sub(load.page_overhead);
        let commands = load.commands.iter().enumerate();
        let mut single = commands.filter_map(|(at, size)| over(Part::Command(at), *size, allowed));
        single.next().or_else(|| over(Part::FinalPage, load.final_page, request)).or(all)
    }

    /// Chooses the largest payloads, so that with references in their place the completion fits. Returns none where it
    /// would not fit even so.
    pub(super) fn choose(
        &self,
        completion: &Completion,
        sizes: impl Iterator<Item = (usize, Range<usize>)>,
    ) -> Option<BTreeSet<usize>> {
        let mut load = Load::of(completion);
        let mut candidates: Vec<Candidate> = sizes
            .map(|(leaf, place)| Candidate {
                leaf,
                command: command_at(completion, place.start),
                size: place.len() as u64,
                taken: false,
            })
            .collect();
        candidates.sort_by_key(|candidate| Reverse(candidate.size));
        while let Some(excess) = self.excess(&load) {
            let mut missing = excess.size - excess.goal;
            for candidate in candidates.iter_mut().filter(|one| !one.taken && excess.part.holds(one.command))
            {
                let saved = candidate.size.saturating_sub(REFERENCE);
                candidate.taken = true;
                load.shrink(candidate.command, saved);
                missing = missing.saturating_sub(saved);
                if missing == 0 {
                    break;
                }
            }
            if missing > 0 {
                return None;
            }
        }
        Some(candidates.into_iter().filter(|candidate| candidate.taken).map(|taken| taken.leaf).collect())
    }
}

impl Load {
    pub(super) fn of(completion: &Completion) -> Self {
        Self {
            commands: completion.commands().iter().map(|command| command.len() as u64).collect(),
            final_page: completion.final_page_len() as u64,
            page_overhead: completion.page_overhead() as u64,
            whole: completion.body().len() as u64,
        }
    }

    fn shrink(&mut self, command: Option<usize>, bytes: u64) {
        let part = match command {
            Some(command) => &mut self.commands[command],
            None => &mut self.final_page,
        };
        *part = part.saturating_sub(bytes);
        self.whole = self.whole.saturating_sub(bytes);
    }
}

impl Part {
    fn holds(self, command: Option<usize>) -> bool {
        match self {
            Self::Whole => true,
            Self::Commands => command.is_some(),
            Self::Command(at) => command == Some(at),
            Self::FinalPage => command.is_none(),
        }
    }
}

impl Excess {
    pub(super) fn exceeded(&self) -> Exceeded {
        Exceeded::completion(self.size, self.allowed)
    }
}

/// Returns the command that an offset is in.
fn command_at(completion: &Completion, offset: usize) -> Option<usize> {
    let commands = completion.commands();
    let at = commands.partition_point(|command| command.end <= offset);
    commands.get(at).filter(|command| command.contains(&offset)).map(|_| at)
}
