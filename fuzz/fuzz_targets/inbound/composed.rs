//! Composes messages of any size from short inputs: with bytes alone no input of the fuzzer is large enough to tell work
//! that grows with the square of the bytes.

use bytes::{Bytes, BytesMut};
use extstore_wire::{put_bytes, put_varint, put_varint_field};

/// Bounds a message, in bytes. At this size, work that grows with the square of the references is several times the bound.
const LARGEST: usize = 1 << 18;
/// Bounds how deep one instruction nests: more than a scanner allows.
const DEEPEST: usize = 160;

/// Reads instructions, one byte each with their operands behind them, and writes fields into the message on top of a
/// stack.
pub(crate) struct Composer<'a> {
    input: std::slice::Iter<'a, u8>,
    words: &'a [Vec<u8>],
    /// The messages that are open, the outermost first, with their field numbers.
    open: Vec<(u32, BytesMut)>,
}

/// Composes the message of an input. The three high bits of an instruction say what it does, the others are its operand.
pub(crate) fn message(input: &[u8], words: &[Vec<u8>]) -> Bytes {
    let mut composer = Composer { input: input.iter(), words, open: vec![(0, BytesMut::new())] };
    while let Some(instruction) = composer.input.next() {
        let operand = instruction & 0x1f;
        match instruction >> 5 {
            0 => composer.enter(operand),
            1 => composer.leave(|_, _| {}, times(operand)),
            // A map's entries differ in their keys, and events in their numbers.
            2 => {
                composer.leave(|message, at| put_bytes(message, 1, at.to_string().as_bytes()), times(operand))
            }
            3 => composer.leave(|message, at| put_varint_field(message, 1, at as u64 + 1), times(operand)),
            4 => composer.nest(operand),
            5 => composer.word(operand),
            6 => composer.number(operand),
            _ => composer.bytes(operand),
        }
    }
    while composer.open.len() > 1 {
        composer.leave(|_, _| {}, 1);
    }
    composer.open.remove(0).1.freeze()
}

/// Returns how often a message is written that is left: a power of two.
fn times(operand: u8) -> usize {
    1 << (operand & 0xf)
}

impl Composer<'_> {
    fn byte(&mut self) -> u8 {
        self.input.next().copied().unwrap_or_default()
    }

    /// Returns the number of a field: a small one is the operand, and 0 says that it is the next byte.
    fn field(&mut self, operand: u8) -> u32 {
        let number = if operand == 0 { self.byte() } else { operand };
        u32::from(number).max(1)
    }

    fn top(&mut self) -> &mut BytesMut {
        &mut self.open.last_mut().expect("the outermost message is never left").1
    }

    /// Returns how many bytes more are allowed.
    fn room(&self) -> usize {
        LARGEST.saturating_sub(self.open.iter().map(|(_, message)| message.len()).sum())
    }

    fn enter(&mut self, operand: u8) {
        let number = self.field(operand);
        if self.open.len() < DEEPEST {
            self.open.push((number, BytesMut::new()));
        }
    }

    /// Writes the message on top into the one around it, as often as there is room and once at least. Each copy gets a
    /// field of its own.
    fn leave(&mut self, own: impl Fn(&mut BytesMut, usize), times: usize) {
        if self.open.len() < 2 {
            return;
        }
        let (number, message) = self.open.pop().expect("two are open");
        let limit = self.top().len() + self.room();
        for at in 0..times {
            let mut copy = BytesMut::new();
            own(&mut copy, at);
            copy.extend_from_slice(&message);
            if at > 0 && self.top().len() + copy.len() > limit {
                break;
            }
            put_bytes(self.top(), number, &copy);
        }
    }

    /// Nests the message on top into itself, as the causes of a failure are.
    fn nest(&mut self, operand: u8) {
        let (number, times) = (self.field(operand), usize::from(self.byte()).min(DEEPEST));
        let content = std::mem::take(self.top());
        let (mut heads, mut length) = (Vec::new(), content.len());
        for _ in 0..times {
            let mut head = BytesMut::new();
            put_varint(&mut head, u64::from(number) << 3 | 2);
            put_varint(&mut head, length as u64);
            length += head.len();
            heads.push(head);
        }
        let top = self.top();
        heads.iter().rev().for_each(|head| top.extend_from_slice(head));
        top.extend_from_slice(&content);
    }

    /// Writes a field that is one of the words, in the field that the next byte numbers.
    fn word(&mut self, operand: u8) {
        let number = self.field(0);
        let word = &self.words[usize::from(operand) % self.words.len()];
        if word.len() <= self.room() {
            put_bytes(self.top(), number, word);
        }
    }

    /// Writes a number: the operand, or one that is larger than every other.
    fn number(&mut self, operand: u8) {
        let number = self.field(0);
        let value = if operand == 0x1f { i64::MAX as u64 } else { u64::from(operand) };
        put_varint_field(self.top(), number, value);
    }

    /// Writes bytes of the input as they are: what no instruction writes.
    fn bytes(&mut self, operand: u8) {
        let bytes: Vec<u8> = self.input.by_ref().take(operand.into()).copied().collect();
        self.top().extend_from_slice(&bytes);
    }
}
