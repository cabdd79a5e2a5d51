//! Loops over `enumerate(items)` that look up `items[index]`, which is the element that they have.

use astkit_analysis::meanings::Meaning;
use astkit_analysis::scopes::SymbolId;
use astkit_ast::Span;
use astkit_ast::python::{ExprContext, Kind, Role, build, kind, view};
use astkit_ast::tree::Node;

use super::super::Normalizer;

/// A loop over `enumerate(items)`.
struct Enumeration<'a> {
    element: Node<'a>,
    items: Node<'a>,
    /// The lookups of `items[index]` in its body, and the variable that they give.
    lookups: Vec<u32>,
    variable: SymbolId,
    /// Whether nothing else reads the index.
    is_lookup_only: bool,
}

impl<'a> Normalizer<'a> {
    /// Writes a loop without the index that nothing but lookups reads; false if it is to be written as it is.
    pub(super) fn enumerating_loop(&mut self, node: Node<'a>) -> bool {
        let (Some(it), Some(found)) = (view::For::cast(node), self.enumeration(node)) else { return false };
        if let Some(state) = &mut self.aggressive {
            state.lookups.extend(found.lookups.iter().map(|it| (*it, found.variable)));
        }
        if !found.is_lookup_only {
            return false;
        }
        let start = self.builder.mark();
        self.expression_or_definition(found.element);
        self.builder.role(Role::Target);
        self.expression_or_definition(found.items);
        self.builder.role(Role::Iter);
        self.block(&it.body().collect::<Vec<_>>(), Role::Body.into(), true);
        let orelse: Vec<Node<'a>> = it.orelse().collect();
        if !orelse.is_empty() {
            self.block(&orelse, Role::Orelse.into(), false);
        }
        self.close(start, node);
        true
    }

    /// Reads a loop; none if it is no such loop, or if something may change what it goes over.
    fn enumeration(&self, node: Node<'a>) -> Option<Enumeration<'a>> {
        let it = view::For::cast(node)?;
        let mut elts = view::Tuple::cast(it.target())?.elts();
        let (index, element, None) = (elts.next()?, elts.next()?, elts.next()) else { return None };
        let call = view::Call::cast(it.iter())?;
        let mut args = call.args();
        let (items, None, None) = (args.next()?, args.next(), call.keywords().next()) else { return None };
        if self.built_in(call.func()) != Some("enumerate") {
            return None;
        }
        let (index, variable) = (self.variable_at(index)?, self.variable_at(element)?);
        let all = self.variable_at(items)?;
        let scope = self.scopes.symbol(index).scope;
        let is_own = |it: SymbolId| self.scopes.symbol(it).scope == scope && self.uses(it).1 == 1;
        let is_hidden = |it: SymbolId| self.meanings.of(it) == Meaning::Numbered;
        if ![index, variable, all].into_iter().all(is_own) || !is_hidden(index) || !is_hidden(variable) {
            return None;
        }
        let lookups = self.lookups(it, all, index)?;
        let is_lookup_only = usize::try_from(self.uses(index).0).is_ok_and(|it| it == lookups.len());
        Some(Enumeration { element, items, lookups, variable, is_lookup_only })
    }

    /// The lookups of `items[index]` in a loop's body; none if the body does anything else with the items.
    fn lookups(&self, it: view::For<'a>, items: SymbolId, index: SymbolId) -> Option<Vec<u32>> {
        let mut out = Vec::new();
        let mut stack: Vec<Node<'a>> = it.body().collect();
        while let Some(node) = stack.pop() {
            let found = view::Subscript::cast(node).filter(|it| {
                it.ctx() == ExprContext::Load
                    && self.variable_at(it.value()) == Some(items)
                    && self.variable_at(it.slice()) == Some(index)
            });
            if found.is_some() {
                out.push(node.index());
            } else if kind(node) == Kind::Name && self.variable_at(node) == Some(items) {
                return None;
            } else {
                stack.extend(node.children());
            }
        }
        Some(out)
    }

    /// Writes a lookup as the variable whose value it is; false if it is none.
    pub(super) fn lookup(&mut self, node: Node<'a>) -> bool {
        let found = self.aggressive.as_ref().and_then(|it| it.lookups.get(&node.index()).copied());
        let Some(variable) = found else { return false };
        self.used[variable.0 as usize] = true;
        self.capture(variable);
        let name = self.local_name(variable);
        let start = self.builder.mark();
        self.closed(node);
        build::name(&mut self.builder, start, Span::default(), name, ExprContext::Load);
        true
    }
}
