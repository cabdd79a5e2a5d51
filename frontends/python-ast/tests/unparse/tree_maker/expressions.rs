//! Expressions, and what is assigned to.

use astkit_ast::python::{ExprContext, Kind, Role};
use astkit_ast::{Constant, Span};

use super::{DEEPEST, NONE, TreeMaker};

/// Every expression; operators and names more often.
pub(super) const ALL: &[u8] =
    &[0, 0, 1, 2, 3, 4, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 19, 20, 21, 22];

/// What makes life hard in the fields of f-strings.
pub(super) const IN_STRINGS: &[u8] = &[0, 22, 22, 22, 2, 2, 3, 8, 9, 12, 14, 16, 21];

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

impl TreeMaker<'_, '_> {
    pub(super) fn iterable(&mut self, role: Role) {
        if self.choose(4) == 3 {
            self.node(Kind::Tuple, role, ExprContext::Load as u8, NONE, |it| {
                it.starred(Role::Elts, ExprContext::Load);
                it.many(0, |it| it.expr(Role::Elts));
            });
        } else {
            self.expr(role);
        }
    }

    pub(super) fn single_target(&mut self, role: Role, ctx: ExprContext) {
        match if self.depth > DEEPEST { 0 } else { self.choose(3) } {
            0 => {
                let name = self.any_name();
                self.named(Kind::Name, role, name, ctx as u8, |_| {});
            }
            1 => self.named(Kind::Attribute, role, "a", ctx as u8, |it| it.expr(Role::Value)),
            _ => self.subscript(role, ctx),
        }
    }

    pub(super) fn target(&mut self, role: Role, ctx: ExprContext) {
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

    pub(super) fn subscript(&mut self, role: Role, ctx: ExprContext) {
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

    pub(super) fn slice(&mut self, role: Role) {
        self.node(Kind::Slice, role, 0, NONE, |it| {
            for part in [Role::Lower, Role::Upper, Role::Step] {
                it.maybe(|it| it.expr(part));
            }
        });
    }

    pub(super) fn starred(&mut self, role: Role, ctx: ExprContext) {
        self.node(Kind::Starred, role, ctx as u8, NONE, |it| it.expr(Role::Value));
    }

    pub(super) fn expr(&mut self, role: Role) {
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

    pub(super) fn choose_expression(&mut self) -> u8 {
        let count = u8::try_from(self.expressions.len()).expect("a short list");
        self.expressions[usize::from(self.choose(count))]
    }

    pub(super) fn compare(&mut self, role: Role) {
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
    pub(super) fn call_arguments(&mut self, role: Role) {
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

    pub(super) fn comprehension(&mut self, role: Role) {
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

    pub(super) fn number(&mut self, role: Role) {
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

    pub(super) fn string(&mut self, role: Role, kind: u8) {
        let count = self.choose(4);
        let bytes: Vec<u8> = (0..count).flat_map(|_| PIECES[usize::from(self.choose(21))]).copied().collect();
        let value = match std::str::from_utf8(&bytes) {
            Ok(text) => Constant::Str(text.into()),
            Err(_) => Constant::Wtf8(bytes.into()),
        };
        self.constant(role, value, kind);
    }

    pub(super) fn joined_str(&mut self, role: Role, specs: bool) {
        self.node(Kind::JoinedStr, role, 0, NONE, |it| {
            it.many(0, |it| {
                it.text_part(true);
                it.field(specs);
            });
            it.maybe(|it| it.text_part(true));
        });
    }

    /// A text between fields, perhaps none; in format specifications there is no `u''`.
    pub(super) fn text_part(&mut self, kinds: bool) {
        if self.choose(2) == 1 {
            let text = PIECES[usize::from(self.choose(20))];
            let text = std::str::from_utf8(text).expect("all but the last are text");
            let kind = if kinds { u8::from(self.choose(5) == 4) } else { 0 };
            self.constant(Role::Values, Constant::Str(text.into()), kind);
        }
    }

    pub(super) fn field(&mut self, specs: bool) {
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
