//! What is open at a place: brackets, format strings and their replacement fields.

/// What the text at a place is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// Ordinary tokens.
    Code,
    /// Text of a format string.
    Text(Quotes),
    /// Text of a format specification.
    Specification(Quotes),
}

/// How a format string is delimited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Quotes {
    pub(super) quote: u8,
    pub(super) triple: bool,
    pub(super) raw: bool,
}

impl Quotes {
    /// The closing quotes.
    pub(super) fn closing(self) -> &'static [u8] {
        match (self.quote, self.triple) {
            (b'"', true) => b"\"\"\"",
            (b'"', false) => b"\"",
            (_, true) => b"'''",
            (_, false) => b"'",
        }
    }
}

/// Open brackets of each kind: round, square, curly.
type Open = [u32; 3];

#[derive(Clone, Copy, Debug)]
enum Frame {
    /// A bracket, by its index in [`Open`].
    Bracket(usize),
    Format(Quotes),
    /// A replacement field; `outside` are the open brackets of the code around its format string.
    Field {
        quotes: Quotes,
        specification: bool,
        outside: Open,
    },
}

/// The stack of everything open. All operations are constant or paid for by what was opened before.
#[derive(Clone, Default, Debug)]
pub(super) struct Nesting {
    frames: Vec<Frame>,
    /// Where in `frames` the format strings are.
    formats: Vec<usize>,
    /// Brackets opened since the innermost field.
    open: Open,
    /// Brackets and fields.
    depth: u32,
}

impl Nesting {
    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(super) fn mode(&self) -> Mode {
        match self.frames.last() {
            Some(&Frame::Format(quotes)) => Mode::Text(quotes),
            Some(&Frame::Field { quotes, specification: true, .. }) => Mode::Specification(quotes),
            _ => Mode::Code,
        }
    }

    pub(super) fn open(&mut self, bracket: u8) {
        let kind = kind(bracket);
        self.open[kind] += 1;
        self.depth += 1;
        self.frames.push(Frame::Bracket(kind));
    }

    pub(super) fn open_format(&mut self, quotes: Quotes) {
        self.formats.push(self.frames.len());
        self.frames.push(Frame::Format(quotes));
    }

    pub(super) fn open_field(&mut self, quotes: Quotes) {
        let outside = std::mem::take(&mut self.open);
        self.depth += 1;
        self.frames.push(Frame::Field { quotes, specification: false, outside });
    }

    /// Whether the innermost open thing is a field's code.
    pub(super) fn is_at_field(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Field { specification: false, .. }))
    }

    /// Turns the innermost field's code into its specification.
    pub(super) fn begin_specification(&mut self) {
        if let Some(Frame::Field { specification, .. }) = self.frames.last_mut() {
            *specification = true;
        }
    }

    /// Closes the nearest bracket of the kind of the closing `bracket` within the innermost field, or with `}`
    /// that field itself; everything opened within is closed too. Without any, nothing happens.
    pub(super) fn close(&mut self, bracket: u8) {
        let kind = kind(bracket);
        if self.open[kind] > 0 {
            while let Some(frame) = self.pop() {
                if matches!(frame, Frame::Bracket(found) if found == kind) {
                    break;
                }
            }
        } else if bracket == b'}' && !self.formats.is_empty() {
            while let Some(frame) = self.pop() {
                if matches!(frame, Frame::Field { .. }) {
                    break;
                }
            }
        }
    }

    /// Closes the innermost format string, if there is one, and everything opened within.
    pub(super) fn close_format(&mut self) -> bool {
        let Some(&index) = self.formats.last() else {
            return false;
        };
        while self.frames.len() > index {
            self.pop();
        }
        true
    }

    /// Closes the innermost format string if it has single quotes.
    pub(super) fn close_single_quoted(&mut self) -> bool {
        let innermost = self.formats.last().and_then(|&index| self.frames.get(index));
        matches!(innermost, Some(Frame::Format(quotes)) if !quotes.triple) && self.close_format()
    }

    fn pop(&mut self) -> Option<Frame> {
        let frame = self.frames.pop()?;
        match frame {
            Frame::Bracket(kind) => {
                self.open[kind] -= 1;
                self.depth -= 1;
            }
            Frame::Format(_) => {
                self.formats.pop();
            }
            Frame::Field { outside, .. } => {
                self.open = outside;
                self.depth -= 1;
            }
        }
        Some(frame)
    }
}

fn kind(bracket: u8) -> usize {
    match bracket {
        b'(' | b')' => 0,
        b'[' | b']' => 1,
        _ => 2,
    }
}
