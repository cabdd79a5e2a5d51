//! Rows as bytes, to be kept between runs.
//!
//! Numbers are little-endian, texts and lists have their length before them. Reading is total: bytes that nothing
//! wrote give nothing.

use astkit::ast::DefKind;
use astkit::hash::Hash;
use astkit::hash::deep::Reason;

use super::rows::{Row, UnresolvedRecord};
use crate::render::json::SpanRecord;

const KINDS: [DefKind; 5] =
    [DefKind::Module, DefKind::Class, DefKind::Function, DefKind::AsyncFunction, DefKind::Lambda];
const REASONS: [Reason; 5] =
    [Reason::Undefined, Reason::OpaqueStar, Reason::MissingModule, Reason::MissingName, Reason::MissingPin];

/// Appends numbers, texts and lists.
#[derive(Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(super) fn number(&mut self, number: usize) {
        self.0.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
    }

    pub(super) fn long(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn hash(&mut self, hash: &[u8; 32]) {
        self.0.extend_from_slice(hash);
    }

    fn span(&mut self, span: Option<SpanRecord>) {
        self.byte(u8::from(span.is_some()));
        for word in span.into_iter().flat_map(SpanRecord::words) {
            self.0.extend_from_slice(&word.to_le_bytes());
        }
    }
}

/// Takes them off again.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|it| it[0])
    }

    pub(super) fn word(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    pub(super) fn long(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    pub(super) fn number(&mut self) -> Option<usize> {
        usize::try_from(self.word()?).ok()
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.number()?;
        self.take(len)
    }

    pub(super) fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }

    pub(super) fn hash(&mut self) -> Option<[u8; 32]> {
        self.take(32)?.try_into().ok()
    }

    /// A list; no longer than there are bytes.
    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let len = self.number().filter(|it| *it <= self.0.len())?;
        (0..len).map(|_| item(self)).collect()
    }

    #[expect(clippy::option_option, reason = "that there is no span is an answer")]
    fn span(&mut self) -> Option<Option<SpanRecord>> {
        if self.byte()? == 0 {
            return Some(None);
        }
        let mut words = [0; 6];
        for word in &mut words {
            *word = self.word()?;
        }
        Some(Some(SpanRecord::from_words(words)))
    }
}

/// Rows as bytes.
pub(super) fn encode_rows(rows: &[Row], out: &mut Writer) {
    out.number(rows.len());
    for row in rows {
        let kind = KINDS.iter().position(|it| *it == row.kind).unwrap_or(0);
        out.byte(u8::try_from(kind).unwrap_or(0) | (u8::from(row.partial) << 7));
        out.hash(row.hash.as_bytes());
        out.bytes(row.qualname.as_bytes());
        out.span(row.span);
        out.number(row.unresolved.len());
        for it in &row.unresolved {
            let reason = REASONS.iter().position(|reason| reason.as_str() == it.reason).unwrap_or(0);
            out.number(reason);
            out.bytes(it.name.as_bytes());
            out.span(it.span);
        }
        out.number(row.depends_on.len());
        row.depends_on.iter().for_each(|it| out.bytes(it.as_bytes()));
        out.number(row.parts.len());
        for (name, hash) in &row.parts {
            out.bytes(name.as_bytes());
            out.hash(hash.as_bytes());
        }
    }
}

/// Reads what [`encode_rows`] wrote.
pub(super) fn decode_rows(reader: &mut Reader<'_>) -> Option<Vec<Row>> {
    reader.list(|reader| {
        let flags = reader.byte()?;
        Some(Row {
            kind: *KINDS.get(usize::from(flags & 0x7f))?,
            partial: flags >> 7 == 1,
            hash: Hash::from_bytes(reader.hash()?),
            qualname: reader.text()?,
            span: reader.span()?,
            unresolved: reader.list(|reader| {
                let reason = REASONS.get(reader.number()?)?.as_str();
                Some(UnresolvedRecord { reason, name: reader.text()?, span: reader.span()? })
            })?,
            depends_on: reader.list(Reader::text)?,
            parts: reader.list(|reader| Some((reader.text()?, Hash::from_bytes(reader.hash()?))))?,
        })
    })
}
