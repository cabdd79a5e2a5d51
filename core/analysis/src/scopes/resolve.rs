//! The second pass: whether each symbol is local, a cell, free or global, and which variable it means.
//!
//! Scopes are visited in the order of their ids, enclosing before enclosed. What a name means to inner scopes stands
//! in one table, which every scope changes on entry and restores on leaving.

use astkit_ast::tree::NONE;
use rustc_hash::FxHashMap;

use super::collect::{Collected, Draft};
use super::{Flags, Occurrence, Resolution, Scope, ScopeId, ScopeKind, Scopes, Symbol, SymbolId};
use crate::names::{NameId, index};

/// What a name means to the scopes inside the present one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visible {
    /// No enclosing function binds it, or one of them declares it global.
    Global,
    /// An enclosing function binds it, with this symbol.
    Bound(u32),
    /// The enclosing class keeps a cell of this name.
    ClassCell(ScopeId),
}

struct Resolver<'a> {
    drafts: &'a [Draft],
    symbols: Vec<Symbol>,
    index: FxHashMap<(ScopeId, NameId), u32>,
    visible: Vec<Visible>,
    undo: Vec<(NameId, Visible)>,
    /// Per scope: the class whose names it sees as its own.
    class_of: Vec<Option<ScopeId>>,
    needs_class_cell: Vec<bool>,
    class_cells: [NameId; 3],
}

pub(super) fn resolve(collected: Collected) -> Scopes {
    let Collected {
        scopes: drafts,
        symbols,
        mut occurrences,
        by_node,
        loops,
        defers_annotations,
        index: symbol_index,
        starts,
        nodes,
        names,
        class_cells,
    } = collected;
    let by_scope = ByScope::new(symbols.iter().map(|it| it.0), drafts.len());
    let mut resolver = Resolver {
        drafts: &drafts,
        index: symbol_index,
        symbols: symbols.iter().map(unresolved).collect(),
        visible: vec![Visible::Global; names.len()],
        undo: Vec::new(),
        class_of: vec![None; drafts.len()],
        needs_class_cell: vec![false; drafts.len()],
        class_cells,
    };
    resolver.run(&by_scope);
    let mut needs_class_cell = std::mem::take(&mut resolver.needs_class_cell);
    resolver.attach(&mut occurrences);
    let (symbols, ranges) = sort(&resolver.symbols, &mut occurrences, drafts.len());
    let scope = |((draft, symbols), needs_class_cell): ((Draft, (u32, u32)), bool)| Scope {
        kind: draft.kind,
        node: draft.node,
        name: draft.name,
        parent: draft.parent,
        is_generator: draft.is_generator,
        is_coroutine: draft.is_coroutine,
        needs_class_cell,
        has_star_import: draft.has_star_import,
        symbols,
    };
    let list = drafts.into_iter().zip(ranges).zip(needs_class_cell.drain(..)).map(scope).collect();
    let mut by_place = vec![NONE; nodes];
    for (occurrence, id) in occurrences.iter().zip(0..index(occurrences.len())).rev() {
        let place = starts[occurrence.node.def.0 as usize] + occurrence.node.index;
        by_place[place as usize] = id;
    }
    Scopes {
        list,
        bound: bound(&symbols),
        symbols,
        occurrences,
        by_node,
        loops,
        defers_annotations,
        by_place,
        starts,
        names,
    }
}

fn unresolved(&(scope, name, flags): &(ScopeId, NameId, Flags)) -> Symbol {
    Symbol { scope, name, flags, resolution: Resolution::GlobalImplicit, variable: None }
}

/// The indices of symbols, scope by scope, in the order in which they were.
struct ByScope {
    symbols: Vec<u32>,
    /// Per scope, where its symbols end.
    ends: Vec<u32>,
}

impl ByScope {
    /// Of symbols with these scopes.
    fn new(scopes: impl ExactSizeIterator<Item = ScopeId> + Clone, count: usize) -> Self {
        let mut ends = vec![0; count];
        scopes.clone().for_each(|it| ends[it.0 as usize] += 1);
        let mut end = 0;
        for it in &mut ends {
            // At first where its symbols begin, then, when all have their place, where they end.
            end += std::mem::replace(it, end);
        }
        let mut symbols = vec![0; scopes.len()];
        for (scope, at) in scopes.zip(0..) {
            let place = &mut ends[scope.0 as usize];
            symbols[*place as usize] = at;
            *place += 1;
        }
        Self { symbols, ends }
    }

    fn range(&self, scope: ScopeId) -> std::ops::Range<usize> {
        let at = scope.0 as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        start as usize..self.ends[at] as usize
    }

    fn of(&self, scope: ScopeId) -> &[u32] {
        &self.symbols[self.range(scope)]
    }
}

impl Resolver<'_> {
    fn run(&mut self, by_scope: &ByScope) {
        let mut open: Vec<(ScopeId, usize)> = Vec::new();
        for (draft, scope) in self.drafts.iter().zip((0..).map(ScopeId)) {
            while let Some((_, mark)) = open.pop_if(|it| draft.parent != Some(it.0)) {
                self.restore(mark);
            }
            self.class_of[scope.0 as usize] = self.class_seen_by(draft);
            for symbol in by_scope.of(scope) {
                self.symbol(scope, *symbol);
            }
            open.push((scope, self.undo.len()));
            self.show(scope, draft.kind, by_scope.of(scope));
        }
    }

    fn restore(&mut self, mark: usize) {
        for (name, visible) in self.undo.drain(mark..).rev() {
            self.visible[name.0 as usize] = visible;
        }
    }

    fn class_seen_by(&self, draft: &Draft) -> Option<ScopeId> {
        let parent = draft.parent.filter(|_| draft.sees_class)?;
        let parent_is_class = self.drafts[parent.0 as usize].kind == ScopeKind::Class;
        if parent_is_class { Some(parent) } else { self.class_of[parent.0 as usize] }
    }

    /// Makes the names of a scope visible to the scopes in it.
    fn show(&mut self, scope: ScopeId, kind: ScopeKind, symbols: &[u32]) {
        if kind == ScopeKind::Class {
            for name in self.class_cells {
                self.set(name, Visible::ClassCell(scope));
            }
        }
        if !kind.is_function_like() {
            return;
        }
        for at in symbols {
            let Symbol { name, resolution, .. } = self.symbols[*at as usize];
            match resolution {
                Resolution::Local | Resolution::Cell => self.set(name, Visible::Bound(*at)),
                Resolution::GlobalExplicit => self.set(name, Visible::Global),
                Resolution::GlobalImplicit | Resolution::Free => {}
            }
        }
    }

    fn set(&mut self, name: NameId, visible: Visible) {
        let old = std::mem::replace(&mut self.visible[name.0 as usize], visible);
        self.undo.push((name, old));
    }

    fn symbol(&mut self, scope: ScopeId, at: u32) {
        let Symbol { name, flags, .. } = self.symbols[at as usize];
        let visible = self.visible[name.0 as usize];
        let is_free = visible != Visible::Global;
        let (resolution, variable) = if flags.has(Flags::GLOBAL) {
            (Resolution::GlobalExplicit, self.global(name))
        } else if flags.has(Flags::NONLOCAL) && is_free {
            (Resolution::Free, self.free(scope, name, visible))
        } else if flags.has(Flags::BOUND) {
            (Resolution::Local, Some(at))
        } else if let Some((resolution, variable)) = self.in_class(scope, name) {
            (resolution, variable)
        } else if is_free {
            (Resolution::Free, self.free(scope, name, visible))
        } else {
            (Resolution::GlobalImplicit, self.global(name))
        };
        let symbol = &mut self.symbols[at as usize];
        (symbol.resolution, symbol.variable) = (resolution, variable.map(SymbolId));
    }

    fn global(&self, name: NameId) -> Option<u32> {
        self.index.get(&(ScopeId(0), name)).copied()
    }

    /// The meaning of a name in one of the scopes that see an enclosing class, if the class has the name.
    fn in_class(&self, scope: ScopeId, name: NameId) -> Option<(Resolution, Option<u32>)> {
        let class = self.class_of[scope.0 as usize]?;
        let at = *self.index.get(&(class, name))?;
        let flags = self.symbols[at as usize].flags;
        if flags.has(Flags::GLOBAL) {
            Some((Resolution::GlobalExplicit, self.global(name)))
        } else if flags.has(Flags::BOUND) && !flags.has(Flags::NONLOCAL) {
            Some((Resolution::GlobalImplicit, Some(at)))
        } else {
            None
        }
    }

    /// A free name of a scope: makes its variable a cell, and the scopes in between pass it through.
    fn free(&mut self, scope: ScopeId, name: NameId, visible: Visible) -> Option<u32> {
        let (owner, variable) = match visible {
            Visible::Bound(at) => {
                let symbol = &mut self.symbols[at as usize];
                symbol.resolution = Resolution::Cell;
                (symbol.scope, Some(at))
            }
            Visible::ClassCell(class) => {
                self.needs_class_cell[class.0 as usize] |= name == self.class_cells[0];
                (class, None)
            }
            Visible::Global => return None,
        };
        let mut next = self.drafts[scope.0 as usize].parent;
        while let Some(scope) = next.filter(|it| *it != owner) {
            if !self.pass_through(scope, name, variable) {
                break;
            }
            next = self.drafts[scope.0 as usize].parent;
        }
        variable
    }

    /// Whether the scopes further out have to pass the name through as well.
    fn pass_through(&mut self, scope: ScopeId, name: NameId, variable: Option<u32>) -> bool {
        let next = index(self.symbols.len());
        let at = *self.index.entry((scope, name)).or_insert(next);
        if at == next {
            let (flags, resolution) = (Flags::default(), Resolution::Free);
            self.symbols.push(Symbol { scope, name, flags, resolution, variable: variable.map(SymbolId) });
            return true;
        }
        let symbol = &mut self.symbols[at as usize];
        let is_new = !symbol.flags.has(Flags::FREE_CLASS) && symbol.resolution != Resolution::Free;
        if symbol.flags.has(Flags::BOUND.with(Flags::GLOBAL)) {
            symbol.flags = symbol.flags.with(Flags::FREE_CLASS);
        }
        is_new
    }

    /// Gives occurrences their symbols.
    fn attach(&self, occurrences: &mut [Occurrence]) {
        for occurrence in occurrences {
            let known = occurrence.symbol.map(|it| it.0);
            let own = known.or_else(|| self.index.get(&(occurrence.scope, occurrence.name)).copied());
            occurrence.symbol = own.map(SymbolId);
            occurrence.variable = match own {
                Some(at) => self.symbols[at as usize].variable,
                None => self.variable_from(occurrence.scope, occurrence.name).map(SymbolId),
            };
        }
    }

    /// The variable of a name that has no symbol in a scope, as if the scope used it.
    fn variable_from(&self, scope: ScopeId, name: NameId) -> Option<u32> {
        let mut next = self.drafts[scope.0 as usize].parent;
        while let Some(scope) = next {
            let draft = &self.drafts[scope.0 as usize];
            let at = self.index.get(&(scope, name)).filter(|_| draft.kind.is_function_like());
            if let Some(at) = at {
                return self.symbols[*at as usize].variable.map(|it| it.0);
            }
            next = draft.parent;
        }
        self.global(name)
    }
}

/// Sorts symbols by scope and name, and renames them where they are mentioned. Returns each scope's range too.
fn sort(symbols: &[Symbol], occurrences: &mut [Occurrence], scopes: usize) -> (Vec<Symbol>, Vec<(u32, u32)>) {
    let mut by_scope = ByScope::new(symbols.iter().map(|it| it.scope), scopes);
    let mut ranges = Vec::with_capacity(scopes);
    for scope in (0..index(scopes)).map(ScopeId) {
        let range = by_scope.range(scope);
        ranges.push((index(range.start), index(range.end)));
        by_scope.symbols[range].sort_unstable_by_key(|it| symbols[*it as usize].name);
    }
    let order = by_scope.symbols;
    let mut places = vec![0; symbols.len()];
    for (old, new) in order.iter().zip(0..) {
        places[*old as usize] = new;
    }
    let place = |it: SymbolId| SymbolId(places[it.0 as usize]);
    for occurrence in occurrences {
        occurrence.symbol = occurrence.symbol.map(place);
        occurrence.variable = occurrence.variable.map(place);
    }
    let sorted: Vec<Symbol> = order
        .iter()
        .map(|it| symbols[*it as usize])
        .map(|it| Symbol { variable: it.variable.map(place), ..it })
        .collect();
    (sorted, ranges)
}

/// Which variables some code of the module binds.
fn bound(symbols: &[Symbol]) -> Vec<bool> {
    let mut out = vec![false; symbols.len()];
    for symbol in symbols.iter().filter(|it| it.flags.has(Flags::BOUND)) {
        if let Some(variable) = symbol.variable {
            out[variable.0 as usize] = true;
        }
    }
    out
}

pub(super) fn lookup(symbols: &[Symbol], (start, end): (u32, u32), name: NameId) -> Option<SymbolId> {
    let found = symbols[start as usize..end as usize].binary_search_by_key(&name, |it| it.name).ok()?;
    Some(SymbolId(start + index(found)))
}
