//! Facts about where code will run, and the tests of them that programs write.

use astkit_ast::python::{Cmpop, Kind, kind, view};
use astkit_ast::{Constant, Node};

/// What is known of the place where the code will run. By default nothing but that assertions are checked.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Environment {
    /// The version of Python: `sys.version_info`.
    pub python: Option<(u8, u8)>,
    /// `sys.platform`: `linux`, `win32`, `darwin`, ...
    pub platform: Option<String>,
    /// `os.name`: `posix` or `nt`.
    pub os_name: Option<String>,
    /// `sys.implementation.name`: `cpython`, ...
    pub implementation: Option<String>,
    /// `typing.TYPE_CHECKING`.
    pub type_checking: Option<bool>,
    /// `__debug__`: false under `python -O`.
    pub debug: Option<bool>,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            python: None,
            platform: None,
            os_name: None,
            implementation: None,
            type_checking: None,
            debug: Some(true),
        }
    }
}

/// The outcome of a test of facts.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is a test of facts")]
pub(super) fn fact(node: Node<'_>, environment: &Environment) -> Option<bool> {
    match kind(node) {
        Kind::Name => match view::Name::cast(node)?.id() {
            "__debug__" => environment.debug,
            "TYPE_CHECKING" => environment.type_checking,
            _ => None,
        },
        Kind::Attribute if view::Attribute::cast(node)?.attr() == "TYPE_CHECKING" => {
            environment.type_checking
        }
        Kind::Call => starts_with(view::Call::cast(node)?, environment),
        Kind::Compare => compare(view::Compare::cast(node)?, environment),
        _ => None,
    }
}

/// A dotted name such as `sys.version_info`; none for anything else. Cost: bounded.
fn dotted(node: Node<'_>) -> Option<String> {
    let outer = view::Attribute::cast(node)?;
    let base = match view::Attribute::cast(outer.value()) {
        Some(inner) => format!("{}.{}", view::Name::cast(inner.value())?.id(), inner.attr()),
        None => view::Name::cast(outer.value())?.id().to_owned(),
    };
    // `import os as _os` is what modules do that export everything else.
    Some(format!("{}.{}", base.trim_start_matches('_'), outer.attr()))
}

/// The text that a name of a fact stands for.
fn text<'e>(node: Node<'_>, environment: &'e Environment) -> Option<&'e str> {
    if let Some(part) = view::Subscript::cast(node) {
        let slice =
            view::Slice::cast(part.slice()).filter(|it| it.lower().is_none() && it.step().is_none())?;
        let end = usize::try_from(integer(slice.upper()?)?).ok()?;
        let whole = text(part.value(), environment)?;
        return Some(whole.get(..end).unwrap_or(whole));
    }
    let fact = match dotted(node)?.as_str() {
        "sys.platform" => &environment.platform,
        "os.name" => &environment.os_name,
        "sys.implementation.name" => &environment.implementation,
        _ => return None,
    };
    fact.as_deref()
}

/// `sys.platform.startswith("linux")`, with a tuple of texts too.
fn starts_with(call: view::Call<'_>, environment: &Environment) -> Option<bool> {
    let method = view::Attribute::cast(call.func()).filter(|it| it.attr() == "startswith")?;
    let text = text(method.value(), environment)?;
    let mut arguments = call.args();
    let (prefix, None) = (arguments.next()?, arguments.next()) else { return None };
    let prefixes = texts(prefix)?;
    Some(prefixes.iter().any(|it| text.starts_with(it)))
}

/// A text, or the texts of a tuple, list or set.
fn texts(node: Node<'_>) -> Option<Vec<&str>> {
    let one = |it: Node<'_>| -> Option<()> {
        matches!(view::Constant::cast(it)?.value(), Constant::Str(_)).then_some(())
    };
    let all: Vec<Node<'_>> = match kind(node) {
        Kind::Constant => vec![node],
        Kind::Tuple | Kind::List | Kind::Set => node.children().collect(),
        _ => return None,
    };
    for it in &all {
        one(*it)?;
    }
    Some(all.iter().filter_map(|it| text_of(*it)).collect())
}

fn text_of(node: Node<'_>) -> Option<&str> {
    view::Constant::cast(node)?.value().as_str()
}

fn compare(node: view::Compare<'_>, environment: &Environment) -> Option<bool> {
    let mut ops = node.ops();
    let mut comparators = node.comparators();
    let (op, None) = (ops.next()?, ops.next()) else { return None };
    let (left, right) = (node.left(), comparators.next()?);
    if let Some(value) = text(left, environment) {
        return compare_text(value, op, right);
    }
    if let Some(value) = text(right, environment) {
        return if matches!(op, Cmpop::Eq | Cmpop::NotEq) { compare_text(value, op, left) } else { None };
    }
    compare_version(version(left, environment)?, op, right)
}

fn compare_text(value: &str, op: Cmpop, other: Node<'_>) -> Option<bool> {
    match op {
        Cmpop::Eq => Some(value == text_of(other)?),
        Cmpop::NotEq => Some(value != text_of(other)?),
        Cmpop::In if kind(other) != Kind::Constant => Some(texts(other)?.contains(&value)),
        Cmpop::NotIn if kind(other) != Kind::Constant => Some(!texts(other)?.contains(&value)),
        Cmpop::In
        | Cmpop::NotIn
        | Cmpop::Lt
        | Cmpop::LtE
        | Cmpop::Gt
        | Cmpop::GtE
        | Cmpop::Is
        | Cmpop::IsNot => None,
    }
}

/// What of the version is looked at.
#[derive(Clone, Copy)]
enum Version {
    /// `sys.version_info`, or its first `n` parts.
    Parts((u8, u8), Option<usize>),
    /// One number of it.
    Number(u8),
}

fn version(node: Node<'_>, environment: &Environment) -> Option<Version> {
    let known = environment.python?;
    if let Some(name) = dotted(node) {
        return match name.as_str() {
            "sys.version_info" => Some(Version::Parts(known, None)),
            "sys.version_info.major" => Some(Version::Number(known.0)),
            "sys.version_info.minor" => Some(Version::Number(known.1)),
            _ => None,
        };
    }
    let it =
        view::Subscript::cast(node).filter(|it| dotted(it.value()).as_deref() == Some("sys.version_info"))?;
    if let Some(slice) = view::Slice::cast(it.slice()) {
        let upper = integer(slice.upper()?)?;
        let whole = slice.lower().is_none() && slice.step().is_none();
        return (whole && upper <= 2).then(|| Version::Parts(known, usize::try_from(upper).ok()));
    }
    match integer(it.slice())? {
        0 => Some(Version::Number(known.0)),
        1 => Some(Version::Number(known.1)),
        _ => None,
    }
}

fn integer(node: Node<'_>) -> Option<u64> {
    if let Constant::Int(it) = view::Constant::cast(node)?.value() { Some(*it) } else { None }
}

fn compare_version(version: Version, op: Cmpop, other: Node<'_>) -> Option<bool> {
    match version {
        Version::Number(it) => ordered(u64::from(it).cmp(&integer(other)?), op),
        Version::Parts((major, minor), count) => {
            let other: Option<Vec<u64>> = view::Tuple::cast(other)?.elts().map(integer).collect();
            let (other, known) = (other?, [u64::from(major), u64::from(minor)]);
            let parts = &known[..count.unwrap_or(2)];
            let common = parts.len().min(other.len());
            let order = parts[..common].cmp(&other[..common]);
            if order.is_ne() {
                return ordered(order, op);
            }
            // `version_info` has five parts, of which only two are known.
            match (count, other.len().cmp(&parts.len())) {
                (Some(_), length) => ordered(length.reverse(), op),
                (None, std::cmp::Ordering::Greater) => None,
                (None, _) => ordered(std::cmp::Ordering::Greater, op),
            }
        }
    }
}

fn ordered(order: std::cmp::Ordering, op: Cmpop) -> Option<bool> {
    match op {
        Cmpop::Eq => Some(order.is_eq()),
        Cmpop::NotEq => Some(order.is_ne()),
        Cmpop::Lt => Some(order.is_lt()),
        Cmpop::LtE => Some(order.is_le()),
        Cmpop::Gt => Some(order.is_gt()),
        Cmpop::GtE => Some(order.is_ge()),
        Cmpop::Is | Cmpop::IsNot | Cmpop::In | Cmpop::NotIn => None,
    }
}
