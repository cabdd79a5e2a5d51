//! Trees of any shape that a parser could give, made from a string of choices.
//!
//! Every decision takes one byte; when there are none left, the smallest choice is taken, so trees end. Leaves and
//! short lists come first in each choice, so shrinking the bytes shrinks the tree.

use astkit_ast::python::{ExprContext, Kind, Role, Unaryop};
use astkit_ast::{Constant, Span, TreeBuilder};

const NONE: u32 = astkit_ast::tree::NONE;
const NAMES: [&str; 6] = ["x", "y", "match", "type", "é", "print"];
const DEEPEST: u32 = 7;

/// Pieces of strings that are hard to quote; the last is a lone surrogate.
const PIECES: [&[u8]; 21] = [
    b"a",
    b"'",
    b"\"",
    b"\\",
    b"\n",
    b"{",
    b"}",
    b"'''",
    b"\"\"\"",
    b"\xc3\xa9",
    b"\xc2\xa0",
    b"\t",
    b"\0",
    b"\r",
    b"#",
    b"\xef\xbb\xbf",
    b"\xf0\x9f\x98\x80",
    b":",
    b"!r",
    b" ",
    b"\xed\xa0\xbd",
];

/// Makes one tree.
pub(crate) struct TreeMaker<'m, 's> {
    builder: &'m mut TreeBuilder<'s>,
    choices: std::slice::Iter<'m, u8>,
    depth: u32,
    /// The expressions to choose from, as numbers of the arms of [`TreeMaker::expr`].
    expressions: &'static [u8],
}

/// Every expression; operators and names more often.
const ALL: &[u8] =
    &[0, 0, 1, 2, 3, 4, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 19, 20, 21, 22];

/// What makes life hard in the fields of f-strings.
const IN_STRINGS: &[u8] = &[0, 22, 22, 22, 2, 2, 3, 8, 9, 12, 14, 16, 21];

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

    // Expressions.

    fn iterable(&mut self, role: Role) {
        if self.choose(4) == 3 {
            self.node(Kind::Tuple, role, ExprContext::Load as u8, NONE, |it| {
                it.starred(Role::Elts, ExprContext::Load);
                it.many(0, |it| it.expr(Role::Elts));
            });
        } else {
            self.expr(role);
        }
    }

    fn single_target(&mut self, role: Role, ctx: ExprContext) {
        match if self.depth > DEEPEST { 0 } else { self.choose(3) } {
            0 => {
                let name = self.any_name();
                self.named(Kind::Name, role, name, ctx as u8, |_| {});
            }
            1 => self.named(Kind::Attribute, role, "a", ctx as u8, |it| it.expr(Role::Value)),
            _ => self.subscript(role, ctx),
        }
    }

    fn target(&mut self, role: Role, ctx: ExprContext) {
        let choice = if self.depth > DEEPEST { 0 } else { self.choose(4) };
        if choice < 2 {
            return self.single_target(role, ctx);
        }
        let kind = if choice == 2 { Kind::Tuple } else { Kind::List };
        self.node(kind, role, ctx as u8, NONE, |it| {
            it.many(1, |it| it.target(Role::Elts, ctx));
            if ctx == ExprContext::Store {
                it.maybe(|it| {
                    it.node(Kind::Starred, Role::Elts, ctx as u8, NONE, |it| {
                        it.single_target(Role::Value, ctx);
                    });
                });
            }
        });
    }

    fn subscript(&mut self, role: Role, ctx: ExprContext) {
        self.node(Kind::Subscript, role, ctx as u8, NONE, |it| {
            it.expr(Role::Value);
            match it.choose(3) {
                0 => it.expr(Role::Slice),
                1 => it.slice(Role::Slice),
                _ => it.node(Kind::Tuple, Role::Slice, ExprContext::Load as u8, NONE, |it| {
                    it.many(1, |it| match it.choose(3) {
                        0 => it.expr(Role::Elts),
                        1 => it.slice(Role::Elts),
                        _ => it.starred(Role::Elts, ExprContext::Load),
                    });
                }),
            }
        });
    }

    fn slice(&mut self, role: Role) {
        self.node(Kind::Slice, role, 0, NONE, |it| {
            for part in [Role::Lower, Role::Upper, Role::Step] {
                it.maybe(|it| it.expr(part));
            }
        });
    }

    fn starred(&mut self, role: Role, ctx: ExprContext) {
        self.node(Kind::Starred, role, ctx as u8, NONE, |it| it.expr(Role::Value));
    }

    fn expr(&mut self, role: Role) {
        let choice = if self.depth > DEEPEST { 0 } else { self.choose_expression() };
        let load = ExprContext::Load as u8;
        match choice {
            0 => {
                let name = self.any_name();
                self.named(Kind::Name, role, name, load, |_| {});
            }
            1 => self.number(role),
            2 => {
                let kind = self.choose(2);
                self.string(role, kind);
            }
            3 => self.constant(role, Constant::Bytes(b"\xff'\"\\\n".as_slice().into()), 0),
            4 => {
                let op = 1 + self.choose(13);
                self.node(Kind::BinOp, role, op, NONE, |it| {
                    it.expr(Role::Left);
                    it.expr(Role::Right);
                });
            }
            5 => {
                let op = 1 + self.choose(4);
                self.node(Kind::UnaryOp, role, op, NONE, |it| it.expr(Role::Operand));
            }
            6 => {
                let op = 1 + self.choose(2);
                self.node(Kind::BoolOp, role, op, NONE, |it| it.many(2, |it| it.expr(Role::Values)));
            }
            7 => self.compare(role),
            8 => self.node(Kind::IfExp, role, 0, NONE, |it| {
                it.expr(Role::Body);
                it.expr(Role::Test);
                it.expr(Role::Orelse);
            }),
            9 => self.node(Kind::Lambda, role, 0, NONE, |it| {
                it.arguments(false);
                it.expr(Role::Body);
            }),
            10 => self.node(Kind::Call, role, 0, NONE, |it| {
                it.expr(Role::Func);
                it.call_arguments(Role::Args);
            }),
            11 => self.named(Kind::Attribute, role, "a", load, |it| it.expr(Role::Value)),
            12 => self.subscript(role, ExprContext::Load),
            13..=15 => {
                let kind = [Kind::List, Kind::Tuple, Kind::Set][usize::from(choice - 13)];
                let (flag, least) = if kind == Kind::Set { (0, 1) } else { (load, 0) };
                self.node(kind, role, flag, NONE, |it| {
                    it.many(least, |it| {
                        if it.choose(4) == 3 {
                            it.starred(Role::Elts, ExprContext::Load);
                        } else {
                            it.expr(Role::Elts);
                        }
                    });
                });
            }
            16 => self.node(Kind::Dict, role, 0, NONE, |it| {
                it.many(0, |it| {
                    it.maybe(|it| it.expr(Role::Keys));
                    it.expr(Role::Values);
                });
            }),
            17 => self.comprehension(role),
            18 => self.node(Kind::Await, role, 0, NONE, |it| it.expr(Role::Value)),
            19 => self.node(Kind::Yield, role, 0, NONE, |it| it.maybe(|it| it.expr(Role::Value))),
            20 => self.node(Kind::YieldFrom, role, 0, NONE, |it| it.expr(Role::Value)),
            21 => self.node(Kind::NamedExpr, role, 0, NONE, |it| {
                it.named(Kind::Name, Role::Target, "n", ExprContext::Store as u8, |_| {});
                it.expr(Role::Value);
            }),
            _ => self.joined_str(role, true),
        }
    }

    fn choose_expression(&mut self) -> u8 {
        let count = u8::try_from(self.expressions.len()).expect("a short list");
        self.expressions[usize::from(self.choose(count))]
    }

    fn compare(&mut self, role: Role) {
        let mark = self.builder.mark();
        self.depth += 1;
        self.expr(Role::Left);
        let count = 1 + self.choose(2);
        let ops: Vec<_> = (0..count).map(|_| u32::from(1 + self.choose(10))).collect();
        for _ in &ops {
            self.expr(Role::Comparators);
        }
        self.depth -= 1;
        let record = self.builder.record();
        self.builder.record_list(ops.into_iter());
        self.builder.close(mark, Kind::Compare.into(), Span::default(), 0, record);
        self.builder.role(role);
    }

    /// Arguments of a call or bases of a class.
    fn call_arguments(&mut self, role: Role) {
        let argument = |it: &mut Self| {
            if it.choose(4) == 3 { it.starred(role, ExprContext::Load) } else { it.expr(role) }
        };
        self.many(0, argument);
        for name in &["k", "l"][..usize::from(self.choose(3))] {
            self.named(Kind::Keyword, Role::Keywords, name, 0, |it| it.expr(Role::Value));
        }
        self.maybe(|it| it.starred(role, ExprContext::Load));
        self.maybe(|it| it.named(Kind::Keyword, Role::Keywords, "", 0, |it| it.expr(Role::Value)));
    }

    fn comprehension(&mut self, role: Role) {
        let kinds = [Kind::ListComp, Kind::SetComp, Kind::GeneratorExp, Kind::DictComp];
        let kind = kinds[usize::from(self.choose(4))];
        self.node(kind, role, 0, NONE, |it| {
            if kind == Kind::DictComp {
                it.expr(Role::Key);
                it.expr(Role::Value);
            } else {
                it.expr(Role::Elt);
            }
            it.many(1, |it| {
                let is_async = it.choose(2);
                it.node(Kind::Comprehension, Role::Generators, is_async, NONE, |it| {
                    it.target(Role::Target, ExprContext::Store);
                    it.expr(Role::Iter);
                    it.many(0, |it| it.expr(Role::Ifs));
                });
            });
        });
    }

    fn number(&mut self, role: Role) {
        let value = match self.choose(6) {
            0 => Constant::Int(1),
            1 => Constant::Float(1.5_f64.to_bits()),
            2 => Constant::Float(1e22_f64.to_bits()),
            3 => Constant::Float(f64::INFINITY.to_bits()),
            4 => Constant::BigInt(format!("1{:020}", 7).into()),
            _ => Constant::Imaginary(2_f64.to_bits()),
        };
        self.constant(role, value, 0);
    }

    fn string(&mut self, role: Role, kind: u8) {
        let count = self.choose(4);
        let bytes: Vec<u8> = (0..count).flat_map(|_| PIECES[usize::from(self.choose(21))]).copied().collect();
        let value = match std::str::from_utf8(&bytes) {
            Ok(text) => Constant::Str(text.into()),
            Err(_) => Constant::Wtf8(bytes.into()),
        };
        self.constant(role, value, kind);
    }

    fn joined_str(&mut self, role: Role, specs: bool) {
        self.node(Kind::JoinedStr, role, 0, NONE, |it| {
            it.many(0, |it| {
                it.text_part(true);
                it.field(specs);
            });
            it.maybe(|it| it.text_part(true));
        });
    }

    /// A text between fields, perhaps none; in format specifications there is no `u''`.
    fn text_part(&mut self, kinds: bool) {
        if self.choose(2) == 1 {
            let text = PIECES[usize::from(self.choose(20))];
            let text = std::str::from_utf8(text).expect("all but the last are text");
            let kind = if kinds { u8::from(self.choose(5) == 4) } else { 0 };
            self.constant(Role::Values, Constant::Str(text.into()), kind);
        }
    }

    fn field(&mut self, specs: bool) {
        let conversion = [-1_i8, 115, 114, 97][usize::from(self.choose(4))];
        self.node(Kind::FormattedValue, Role::Values, conversion.cast_unsigned(), NONE, |it| {
            it.expr(Role::Value);
            if specs {
                it.maybe(|it| {
                    it.node(Kind::JoinedStr, Role::FormatSpec, 0, NONE, |it| {
                        it.text_part(false);
                        it.maybe(|it| {
                            it.field(false);
                            it.text_part(false);
                        });
                    });
                });
            }
        });
    }
}
