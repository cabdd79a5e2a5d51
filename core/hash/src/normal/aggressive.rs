//! Rules that hold for ordinary values alone: none is used unless it is asked for, and `aggressive` asks for all.
//!
//! They undo what people and linters write in several ways. What each takes for granted is said in its
//! [summary](Rule::summary). They decide by names and scopes, as all rules do; what they leave out is written as it is.
//!
//! Source of the idea: the fixes of ruff by which pycodehash makes texts equal (F841, UP018, UP032, C408, C416, SIM114,
//! PLR1714, PLR1736).

mod calls;
mod format;
mod loops;

use astkit_analysis::Role as Use;
use astkit_analysis::meanings::Meaning;
use astkit_analysis::scopes::{Scopes, SymbolId};
use astkit_ast::python::{Boolop, Cmpop, ExprContext, Kind, Role, Unaryop, build, kind, view};
use astkit_ast::tree::Node;
use astkit_ast::{Constant, Span, Tree};
use rustc_hash::{FxHashMap, FxHashSet};

use super::blocks::Statement;
use super::{Normalizer, Rule, Rules};
use crate::encoding::{Encoder, Shape, Treatment};

/// What these rules know of a file.
pub(super) struct Aggressive<'a> {
    /// Per variable: how often it is read or deleted, and how often bound.
    reads: Vec<u32>,
    bindings: Vec<u32>,
    /// Names that something in the file binds.
    bound: FxHashSet<&'a str>,
    /// Whether a star import may bring any name.
    has_star: bool,
    /// Lookups that give the element that a loop is at, by node: the variable of that element.
    lookups: FxHashMap<u32, SymbolId>,
    /// What is asked before the condition of an `if`, with the same to do.
    earlier: FxHashMap<u32, Vec<Node<'a>>>,
}

impl<'a> Aggressive<'a> {
    /// What is known of a file before anything is written; none if no rule asks. Cost: linear.
    pub(super) fn new(tree: &'a Tree, scopes: &'a Scopes, rules: Rules) -> Option<Box<Self>> {
        if !Rule::AGGRESSIVE.into_iter().any(|it| rules.has(it)) {
            return None;
        }
        let count = scopes.symbol_count();
        let mut it = Self {
            reads: vec![0; count],
            bindings: vec![0; count],
            bound: FxHashSet::default(),
            has_star: scopes.scopes().any(|(_, it)| it.has_star_import),
            lookups: FxHashMap::default(),
            earlier: FxHashMap::default(),
        };
        for occurrence in scopes.occurrences() {
            if occurrence.role.is_binding() {
                it.bound.insert(scopes.text(occurrence.name));
            }
            let Some(variable) = occurrence.variable.map(|it| it.0 as usize) else { continue };
            it.reads[variable] += u32::from(matches!(occurrence.role, Use::Load | Use::Del));
            it.bindings[variable] += u32::from(occurrence.role.is_binding());
        }
        // What `x += 1` binds is read first.
        for target in tree.stored_nodes().filter_map(view::AugAssign::cast).map(view::AugAssign::target) {
            let at = scopes.occurrence_of(target.id()).map(|it| scopes.occurrence(it));
            if let Some(variable) = at.and_then(|it| it.variable) {
                it.reads[variable.0 as usize] += 1;
            }
        }
        Some(Box::new(it))
    }
}

impl<'a> Normalizer<'a> {
    /// Writes an expression or loop as one of these rules has it; false if none has.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what has no rule is written as it is")]
    pub(super) fn aggressively(&mut self, node: Node<'a>) -> bool {
        let rules = self.options.rules;
        match kind(node) {
            Kind::Call => {
                (rules.has(Rule::FormatString) && self.format_call(node))
                    || (rules.has(Rule::LiteralCall) && self.literal_call(node))
            }
            Kind::ListComp | Kind::SetComp | Kind::DictComp => {
                rules.has(Rule::CopyingComprehension) && self.copying_comprehension(node)
            }
            Kind::BoolOp => rules.has(Rule::Membership) && self.bool_op(node),
            Kind::For => rules.has(Rule::EnumerateLookup) && self.enumerating_loop(node),
            Kind::Subscript => self.lookup(node),
            _ => false,
        }
    }

    /// The built-in name that an expression is, if nothing in the file gives it another meaning.
    fn built_in(&self, node: Node<'a>) -> Option<&'a str> {
        let name = view::Name::cast(node)?.id();
        self.is_built_in(name).then_some(name)
    }

    fn is_built_in(&self, name: &str) -> bool {
        self.aggressive.as_ref().is_some_and(|it| !it.has_star && !it.bound.contains(name))
    }

    /// The variable of a name.
    fn variable_at(&self, node: Node<'a>) -> Option<SymbolId> {
        if kind(node) != Kind::Name {
            return None;
        }
        self.scopes.occurrence(self.meanings.occurrence(node)?).variable
    }

    /// How often a variable is read, and how often bound.
    fn uses(&self, variable: SymbolId) -> (u32, u32) {
        let at = variable.0 as usize;
        self.aggressive.as_ref().map_or((u32::MAX, u32::MAX), |it| (it.reads[at], it.bindings[at]))
    }

    /// Whether a statement gives a variable of the function a value that nothing reads, and does no more.
    pub(super) fn is_unused(&self, statement: Node<'a>) -> bool {
        let (target, value) = if let Some(it) = view::Assign::cast(statement) {
            let mut targets = it.targets();
            let (Some(target), None) = (targets.next(), targets.next()) else { return false };
            (target, Some(it.value()))
        } else if let Some(it) = view::AnnAssign::cast(statement) {
            (it.target(), it.value())
        } else {
            return false;
        };
        let (Some(variable), Some(value)) = (self.variable_at(target), value) else { return false };
        let here = self.meanings.occurrence(target).map(|it| self.scopes.occurrence(it).scope);
        self.meanings.of(variable) == Meaning::Numbered
            && here == Some(self.scopes.symbol(variable).scope)
            && self.uses(variable).0 == 0
            && is_effect_free(value)
    }

    /// Joins an `if` with the one before or in it that does the same: the one in it, if that is left to write.
    pub(super) fn joined_branches(
        &mut self,
        statement: Node<'a>,
        out: &mut Vec<Statement<'a>>,
    ) -> Option<Node<'a>> {
        if !self.options.rules.has(Rule::SameBranches) {
            return None;
        }
        let it = view::If::cast(statement)?;
        if let Some(before) = out.last().copied().and_then(without_else)
            && self.block_leaves(before.body())
            && is_same_code(before.body(), it.body())
        {
            out.pop();
            self.ask_before(before, statement);
        }
        let mut orelse = it.orelse();
        let (Some(inner), None) = (orelse.next(), orelse.next()) else { return None };
        let condition = view::If::cast(inner)?;
        let is_known = self.folder.fold(condition.test()).is_some();
        if is_known || !is_same_code(it.body(), condition.body()) {
            return None;
        }
        self.ask_before(it, inner);
        Some(inner)
    }

    /// Lets what one `if` asks be asked before what another does.
    fn ask_before(&mut self, first: view::If<'a>, second: Node<'a>) {
        let Some(state) = &mut self.aggressive else { return };
        let mut tests = state.earlier.remove(&first.node().index()).unwrap_or_default();
        tests.push(first.test());
        state.earlier.insert(second.index(), tests);
    }

    /// What is asked before the condition of an `if`.
    pub(super) fn asked_before(&mut self, node: Node<'a>) -> Vec<Node<'a>> {
        let earlier = self.aggressive.as_mut().and_then(|it| it.earlier.remove(&node.index()));
        earlier.unwrap_or_default()
    }

    /// Writes conditions of which one has to hold, or that none does.
    pub(super) fn any_of(&mut self, tests: &[Node<'a>], negated: bool, origin: Node<'a>) {
        let alternatives = |it: &Node<'a>| match view::BoolOp::cast(*it).filter(|it| it.op() == Boolop::Or) {
            Some(inner) => inner.values().collect(),
            None => vec![*it],
        };
        let values: Vec<Node<'a>> = tests.iter().flat_map(alternatives).collect();
        let start = self.builder.mark();
        self.values(&values, Boolop::Or, origin);
        if negated {
            self.builder.role(Role::Operand);
            self.closed(origin);
            build::unary_op(&mut self.builder, start, Span::default(), Unaryop::Not);
        }
    }

    fn literal(&mut self, constant: Constant, origin: Node<'a>) {
        let start = self.builder.mark();
        let id = self.builder.constant(constant);
        self.closed(origin);
        build::constant(&mut self.builder, start, Span::default(), id, None);
    }

    fn bool_op(&mut self, node: Node<'a>) -> bool {
        let Some(it) = view::BoolOp::cast(node) else { return false };
        let values: Vec<Node<'a>> = it.values().collect();
        let is_usual = groups(&values, it.op()).iter().all(|it| it.members.len() < 2);
        if !is_usual {
            self.values(&values, it.op(), node);
        }
        !is_usual
    }

    fn values(&mut self, values: &[Node<'a>], op: Boolop, origin: Node<'a>) {
        let mut groups = groups(values, op);
        if !self.options.rules.has(Rule::Membership) {
            groups = values.iter().map(|it| Group::of(*it)).collect();
        }
        let start = self.builder.mark();
        let is_one = groups.len() == 1;
        for group in &groups {
            self.group(group, op);
            if !is_one {
                self.builder.role(Role::Values);
            }
        }
        if !is_one {
            self.closed(origin);
            build::bool_op(&mut self.builder, start, Span::default(), op);
        }
    }

    fn group(&mut self, group: &Group<'a>, op: Boolop) {
        let (Some(item), true) = (group.items.first(), group.members.len() > 1) else {
            return self.expression_or_definition(group.first);
        };
        let start = self.builder.mark();
        self.expression_or_definition(*item);
        self.builder.role(Role::Left);
        let members = self.builder.mark();
        for member in &group.members {
            let other = if is_same_simple(member.0, *item) { member.1 } else { member.0 };
            self.expression_or_definition(other);
            self.builder.role(Role::Elts);
        }
        self.closed(group.first);
        build::tuple(&mut self.builder, members, Span::default(), ExprContext::Load);
        self.builder.role(Role::Comparators);
        let op = if op == Boolop::Or { Cmpop::In } else { Cmpop::NotIn };
        self.closed(group.first);
        build::compare(&mut self.builder, start, Span::default(), &[op]);
    }
}

/// An `if` whose `else`, if it has one, is written behind it.
fn without_else(statement: Statement<'_>) -> Option<view::If<'_>> {
    match statement {
        Statement::If(node) => view::If::cast(node),
        Statement::Whole(node) => view::If::cast(node).filter(|it| it.orelse().next().is_none()),
        Statement::Alias { .. } => None,
    }
}

/// Values of `and` or `or` beside each other that compare one thing with several.
struct Group<'a> {
    first: Node<'a>,
    /// What may be the one thing.
    items: Vec<Node<'a>>,
    /// Both sides of each comparison.
    members: Vec<(Node<'a>, Node<'a>)>,
}

impl<'a> Group<'a> {
    fn of(first: Node<'a>) -> Self {
        Self { first, items: Vec::new(), members: Vec::new() }
    }
}

/// The values, as far as possible in groups.
fn groups<'a>(values: &[Node<'a>], op: Boolop) -> Vec<Group<'a>> {
    let wanted = if op == Boolop::Or { Cmpop::Eq } else { Cmpop::NotEq };
    let mut out: Vec<Group<'a>> = Vec::new();
    for value in values {
        let Some((left, right)) = compared(*value, wanted) else {
            out.push(Group::of(*value));
            continue;
        };
        if let Some(last) = out.last_mut() {
            let is_it = |it: &Node<'a>| is_same_simple(*it, left) || is_same_simple(*it, right);
            let items: Vec<Node<'a>> = last.items.iter().copied().filter(is_it).collect();
            if !items.is_empty() {
                last.items = items;
                last.members.push((left, right));
                continue;
            }
        }
        out.push(Group { first: *value, items: vec![left, right], members: vec![(left, right)] });
    }
    out
}

/// Both sides of a comparison by an operator, if evaluating them does nothing.
fn compared(node: Node<'_>, wanted: Cmpop) -> Option<(Node<'_>, Node<'_>)> {
    let it = view::Compare::cast(node)?;
    let (mut ops, right) = (it.ops(), it.comparators().next()?);
    let is_wanted = ops.next() == Some(wanted) && ops.next().is_none();
    (is_wanted && is_simple(it.left()) && is_simple(right)).then(|| (it.left(), right))
}

/// Whether it is a name, a constant, or an attribute of such.
fn is_simple(mut node: Node<'_>) -> bool {
    while let Some(it) = view::Attribute::cast(node) {
        node = it.value();
    }
    matches!(kind(node), Kind::Name | Kind::Constant)
}

/// Whether two simple expressions are the same.
fn is_same_simple(mut one: Node<'_>, mut two: Node<'_>) -> bool {
    while let (Some(left), Some(right)) = (view::Attribute::cast(one), view::Attribute::cast(two)) {
        if left.attr() != right.attr() {
            return false;
        }
        (one, two) = (left.value(), right.value());
    }
    if let (Some(left), Some(right)) = (view::Name::cast(one), view::Name::cast(two)) {
        return left.id() == right.id();
    }
    let value = |it| view::Constant::cast(it).map(view::Constant::value);
    value(one).is_some() && value(one) == value(two)
}

/// Whether evaluating an expression does nothing, if its names have values.
fn is_effect_free(node: Node<'_>) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        let is_free = match view::Dict::cast(node) {
            Some(it) => it.keys().into_iter().all(|it| it.is_some_and(|it| kind(it) == Kind::Constant)),
            None => matches!(kind(node), Kind::Constant | Kind::Name | Kind::Tuple | Kind::List),
        };
        if !is_free {
            return false;
        }
        stack.extend(node.children());
    }
    true
}

/// Whether two blocks are the same, but for formatting and comments.
fn is_same_code<'a>(one: impl Iterator<Item = Node<'a>>, two: impl Iterator<Item = Node<'a>>) -> bool {
    let (one, two): (Vec<Node<'a>>, Vec<Node<'a>>) = (one.collect(), two.collect());
    one.len() == two.len() && one.iter().zip(&two).all(|(one, two)| encoded(*one) == encoded(*two))
}

fn encoded(node: Node<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    Encoder::new(&AsItIs, &mut out).node(node);
    out
}

/// The shape of code as it is written.
struct AsItIs;

impl Shape for AsItIs {
    fn keeps_string_kind(&self) -> bool {
        false
    }

    fn treat(&self, _node: Node<'_>, _encoder: &mut Encoder<'_>) -> Treatment {
        Treatment::Encode
    }
}
