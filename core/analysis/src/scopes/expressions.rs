//! Expressions and patterns in the first pass: uses, targets, lambdas and comprehensions.

use astkit_ast::Node;
use astkit_ast::python::{ExprContext, Kind, Role as Field, kind, view};

use super::collect::Collector;
use super::{Flags, Role, ScopeKind};

impl Collector {
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other kinds have no names of their own")]
    pub(super) fn expression(&mut self, node: Node<'_>) {
        match kind(node) {
            Kind::Name => self.name_node(node),
            Kind::Constant => {}
            Kind::NamedExpr => self.named_expr(node),
            Kind::Lambda => self.lambda(node),
            Kind::ListComp => self.comprehension(node, ScopeKind::ListComp, "listcomp"),
            Kind::SetComp => self.comprehension(node, ScopeKind::SetComp, "setcomp"),
            Kind::DictComp => self.comprehension(node, ScopeKind::DictComp, "dictcomp"),
            Kind::GeneratorExp => self.comprehension(node, ScopeKind::GeneratorExp, "genexpr"),
            Kind::Comprehension => self.generator(node),
            Kind::Dict => self.fields(node, &[Field::Keys, Field::Values]),
            Kind::IfExp => self.fields(node, &[Field::Test, Field::Body, Field::Orelse]),
            Kind::Call => self.fields(node, &[Field::Func, Field::Args, Field::Keywords]),
            Kind::Yield | Kind::YieldFrom => {
                self.children(node);
                self.draft().is_generator = true;
            }
            Kind::Await => {
                self.children(node);
                self.draft().is_coroutine = true;
            }
            Kind::MatchMapping => {
                self.body(node, Field::Keys);
                self.body(node, Field::Patterns);
                self.binds(node, Role::Capture);
            }
            Kind::MatchAs | Kind::MatchStar => {
                self.children(node);
                self.binds(node, Role::Capture);
            }
            Kind::TypeVar | Kind::ParamSpec | Kind::TypeVarTuple => self.type_param(node),
            _ => self.children(node),
        }
    }

    /// Children whose order in the text is not CPython's.
    fn fields(&mut self, node: Node<'_>, fields: &[Field]) {
        let mut order = fields.iter().peekable();
        let is_in_order = node.children().all(|it| {
            while order.next_if(|field| it.role() != (**field).into()).is_some() {}
            order.peek().is_some()
        });
        if is_in_order {
            return self.children(node);
        }
        for field in fields {
            self.body(node, *field);
        }
    }

    fn children(&mut self, node: Node<'_>) {
        for child in node.children() {
            self.visit(child);
        }
    }

    fn name_node(&mut self, node: Node<'_>) {
        let Some(name) = self.name(node, node.aux()) else { return };
        match view::Name::cast(node).map(view::Name::ctx) {
            Some(ExprContext::Store) => self.occur(node, name, Role::Store, Flags::LOCAL),
            Some(ExprContext::Del) => self.occur(node, name, Role::Del, Flags::LOCAL),
            Some(ExprContext::Load) | None => self.load(node, name),
        }
    }

    fn named_expr(&mut self, node: Node<'_>) {
        let target = node.required(Field::Target.into());
        let in_comprehension = self.draft().kind.is_comprehension() && self.unevaluated == 0;
        if let Some(name) = self.name(target, target.aux()).filter(|_| in_comprehension) {
            self.bind_outside(name);
        }
        self.body(node, Field::Value);
        self.visit(target);
    }

    fn lambda(&mut self, node: Node<'_>) {
        let arguments = node.required(Field::Args.into());
        self.body(arguments, Field::Defaults);
        self.body(arguments, Field::KwDefaults);
        // An annotation that is never evaluated makes no scopes.
        let makes_scope = self.unevaluated == 0;
        if makes_scope {
            let name = self.names.intern("lambda");
            self.enter(ScopeKind::Lambda, node, name);
        }
        self.parameters(arguments);
        self.body(node, Field::Body);
        if makes_scope {
            self.leave();
        }
    }

    fn comprehension(&mut self, node: Node<'_>, scope: ScopeKind, name: &str) {
        let mut generators = node.field(Field::Generators.into());
        let Some(outermost) = generators.next() else { return self.children(node) };
        let start = self.occurrence_count();
        // The outermost iterable is evaluated outside, as an argument.
        let targets = std::mem::take(&mut self.targets);
        self.body(outermost, Field::Iter);
        let makes_scope = self.unevaluated == 0;
        if makes_scope {
            let name = self.names.intern(name);
            self.enter(scope, node, name);
            let implicit = self.names.intern(".0");
            self.add(implicit, Flags::PARAM);
        }
        self.draft_coroutine(outermost, makes_scope);
        self.target(outermost);
        self.body(outermost, Field::Ifs);
        for generator in generators {
            self.visit(generator);
        }
        for field in [Field::Value, Field::Elt, Field::Key] {
            self.body(node, field);
        }
        if makes_scope {
            let is_async = self.draft().is_coroutine && scope != ScopeKind::GeneratorExp;
            self.leave();
            self.draft().is_coroutine |= is_async;
        }
        self.targets = targets;
        self.close_range(node, start);
    }

    fn draft_coroutine(&mut self, generator: Node<'_>, makes_scope: bool) {
        let is_async = view::Comprehension::cast(generator).is_some_and(|it| it.is_async() != 0);
        self.draft().is_coroutine |= is_async && makes_scope;
    }

    fn target(&mut self, generator: Node<'_>) {
        self.targets = true;
        self.body(generator, Field::Target);
        self.targets = false;
    }

    /// A `for` clause after the first.
    fn generator(&mut self, node: Node<'_>) {
        self.target(node);
        self.body(node, Field::Iter);
        self.body(node, Field::Ifs);
        self.draft_coroutine(node, self.unevaluated == 0);
    }
}
