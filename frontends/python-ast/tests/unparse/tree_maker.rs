//! Trees of any shape that a parser could give, made from a string of choices.
//!
//! Every decision takes one byte; when there are none left, the smallest choice is taken, so trees end. Leaves and
//! short lists come first in each choice, so shrinking the bytes shrinks the tree.

#[path = "tree_maker/expressions.rs"]
mod expressions;

use astkit_ast::python::{ExprContext, Kind, Role, Unaryop};
use astkit_ast::{Constant, Span, TreeBuilder};

use expressions::{ALL, IN_STRINGS};

const NONE: u32 = astkit_ast::tree::NONE;
const NAMES: [&str; 6] = ["x", "y", "match", "type", "é", "print"];
const DEEPEST: u32 = 7;

/// Makes one tree.
pub(crate) struct TreeMaker<'m, 's> {
    builder: &'m mut TreeBuilder<'s>,
    choices: std::slice::Iter<'m, u8>,
    depth: u32,
    /// The expressions to choose from, as numbers of the arms of [`TreeMaker::expr`].
    expressions: &'static [u8],
}

impl<'m, 's> TreeMaker<'m, 's> {
    pub(crate) fn new(builder: &'m mut TreeBuilder<'s>, choices: &'m [u8]) -> Self {
        Self { builder, choices: choices.iter(), depth: 0, expressions: ALL }
    }

    /// Makes a file of one f-string.
    pub(crate) fn fstring(&mut self) {
        self.expressions = IN_STRINGS;
        self.node(Kind::Module, Role::Body, 0, NONE, |it| {
            it.node(Kind::Expr, Role::Body, 0, NONE, |it| it.joined_str(Role::Value, true));
        });
    }

    /// Makes a file.
    pub(crate) fn module(&mut self) {
        self.node(Kind::Module, Role::Body, 0, NONE, |it| it.body(Role::Body));
    }

    fn choose(&mut self, count: u8) -> u8 {
        self.choices.next().copied().unwrap_or(0) % count
    }

    fn node(&mut self, kind: Kind, role: Role, flag: u8, aux: u32, children: impl FnOnce(&mut Self)) {
        let mark = self.builder.mark();
        self.depth += 1;
        children(self);
        self.depth -= 1;
        self.builder.close(mark, kind.into(), Span::default(), flag, aux);
        self.builder.role(role);
    }

    /// A node with an identifier.
    fn named(&mut self, kind: Kind, role: Role, name: &str, flag: u8, children: impl FnOnce(&mut Self)) {
        let aux = if name.is_empty() { NONE } else { self.builder.name(name).0 };
        self.node(kind, role, flag, aux, children);
    }

    fn any_name(&mut self) -> &'static str {
        NAMES[usize::from(self.choose(6))]
    }

    fn many(&mut self, least: u8, make: impl Fn(&mut Self)) {
        for _ in 0..least + self.choose(3) {
            make(self);
        }
    }

    fn maybe(&mut self, make: impl FnOnce(&mut Self)) {
        if self.choose(2) == 1 {
            make(self);
        }
    }

    // Statements.

    fn body(&mut self, role: Role) {
        self.many(1, |it| it.stmt(role));
    }

    fn stmt(&mut self, role: Role) {
        let choice = if self.depth > DEEPEST { 0 } else { self.choose(19) };
        let node = |it: &mut Self, kind, children: &dyn Fn(&mut Self)| it.node(kind, role, 0, NONE, children);
        let store = ExprContext::Store;
        match choice {
            0 => node(self, Kind::Pass, &|_| {}),
            1 => node(self, Kind::Expr, &|it| it.expr(Role::Value)),
            2 => node(self, Kind::Assign, &|it| {
                it.many(1, |it| it.target(Role::Targets, store));
                it.expr(Role::Value);
            }),
            3 => self.aug_assign(role),
            4 => self.ann_assign(role),
            5 => node(self, Kind::Return, &|it| it.maybe(|it| it.expr(Role::Value))),
            6 => node(self, Kind::Delete, &|it| it.many(1, |it| it.target(Role::Targets, ExprContext::Del))),
            7 | 8 => node(self, if choice == 7 { Kind::For } else { Kind::AsyncFor }, &|it| {
                it.target(Role::Target, store);
                it.iterable(Role::Iter);
                it.body(Role::Body);
                it.maybe(|it| it.body(Role::Orelse));
            }),
            9 | 10 => node(self, if choice == 9 { Kind::While } else { Kind::If }, &|it| {
                it.expr(Role::Test);
                it.body(Role::Body);
                it.maybe(|it| it.body(Role::Orelse));
            }),
            11 => node(self, Kind::With, &|it| {
                it.many(1, |it| {
                    it.node(Kind::Withitem, Role::Items, 0, NONE, |it| {
                        it.expr(Role::ContextExpr);
                        it.maybe(|it| it.target(Role::OptionalVars, store));
                    });
                });
                it.body(Role::Body);
            }),
            12 => node(self, Kind::Match, &|it| {
                it.expr(Role::Subject);
                it.many(1, Self::case);
            }),
            13 => node(self, Kind::Raise, &|it| {
                it.maybe(|it| {
                    it.expr(Role::Exc);
                    it.maybe(|it| it.expr(Role::Cause));
                });
            }),
            14 => self.try_(role),
            15 => node(self, Kind::Assert, &|it| {
                it.expr(Role::Test);
                it.maybe(|it| it.expr(Role::Msg));
            }),
            16 => self.named(Kind::FunctionDef, role, "f", 0, |it| {
                it.many(0, |it| it.expr(Role::DecoratorList));
                it.type_params();
                it.arguments(true);
                it.maybe(|it| it.expr(Role::Returns));
                it.body(Role::Body);
            }),
            17 => self.named(Kind::ClassDef, role, "C", 0, |it| {
                it.type_params();
                it.call_arguments(Role::Bases);
                it.body(Role::Body);
            }),
            _ => node(self, Kind::TypeAlias, &|it| {
                it.named(Kind::Name, Role::Name, "T", store as u8, |_| {});
                it.type_params();
                it.expr(Role::Value);
            }),
        }
    }

    fn aug_assign(&mut self, role: Role) {
        let op = 1 + self.choose(13);
        self.node(Kind::AugAssign, role, op, NONE, |it| {
            it.single_target(Role::Target, ExprContext::Store);
            it.expr(Role::Value);
        });
    }

    fn ann_assign(&mut self, role: Role) {
        let mark = self.builder.mark();
        self.single_target(Role::Target, ExprContext::Store);
        let is_name = self.builder.last().and_then(|it| self.builder.kind_of(it)) == Some(Kind::Name.into());
        let simple = if is_name { self.choose(2) } else { 0 };
        self.depth += 1;
        self.expr(Role::Annotation);
        self.maybe(|it| it.expr(Role::Value));
        self.depth -= 1;
        self.builder.close(mark, Kind::AnnAssign.into(), Span::default(), simple, NONE);
        self.builder.role(role);
    }

    fn try_(&mut self, role: Role) {
        let star = self.choose(2) == 1;
        self.node(if star { Kind::TryStar } else { Kind::Try }, role, 0, NONE, |it| {
            it.body(Role::Body);
            it.many(1, |it| {
                let name = if it.choose(2) == 0 { "" } else { "e" };
                it.named(Kind::ExceptHandler, Role::Handlers, name, 0, |it| {
                    it.expr(Role::Type);
                    it.body(Role::Body);
                });
            });
            it.maybe(|it| it.body(Role::Orelse));
            it.maybe(|it| it.body(Role::Finalbody));
        });
    }

    fn type_params(&mut self) {
        let count = self.choose(4);
        for at in 0..count {
            let name = ["T", "U", "V", "W"][usize::from(at)];
            match self.choose(3) {
                0 => self.named(Kind::TypeVar, Role::TypeParams, name, 0, |it| {
                    it.maybe(|it| it.expr(Role::Bound));
                    it.maybe(|it| it.expr(Role::DefaultValue));
                }),
                1 => self.named(Kind::ParamSpec, Role::TypeParams, name, 0, |it| {
                    it.maybe(|it| it.expr(Role::DefaultValue));
                }),
                _ => self.named(Kind::TypeVarTuple, Role::TypeParams, name, 0, |it| {
                    it.maybe(|it| it.starred(Role::DefaultValue, ExprContext::Load));
                }),
            }
        }
    }

    fn arguments(&mut self, annotated: bool) {
        self.node(Kind::Arguments, Role::Args, 0, NONE, |it| {
            let mut has_default = false;
            for (role, names) in [(Role::Posonlyargs, ["a", "b"]), (Role::Args, ["c", "d"])] {
                for name in &names[..usize::from(it.choose(3))] {
                    it.arg(role, name, annotated);
                    has_default |= it.choose(2) == 1;
                    if has_default {
                        it.expr(Role::Defaults);
                    }
                }
            }
            it.maybe(|it| it.arg(Role::Vararg, "args", annotated));
            for name in &["k", "l"][..usize::from(it.choose(3))] {
                it.arg(Role::Kwonlyargs, name, annotated);
                it.maybe(|it| it.expr(Role::KwDefaults));
            }
            it.maybe(|it| it.arg(Role::Kwarg, "kwargs", annotated));
        });
    }

    fn arg(&mut self, role: Role, name: &str, annotated: bool) {
        self.named(Kind::Arg, role, name, 0, |it| {
            if annotated {
                it.maybe(|it| it.expr(Role::Annotation));
            }
        });
    }

    // Patterns.

    fn case(&mut self) {
        self.node(Kind::MatchCase, Role::Cases, 0, NONE, |it| {
            it.pattern(Role::Pattern);
            it.maybe(|it| it.expr(Role::Guard));
            it.body(Role::Body);
        });
    }

    fn pattern(&mut self, role: Role) {
        let choice = if self.depth > DEEPEST + 3 { 0 } else { self.choose(9) };
        match choice {
            0 => self.named(Kind::MatchAs, role, "", 0, |_| {}),
            1 => self.named(Kind::MatchAs, role, "x", 0, |_| {}),
            2 => self.node(Kind::MatchValue, role, 0, NONE, Self::pattern_value),
            3 => {
                let value = if self.choose(2) == 0 { Constant::None } else { Constant::Bool(true) };
                let value = self.builder.constant(value);
                self.node(Kind::MatchSingleton, role, 0, value.0, |_| {});
            }
            4 => self.node(Kind::MatchSequence, role, 0, NONE, |it| {
                it.many(0, |it| it.pattern(Role::Patterns));
                it.maybe(|it| {
                    let name = ["", "rest"][usize::from(it.choose(2))];
                    it.named(Kind::MatchStar, Role::Patterns, name, 0, |_| {});
                });
            }),
            5 => {
                let rest = ["", "rest"][usize::from(self.choose(2))];
                self.named(Kind::MatchMapping, role, rest, 0, |it| {
                    it.many(0, |it| {
                        it.pattern_value_as(Role::Keys);
                        it.pattern(Role::Patterns);
                    });
                });
            }
            6 => self.match_class(role),
            7 => self.named(Kind::MatchAs, role, "y", 0, Self::pattern_in_as),
            _ => self.node(Kind::MatchOr, role, 0, NONE, |it| it.many(2, |it| it.pattern(Role::Patterns))),
        }
    }

    /// Anything but a bare capture, which `as` refuses.
    fn pattern_in_as(&mut self) {
        self.node(Kind::MatchSequence, Role::Pattern, 0, NONE, |it| {
            it.many(0, |it| it.pattern(Role::Patterns));
        });
    }

    fn match_class(&mut self, role: Role) {
        let mark = self.builder.mark();
        self.depth += 1;
        self.named(Kind::Name, Role::Cls, "C", ExprContext::Load as u8, |_| {});
        self.many(0, |it| it.pattern(Role::Patterns));
        let names = &["a", "b"][..usize::from(self.choose(3))];
        for _ in names {
            self.pattern(Role::KwdPatterns);
        }
        self.depth -= 1;
        let names: Vec<_> = names.iter().map(|it| self.builder.name(it)).collect();
        astkit_ast::python::build::match_class(self.builder, mark, Span::default(), &names);
        self.builder.role(role);
    }

    fn pattern_value(&mut self) {
        self.pattern_value_as(Role::Value);
    }

    fn pattern_value_as(&mut self, role: Role) {
        let load = ExprContext::Load as u8;
        match self.choose(4) {
            0 => self.number(role),
            1 => self.string(role, 0),
            2 => self.named(Kind::Attribute, role, "A", load, |it| {
                it.named(Kind::Name, Role::Value, "m", load, |_| {});
            }),
            _ => {
                let add_or_sub = 1 + self.choose(2);
                self.node(Kind::BinOp, role, add_or_sub, NONE, |it| {
                    it.node(Kind::UnaryOp, Role::Left, Unaryop::USub as u8, NONE, |it| {
                        it.constant(Role::Operand, Constant::Int(3), 0);
                    });
                    it.constant(Role::Right, Constant::Imaginary(2.5_f64.to_bits()), 0);
                });
            }
        }
    }

    fn constant(&mut self, role: Role, value: Constant, kind: u8) {
        let value = self.builder.constant(value);
        self.node(Kind::Constant, role, kind, value.0, |_| {});
    }
}
