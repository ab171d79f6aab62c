//! Reads decisions off an input.

/// Reads decisions one byte at a time; at the end of the input every decision is the first one.
pub(crate) struct Choices<'a> {
    input: &'a [u8],
    /// The words that hostile text is made of, beside single characters.
    words: &'a [String],
}

/// Takes the words that mean something to what is tested, once for all inputs.
pub(crate) fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<String> {
    let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    assert!(words.len() <= 32, "printable characters are no words");
    words
}

impl<'a> Choices<'a> {
    pub(crate) fn new(input: &'a [u8], words: &'a [String]) -> Self {
        Self { input, words }
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.input.split_first() else { return 0 };
        self.input = rest;
        *first
    }

    /// Chooses one of so many.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count
    }

    /// Makes a text of up to 15 pieces: words, printable characters, and characters outside ASCII.
    pub(crate) fn text(&mut self) -> String {
        let pieces = self.below(16);
        (0..pieces).fold(String::new(), |mut text, _| {
            let byte = self.byte();
            match self.words.get(usize::from(byte)) {
                Some(word) => text.push_str(word),
                None if byte < 0x80 => text.push(char::from(byte)),
                None => text.push(self.character(byte)),
            }
            text
        })
    }

    /// Makes a character of two or three bytes, or the replacement for what is none.
    fn character(&mut self, high: u8) -> char {
        char::from_u32(u32::from(high) << 8 | u32::from(self.byte())).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// Takes up to 31 bytes.
    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let length = self.below(32).min(self.input.len());
        let (bytes, rest) = self.input.split_at(length);
        self.input = rest;
        bytes
    }
}
