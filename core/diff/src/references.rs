//! Whether references followed a rename: the old name is nowhere any more, and the new one is where it was.
//!
//! Names are counted as words of the changed files, wherever they refer to. Files that did not change can't have
//! followed.

use astkit_ast::TokenKind;
use rustc_hash::FxHashMap;

use crate::FilePair;
use crate::side::Side;

/// How often names occur.
pub(crate) struct References<'p> {
    before: FxHashMap<&'p str, usize>,
    after: FxHashMap<&'p str, usize>,
}

impl<'p> References<'p> {
    /// Counts names in a change set.
    pub(crate) fn new(pairs: &'p [FilePair<'_>], names: impl Iterator<Item = &'p str>) -> Self {
        let none: FxHashMap<&str, usize> = names.map(|it| (it, 0)).collect();
        let mut out = Self { before: none.clone(), after: none };
        for pair in pairs {
            count(pair.before.as_ref(), &mut out.before);
            count(pair.after.as_ref(), &mut out.after);
        }
        out
    }

    /// Whether whoever referred to `old` refers to `new` now.
    pub(crate) fn follow(&self, old: &str, new: &str) -> bool {
        let of = |counts: &FxHashMap<&str, usize>, name: &str| counts.get(name).copied().unwrap_or(0);
        let (gone, come) = (of(&self.before, old), of(&self.after, new));
        // One is the definition itself.
        let are_references = gone > 1 && come > 1 && gone.abs_diff(come) * 4 <= gone.max(come);
        are_references && of(&self.after, old) == 0 && of(&self.before, new) == 0
    }
}

fn count(side: Option<&Side<'_>>, counts: &mut FxHashMap<&str, usize>) {
    let Some(side) = side.filter(|it| it.is_python()) else { return };
    let text = side.source.text();
    for token in side.tokens().iter().filter(|it| it.kind == TokenKind::Name) {
        if let Some(count) = text.get(token.span.range()).and_then(|it| counts.get_mut(it)) {
            *count += 1;
        }
    }
}
