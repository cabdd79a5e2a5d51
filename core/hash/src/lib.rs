//! Hashes of definitions, files and folders, at levels that say what a hash ignores.
//!
//! A hash answers one question: may the behavior differ? Each [`Level`] is a promise, kept to the byte: the same
//! scheme number means the same hash for ever, on every platform, with every frontend.
//!
//! - [`Level::Exact`] covers the text.
//! - [`Level::Ast`] covers what CPython's `ast` shows, in the [encoding] documented there.
//!
//! Input is a lowered file; nothing is read, followed or resolved here. Hashes that follow dependencies are not
//! part of this version.
//!
//! Source of the idea: R. Merkle's hash trees; what to leave out after pycodehash.

pub mod components;
pub mod deep;
pub mod encoding;
mod folder;
pub mod form;
mod level;
pub mod normal;
pub mod why;

use std::cell::Cell;
use std::fmt;

use astkit_ast::python::Role;
use astkit_ast::tree::Node;
use astkit_ast::{Definition, Lowered, Severity, SideTables, SourceText, Span};
use rustc_hash::FxHashMap;

use encoding::{Encoder, Shape, Treatment};
use normal::NormalOptions;

pub use folder::{Entry, folder_hash};
pub use level::{Level, UnknownLevel};

/// The number of the rules by which hashes are made. Once one is released, a change of any rule is a new number; until the
/// first release, 1 is what is being made.
pub const SCHEME: u32 = 1;

/// A hash: 32 bytes of BLAKE3, shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of some bytes in a domain: BLAKE3 over the domain's name, a zero byte, and the bytes.
    pub fn of(domain: &str, bytes: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(domain.as_bytes()).update(&[0]).update(bytes);
        Self(*hasher.finalize().as_bytes())
    }

    /// The hash of a domain's name, a zero byte, and bytes, one after the other: as [`of`](Self::of), but quicker.
    pub(crate) fn of_all(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The hash with these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its 64 hexadecimal digits.
    pub fn to_hex(&self) -> impl std::ops::Deref<Target = str> + use<> {
        blake3::Hash::from_bytes(self.0).to_hex()
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(digits: &str) -> Option<Self> {
        Some(Self(*blake3::Hash::from_hex(digits).ok()?.as_bytes()))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The hashes of a file's definitions, in the order of `definitions`.
///
/// `definitions` are those of [`astkit_ast::definitions`], all of them and in their order, or the file's root
/// alone. The hash of the module is the hash of the file. Cost: linear in the file at `ast`; at `exact` linear in
/// the sum of the definitions' texts.
pub fn definition_hashes(
    level: Level,
    source: &SourceText,
    lowered: &Lowered,
    definitions: &[Definition<'_>],
) -> Vec<Hash> {
    match level {
        Level::Exact => {
            let spans = definition_spans(source, lowered, definitions);
            spans.iter().map(|it| text_hash(source.slice(*it))).collect()
        }
        Level::Ast => ast_hashes(source, lowered, definitions),
        Level::Semantic => semantic_hashes(source, lowered, definitions, NormalOptions::default()),
        Level::Deep => deep_of_one(source, lowered, definitions),
    }
}

/// The hash of a whole file: that of its module-level definition.
pub fn file_hash(level: Level, source: &SourceText, lowered: &Lowered) -> Hash {
    match level {
        Level::Exact => text_hash(source.text()),
        Level::Ast | Level::Semantic | Level::Deep => {
            let all = astkit_ast::definitions(&lowered.tree);
            definition_hashes(level, source, lowered, &all)[0]
        }
    }
}

/// The hashes at `semantic`; trees of other languages have no normal form and are hashed as at `ast`.
///
/// `definitions` must be all of the file's.
pub fn semantic_hashes(
    source: &SourceText,
    lowered: &Lowered,
    definitions: &[Definition<'_>],
    options: NormalOptions,
) -> Vec<Hash> {
    match form::file_forms(source, lowered, definitions, options) {
        Some(forms) => deep::semantic_hashes(&forms, options),
        None => ast_hashes(source, lowered, definitions),
    }
}

/// The hashes at `deep` of a file that knows no other.
fn deep_of_one(source: &SourceText, lowered: &Lowered, definitions: &[Definition<'_>]) -> Vec<Hash> {
    let options = NormalOptions::default();
    let Some(forms) = form::file_forms(source, lowered, definitions, options) else {
        return ast_hashes(source, lowered, definitions);
    };
    deep::deep_hashes(&[&forms], &deep::NoModules, options).hashes.swap_remove(0)
}

/// The texts that `exact` covers: from the `@` of the first decorator to the last token; all of the file for the
/// module.
pub fn definition_spans(source: &SourceText, lowered: &Lowered, definitions: &[Definition<'_>]) -> Vec<Span> {
    let decorated = |it: &Definition<'_>| lowered.spans.def(it.node).start < lowered.span(it.node).start;
    // Made if a decorator is in parentheses or the like: reading all tokens costs as much as parsing.
    let mut tables = None;
    let span = |it: &Definition<'_>| match it.parent {
        None => Span::new(0, source.len()),
        Some(_) if !decorated(it) => lowered.span(it.node),
        Some(_) => plainly_decorated(source, lowered, it).unwrap_or_else(|| {
            tables.get_or_insert_with(|| SideTables::new(source, lowered)).definition_span(it.node)
        }),
    };
    definitions.iter().map(span).collect()
}

/// The text of a definition whose first decorator stands right behind its `@`.
fn plainly_decorated(source: &SourceText, lowered: &Lowered, definition: &Definition<'_>) -> Option<Span> {
    let first = definition.node.child(Role::DecoratorList.into())?;
    let before = lowered.span(first).start.checked_sub(1)?;
    let is_plain = source.text().as_bytes().get(before as usize) == Some(&b'@');
    is_plain.then(|| Span::new(before, lowered.span(definition.node).end))
}

/// The hash of a text at `exact`, newlines as `\n` and without a byte-order mark.
fn text_hash(text: &str) -> Hash {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let domain = Level::Exact.domain();
    if text.contains('\r') {
        return Hash::of(&domain, text.replace("\r\n", "\n").as_bytes());
    }
    Hash::of(&domain, text.as_bytes())
}

/// The hashes at `ast`: inner definitions first, each standing for itself in the encoding of the one around it.
fn ast_hashes(source: &SourceText, lowered: &Lowered, definitions: &[Definition<'_>]) -> Vec<Hash> {
    let damaged = damaged(lowered, definitions);
    let numbers = (0..).zip(definitions).map(|(at, it): (usize, _)| (it.node.index(), at)).collect();
    let unknown = Hash([0; 32]);
    let shape = Nested { numbers, hashes: vec![Cell::new(unknown); definitions.len()] };
    let mut bytes = Vec::new();
    let domain = Level::Ast.domain();
    for (at, definition) in definitions.iter().enumerate().rev() {
        bytes.clear();
        bytes.extend_from_slice(domain.as_bytes());
        bytes.push(0);
        let mut encoder = Encoder::new(&shape, &mut bytes);
        encoder.node(definition.node);
        if damaged.get(at).is_some_and(|it| *it) {
            encoder.meaningless(source.slice(lowered.spans.def(definition.node)));
        }
        shape.hashes[at].set(Hash::of_all(&bytes));
    }
    shape.hashes.into_iter().map(Cell::into_inner).collect()
}

/// Which definitions have an error in their own text; empty if none has.
fn damaged(lowered: &Lowered, definitions: &[Definition<'_>]) -> Vec<bool> {
    let mut out = Vec::new();
    let text = |it: &Definition<'_>| lowered.spans.def(it.node);
    for error in lowered.diagnostics.iter().filter(|it| it.severity == Severity::Error) {
        out.resize(definitions.len(), false);
        let offset = error.span.start;
        let mut at = definitions[1..].partition_point(|it| text(it).start <= offset);
        while at > 0 && text(&definitions[at]).end < offset {
            at = definitions[at].parent.unwrap_or(0);
        }
        out[at] = true;
    }
    out
}

/// The shape at `ast`: nested definitions by their hashes, no `kind` of strings.
struct Nested {
    numbers: FxHashMap<u32, usize>,
    hashes: Vec<Cell<Hash>>,
}

impl Shape for Nested {
    fn keeps_string_kind(&self) -> bool {
        false
    }

    fn treat(&self, node: Node<'_>, encoder: &mut Encoder<'_>) -> Treatment {
        let Some(number) = self.numbers.get(&node.index()) else { return Treatment::Encode };
        encoder.digest(self.hashes[*number].get());
        Treatment::Done
    }
}
