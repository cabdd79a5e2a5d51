//! Expressions whose parts are evaluated.

use astkit_ast::Node;
use astkit_ast::python::{Boolop, Cmpop, Kind, Operator, kind, view};

use super::formats::formatted;
use super::{Evaluated, Evaluator, LIMITS, Thing};
use crate::constants::{
    Slice, Value, binary, contains, equal, int_of, is_subset, item, members, ordered, sliced, unary,
};
use crate::truth;

impl<'a> Evaluator<'a, '_> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is evaluated")]
    pub(super) fn expression(&mut self, at: usize, node: Node<'a>) -> Evaluated {
        let found = match kind(node) {
            Kind::Constant => view::Constant::cast(node).map(|it| Ok(Value::of(it.value()))),
            Kind::Name | Kind::Attribute => {
                Some(self.thing(at, node).and_then(|it| self.value_of(at, node, it)))
            }
            Kind::Tuple => Some(self.elements(at, node).map(Value::Tuple)),
            Kind::List => Some(self.elements(at, node).map(Value::List)),
            Kind::Set => Some(self.elements(at, node).and_then(|it| {
                Value::set_of(it).ok_or_else(|| self.unknown(at, node, "a set of what can't be in one"))
            })),
            Kind::Dict => view::Dict::cast(node).map(|it| self.dict(at, it)),
            Kind::UnaryOp => view::UnaryOp::cast(node).map(|it| self.sign(at, it)),
            Kind::BinOp => view::BinOp::cast(node).map(|it| self.operation(at, it)),
            Kind::BoolOp => view::BoolOp::cast(node).map(|it| self.chain(at, it)),
            Kind::Compare => view::Compare::cast(node).map(|it| self.comparison(at, it)),
            Kind::IfExp => view::IfExp::cast(node).map(|it| {
                let is_true = self.value(at, it.test())?.is_true();
                self.value(at, if is_true { it.body() } else { it.orelse() })
            }),
            Kind::NamedExpr => view::NamedExpr::cast(node).map(|it| self.value(at, it.value())),
            Kind::Subscript => view::Subscript::cast(node).map(|it| self.subscript(at, it)),
            Kind::JoinedStr => view::JoinedStr::cast(node).map(|it| self.joined(at, it)),
            Kind::Call => view::Call::cast(node).map(|it| self.call(at, it)),
            _ => None,
        };
        let found =
            found.unwrap_or_else(|| Err(self.unknown(at, node, "an expression that is not evaluated")))?;
        if matches!(found, Value::Opaque(_)) {
            return Err(self.unknown(at, node, "a text with lone surrogates"));
        }
        Ok(found)
    }

    /// Elements, those of `*value` among them.
    fn elements(&mut self, at: usize, node: Node<'a>) -> Evaluated<Vec<Value>> {
        let mut out = Vec::new();
        for child in node.children() {
            match view::Starred::cast(child) {
                None => out.push(self.value(at, child)?),
                Some(it) => {
                    let value = self.value(at, it.value())?;
                    let items = members(&value);
                    out.extend(items.ok_or_else(|| self.unknown(at, child, "items without an order"))?);
                }
            }
        }
        Ok(out)
    }

    fn dict(&mut self, at: usize, node: view::Dict<'a>) -> Evaluated {
        let mut items = Vec::new();
        for (key, value) in node.keys().into_iter().zip(node.values()) {
            let value_node = value;
            let value = self.value(at, value_node)?;
            match (key, value) {
                (Some(key), value) => items.push((self.value(at, key)?, value)),
                (None, Value::Dict(more)) => items.extend(more),
                (None, _) => return Err(self.unknown(at, value_node, "`**` of what is no dict")),
            }
        }
        Value::dict_of(items).ok_or_else(|| self.unknown(at, node.node(), "a key that can't be one"))
    }

    fn sign(&mut self, at: usize, node: view::UnaryOp<'a>) -> Evaluated {
        let value = self.value(at, node.operand())?;
        unary(node.op(), &value).ok_or_else(|| {
            self.unknown(at, node.node(), format!("a sign before a value of type {}", value.type_name()))
        })
    }

    fn operation(&mut self, at: usize, node: view::BinOp<'a>) -> Evaluated {
        let left = self.value(at, node.left())?;
        let right = self.value(at, node.right())?;
        let made = binary(node.op(), &left, &right, &LIMITS).filter(is_sure);
        made.ok_or_else(|| self.unknown(at, node.node(), why_not(node.op(), &left, &right)))
    }

    /// `and` and `or` give one of their operands.
    fn chain(&mut self, at: usize, node: view::BoolOp<'a>) -> Evaluated {
        let decides = node.op() == Boolop::Or;
        let mut last = Err(self.unknown(at, node.node(), "no operand"));
        for it in node.values() {
            let value = self.value(at, it)?;
            let is_last = value.is_true() == decides;
            last = Ok(value);
            if is_last {
                break;
            }
        }
        last
    }

    fn comparison(&mut self, at: usize, node: view::Compare<'a>) -> Evaluated {
        if let Some(it) = self.version(at, node) {
            return Ok(it);
        }
        let mut left = self.value(at, node.left())?;
        for (op, right) in node.ops().zip(node.comparators()) {
            let right = self.value(at, right)?;
            match compared(op, &left, &right) {
                Some(true) => left = right,
                Some(false) => return Ok(Value::Bool(false)),
                None => {
                    let why = format!("a comparison of {} and {}", left.type_name(), right.type_name());
                    return Err(self.unknown(at, node.node(), why));
                }
            }
        }
        Ok(Value::Bool(true))
    }

    /// A comparison of `sys.version_info`, of which only two parts are known.
    fn version(&mut self, at: usize, node: view::Compare<'a>) -> Option<Value> {
        self.known.environment.python?;
        let base = view::Subscript::cast(node.left()).map_or_else(|| node.left(), view::Subscript::value);
        view::Attribute::cast(base)?;
        match self.thing(at, base) {
            Ok(Thing::Named(name)) if name == "sys.version_info" => {
                truth::truth(node.node(), &self.known.environment).map(Value::Bool)
            }
            _ => None,
        }
    }

    fn subscript(&mut self, at: usize, node: view::Subscript<'a>) -> Evaluated {
        if matches!(kind(node.value()), Kind::Name | Kind::Attribute)
            && let Ok(Thing::Named(name)) = self.thing(at, node.value())
            && let Ok(index) = self.value(at, node.slice())
            && let Some(it) = self.version_part(&name, &index)
        {
            return Ok(it);
        }
        let value = self.value(at, node.value())?;
        let found = match view::Slice::cast(node.slice()) {
            Some(it) => sliced(&value, &self.slice(at, it)?),
            None => item(&value, &self.value(at, node.slice())?),
        };
        found.ok_or_else(|| self.unknown(at, node.node(), "an item that is not there"))
    }

    fn slice(&mut self, at: usize, node: view::Slice<'a>) -> Evaluated<Slice> {
        let mut part = |it: Option<Node<'a>>| {
            let Some(node) = it else { return Ok(None) };
            match self.value(at, node)? {
                Value::None => Ok(None),
                it => {
                    int_of(&it).map(Some).ok_or_else(|| self.unknown(at, node, "a bound that is no integer"))
                }
            }
        };
        Ok(Slice { lower: part(node.lower())?, upper: part(node.upper())?, step: part(node.step())? })
    }

    /// An f-string.
    fn joined(&mut self, at: usize, node: view::JoinedStr<'a>) -> Evaluated {
        let mut out = String::new();
        for part in node.values() {
            let Some(it) = view::FormattedValue::cast(part) else {
                match self.value(at, part)? {
                    Value::Str(text) => out.push_str(&text),
                    _ => return Err(self.unknown(at, part, "a part that is no text")),
                }
                continue;
            };
            let value = self.value(at, it.value())?;
            let spec = match it.format_spec() {
                None => Value::Str("".into()),
                Some(spec) => self.value(at, spec)?,
            };
            let text = match &spec {
                Value::Str(spec) => formatted(&value, it.conversion(), spec),
                _ => None,
            };
            out += &text.ok_or_else(|| self.unknown(at, part, "a format that is not evaluated"))?;
        }
        Ok(Value::Str(out.into()))
    }
}

/// Whether all Pythons agree on a result: where a complex number has a zero as one of its parts, they don't on its sign.
fn is_sure(value: &Value) -> bool {
    match value {
        Value::Complex(re, im) => !re.is_nan() && !im.is_nan() && *re != 0.0 && *im != 0.0,
        Value::Float(it) => !it.is_nan(),
        _ => true,
    }
}

/// Why an operation has no result.
pub(super) fn why_not(op: Operator, left: &Value, right: &Value) -> String {
    let is_number =
        |it: &Value| matches!(it, Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Complex(..));
    let divides = matches!(op, Operator::Div | Operator::FloorDiv | Operator::Mod);
    if divides && is_number(left) && is_number(right) && !right.is_true() {
        return "a division by zero".to_owned();
    }
    if is_number(left) && is_number(right) {
        return "a number that is too large, or not exact".to_owned();
    }
    format!(
        "an operation on {} and {} that fails, is too large or is not evaluated",
        left.type_name(),
        right.type_name()
    )
}

fn compared(op: Cmpop, left: &Value, right: &Value) -> Option<bool> {
    // There is one `None`, one `True`, one `...`.
    let single = |it: &Value| matches!(it, Value::None | Value::Ellipsis | Value::Bool(_));
    let same = || (single(left) || single(right)).then(|| left == right);
    let order = || ordered(left, right);
    match op {
        Cmpop::Eq => equal(left, right),
        Cmpop::NotEq => equal(left, right).map(|it| !it),
        Cmpop::Is => same(),
        Cmpop::IsNot => same().map(|it| !it),
        Cmpop::In => contains(right, left),
        Cmpop::NotIn => contains(right, left).map(|it| !it),
        Cmpop::Lt => is_subset(left, right)
            .and_then(|it| Some(it && !equal(left, right)?))
            .or_else(|| order().map(std::cmp::Ordering::is_lt)),
        Cmpop::LtE => is_subset(left, right).or_else(|| order().map(std::cmp::Ordering::is_le)),
        Cmpop::Gt => compared(Cmpop::Lt, right, left),
        Cmpop::GtE => compared(Cmpop::LtE, right, left),
    }
}
