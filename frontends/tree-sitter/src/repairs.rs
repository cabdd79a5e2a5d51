//! Repairs: rules for trees that the grammar accepts but builds otherwise than Python would.
//!
//! Each is a local rotation found from structure alone, so it is inert where the grammar is right, now or in a later
//! version. Each counts its uses under its name with [`TreeBuilder::repaired`](astkit_ast::TreeBuilder::repaired).
//!
//! | name | example | the grammar says |
//! |---|---|---|
//! | `annotation-union` | `x: A[int] \| B \| None` | `A[int] \| (B \| None)`; also before `or`, `if` and the like |
//! | `star-operand` | `[*a.b(c)]` | `(*a).b(c)` |
//! | `type-call` | `type(x).y = z` | a type alias |
//! | `keyword-as-pattern` | `case A(x=B() as y)` | `(x=B()) as y` |
//! | `xor-precedence` | `a ^ b & c` | `(a ^ b) & c` |
//! | `equal-specification` | `f"{x:=10}"` | a walrus |
//! | `with-tuple` | `with (a, *b):` | two items |
//! | `named-value` | `(m := a if b else c)` | `(m := a) if b else c` |
//! | `as-after-conditional` | `with a if b else c as d:` | `a if b else (c as d)` |
//! | `await-power` | `await x ** 2` | `await (x ** 2)` |

mod annotation_union;
mod as_after_conditional;
mod await_power;
mod equal_specification;
mod keyword_as_pattern;
mod prefix;
mod type_call;
mod with_tuple;
mod xor;
