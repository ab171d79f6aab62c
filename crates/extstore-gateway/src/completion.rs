//! Reads a workflow task's completion, and cuts it into pages.
//!
//! Where the namespace has the capability `workflow_task_completion_pagination`, a completion may come in several requests
//! with the same token. The server keeps the commands of intermediate pages, and completes the task with the final page,
//! which also carries messages, answers to queries and metadata.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use extstore_wire::{Wire, fields, put_varint_field};

use crate::peek;

/// These constants name fields of `RespondWorkflowTaskCompletedRequest`.
const TASK_TOKEN: u32 = 1;
const COMMANDS: u32 = 2;
const IDENTITY: u32 = 3;
const NAMESPACE: u32 = 9;
const RESOURCE_ID: u32 = 18;
const PAGE_NUMBER: u32 = 21;
const INTERMEDIATE_PAGE: u32 = 22;

/// Bounds a request, in bytes: the server takes no larger one.
pub(crate) const MAX_REQUEST: usize = 4 << 20;
/// Bounds a page, in bytes. SDKs use the same bound.
pub(crate) const MAX_PAGE: usize = MAX_REQUEST - (512 << 10);

/// Reserves the bytes that the number and the mark of a page take at most.
const PAGE_FIELDS: usize = 16;

/// Says whether a completion is a page that others follow.
pub(crate) fn is_intermediate_page(request: &[u8]) -> bool {
    let all = fields(request).map_while(Result::ok);
    let found = all.filter(|field| field.number == INTERMEDIATE_PAGE && field.wire == Wire::Varint).last();
    found.is_some_and(|field| field.varint(request) != 0)
}

/// Holds an encoded completion and the places of its fields, tags and lengths included.
pub(crate) struct Completion {
    body: Bytes,
    commands: Vec<Range<usize>>,
    /// The fields that each page repeats: the task, its namespace, the worker.
    repeated: Vec<Range<usize>>,
    /// All fields but commands and the numbers of pages.
    rest: Vec<Range<usize>>,
    /// The number of the page, from 0.
    pub(crate) page_number: u64,
    pub(crate) is_intermediate: bool,
}

impl Completion {
    /// Reads a completion. Returns none where the request is malformed.
    pub(crate) fn read(body: Bytes) -> Option<Self> {
        let [mut commands, mut repeated, mut rest] = std::array::from_fn(|_| Vec::new());
        let (mut page_number, mut is_intermediate) = (0, false);
        for field in fields(&body) {
            let field = field.ok()?;
            let whole = field.tag_at..field.end;
            match (field.number, field.wire) {
                (COMMANDS, Wire::Len) => commands.push(whole),
                (PAGE_NUMBER, Wire::Varint) => page_number = field.varint(&body),
                (INTERMEDIATE_PAGE, Wire::Varint) => is_intermediate = field.varint(&body) != 0,
                (TASK_TOKEN | IDENTITY | NAMESPACE | RESOURCE_ID, _) => {
                    repeated.push(whole.clone());
                    rest.push(whole);
                }
                _ => rest.push(whole),
            }
        }
        Some(Self { body, commands, repeated, rest, page_number, is_intermediate })
    }

    pub(crate) fn task_token(&self) -> &[u8] {
        peek::last(&self.body, &[TASK_TOKEN]).unwrap_or_default()
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// Says whether the SDK sends the completion in pages, of which this is one.
    pub(crate) fn is_page(&self) -> bool {
        self.is_intermediate || self.page_number > 0
    }

    /// Returns the places of the commands in the body, in their order.
    pub(crate) fn commands(&self) -> &[Range<usize>] {
        &self.commands
    }

    /// Returns the bytes that an intermediate page takes beside its commands.
    pub(crate) fn page_overhead(&self) -> usize {
        length(&self.repeated) + PAGE_FIELDS
    }

    /// Returns the bytes of the final page.
    pub(crate) fn final_page_len(&self) -> usize {
        length(&self.rest) + PAGE_FIELDS
    }

    /// Returns the completion in pages: intermediate ones, and the final one. The commands of a page had at most `bytes` in
    /// the completion that the SDK sent, or it is one command that had more.
    ///
    /// The SDK may send its completion again, also through another process, after some pages have arrived. The server
    /// keeps the first page of each number, so the same commands must be in it again, and their payloads may have become
    /// references of another size, or none.
    pub(crate) fn cut(&self, bytes: usize, sent: &Self) -> (Vec<Bytes>, Bytes) {
        // No rewrite adds or removes a command.
        let sent = if sent.commands.len() == self.commands.len() { sent } else { self };
        let mut pages: Vec<Vec<Range<usize>>> = Vec::new();
        let mut free = 0;
        for (command, sent) in self.commands.iter().zip(&sent.commands) {
            match pages.last_mut().filter(|_| sent.len() <= free) {
                Some(page) => page.push(command.clone()),
                None => {
                    pages.push(vec![command.clone()]);
                    free = bytes.saturating_sub(self.page_overhead());
                }
            }
            free = free.saturating_sub(sent.len());
        }
        let page = |(number, commands): (usize, &Vec<Range<usize>>)| {
            self.page(self.repeated.iter().chain(commands), number, true)
        };
        let intermediate: Vec<Bytes> = pages.iter().enumerate().map(page).collect();
        let last = self.page(self.rest.iter(), intermediate.len(), false);
        (intermediate, last)
    }

    fn page<'a>(
        &self,
        parts: impl Iterator<Item = &'a Range<usize>>,
        number: usize,
        is_intermediate: bool,
    ) -> Bytes {
        let mut page = BytesMut::new();
        parts.for_each(|part| page.extend_from_slice(&self.body[part.clone()]));
        for (field, value) in [(PAGE_NUMBER, number as u64), (INTERMEDIATE_PAGE, is_intermediate.into())] {
            if value != 0 {
                put_varint_field(&mut page, field, value);
            }
        }
        page.freeze()
    }
}

fn length(parts: &[Range<usize>]) -> usize {
    parts.iter().map(Range::len).sum()
}
