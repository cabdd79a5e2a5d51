//! What definitions may reach without a name that can be followed: attributes of values, names in texts, fixtures.
//!
//! A reference to a function can be followed; `value.method()` can't without knowing the value. Here stands, per
//! definition, which attributes it asks for and what is known of their receivers from the same file, by looks alone:
//! `self`, a variable that one constructor call gives its only value, `super()`. Texts given to calls count as names
//! (`getattr(x, "name")`, `patch("a.b.c")`), and a `getattr` with a computed name as any attribute, or as one with the
//! name's constant beginning. Also told is what test runners do by name (parameters, decorators), and what a module
//! does when it is imported besides defining.

mod bindings;
mod module;

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use astkit_ast::python::{Kind, Role as Field, kind, view};
use astkit_ast::{Constant, DefKind, Node, Tree, definitions, is_identifier};
use rustc_hash::FxHasher;

use bindings::Bindings;
pub use module::AtImport;

/// What is known of the value that an attribute is asked of.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Receiver {
    /// Nothing.
    Unknown,
    /// It is an instance of the class around, of one derived from it, or such a class itself.
    Own,
    /// It is what calling this name gives, as written, its last part.
    Made(Box<str>),
}

/// Attributes that a piece of code asks for, and names that it has as texts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Accesses {
    /// Names with their receivers, sorted.
    pub attributes: BTreeSet<(Box<str>, Receiver)>,
    /// Beginnings of attribute names that are computed; an empty one may be any name.
    pub computed: BTreeSet<Box<str>>,
    /// Texts given to calls that are dotted names.
    pub texts: BTreeSet<Box<str>>,
}

/// A definition as others may reach it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accessor {
    /// Its `__qualname__`, as [`definitions`] has it.
    pub qualname: String,
    /// What it is.
    pub kind: DefKind,
    /// The definition around it.
    pub parent: Option<usize>,
    /// What it asks for.
    pub accesses: Accesses,
    /// Dotted names of its decorators, and whether each is called there.
    pub decorators: Vec<(Box<str>, bool)>,
    /// Names of its parameters.
    pub parameters: Vec<Box<str>>,
    /// Dotted names of a class's bases; an empty one for what is no name.
    pub bases: Vec<Box<str>>,
    /// The fixture that it makes: its name, and whether every test gets it unasked.
    pub fixture: Option<(Box<str>, bool)>,
    /// Of a class: names that its own body uses.
    pub body_names: BTreeSet<Box<str>>,
    /// Of a class: a hash of what stands in it besides definitions.
    pub own_body: u64,
    /// Whether it keeps its first parameter (but `self`) somewhere, or hands it to a method, as decorators do that register functions.
    pub gives_away: bool,
    /// The functions, by name, that it hands that parameter to.
    pub gives_to: BTreeSet<Box<str>>,
}

/// What a file's code reaches without names that can be followed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileAccesses {
    /// Definitions in source order, the module first; lambdas have none, and count for what they are in.
    pub definitions: Vec<Accessor>,
    /// What statements ask for that give module-level names their values, by name.
    pub variables: Vec<(Box<str>, Accesses)>,
    /// What the module does when it is imported.
    pub at_import: AtImport,
    /// Names given by `import ... as`, with what they stand for.
    pub aliases: Vec<(Box<str>, Box<str>)>,
}

/// Collects what a file's code reaches.
pub fn accesses(tree: &Tree) -> FileAccesses {
    let all = definitions(tree);
    let bindings = Bindings::of(tree);
    let mut of_def = vec![0; tree.def_count() as usize];
    for (at, it) in all.iter().enumerate().filter(|it| it.1.node.is_def()) {
        of_def[it.node.id().def.0 as usize] = at;
    }
    let mut out = FileAccesses {
        definitions: all
            .iter()
            .map(|it| accessor(it.node, it.kind, it.qualname.clone(), it.parent))
            .collect(),
        ..FileAccesses::default()
    };
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        let at = of_def[node.id().def.0 as usize];
        let place = &mut out.definitions[at];
        add(&mut place.accesses, &bindings, node);
        match given(&place.parameters, node) {
            Some(Given::To(function)) => drop(place.gives_to.insert(function.into())),
            Some(Given::Away) => place.gives_away = true,
            None => {}
        }
        if place.kind == DefKind::Class
            && let Some(name) = view::Name::cast(node)
        {
            place.body_names.insert(name.id().into());
        }
        if let Some(alias) = view::Alias::cast(node)
            && let Some(name) = alias.asname()
        {
            let whole = alias.name();
            out.aliases.push((name.into(), whole.rsplit('.').next().unwrap_or(whole).into()));
        }
        stack.extend(node.children());
    }
    module::add(tree, &bindings, &mut out);
    out
}

/// Adds what one node asks for.
fn add(out: &mut Accesses, bindings: &Bindings<'_>, node: Node<'_>) {
    if let Some(it) = view::Attribute::cast(node) {
        out.attributes.insert((it.attr().into(), bindings.receiver(it.value())));
    } else if let Some(call) = view::Call::cast(node) {
        call_of(out, call);
    } else if let Some(class) = view::MatchClass::cast(node) {
        out.attributes.extend(class.kwd_attrs().map(|it| (it.into(), Receiver::Unknown)));
    }
}

/// Texts given to a call, and `getattr` with a computed name.
fn call_of(out: &mut Accesses, call: view::Call<'_>) {
    let values = call.keywords().filter_map(view::Keyword::cast).map(view::Keyword::value);
    for argument in call.args().chain(values) {
        if let Some(text) = text_of(argument)
            && is_dotted(text)
        {
            out.texts.insert(text.into());
        }
    }
    let name = last_part(call.func());
    if matches!(name, Some("getattr" | "hasattr" | "attrgetter" | "methodcaller" | "__getattribute__")) {
        let at = usize::from(matches!(name, Some("getattr" | "hasattr")));
        if let Some(computed) = call.args().nth(at).filter(|it| text_of(*it).is_none()) {
            out.computed.insert(beginning(computed).into());
        }
    }
}

/// Callees that keep nothing of their arguments.
const KEEP_NOTHING: &[&str] = &[
    "wraps",
    "update_wrapper",
    "setattr",
    "delattr",
    "vars",
    "iter",
    "hash",
    "bool",
    "dir",
    "isawaitable",
    "ismethod",
    "isgeneratorfunction",
    "getfullargspec",
    "getdoc",
    "get_type_hints",
    "super",
    "partial",
    "isinstance",
    "issubclass",
    "callable",
    "getattr",
    "hasattr",
    "type",
    "signature",
    "iscoroutinefunction",
    "isfunction",
    "isclass",
    "staticmethod",
    "classmethod",
    "property",
    "cast",
    "repr",
    "str",
    "id",
    "len",
    "print",
];

/// What happens to a parameter.
enum Given<'a> {
    /// A function of this name gets it.
    To(&'a str),
    /// A method gets it, or it is kept.
    Away,
}

/// What a node does with the first parameter but `self`: hands it to a call, or stores it in something that is not its
/// own.
fn given<'a>(parameters: &[Box<str>], node: Node<'a>) -> Option<Given<'a>> {
    let first = parameters.iter().find(|it| !matches!(&***it, "self" | "cls"))?;
    let is_first = |it: Node<'_>| view::Name::cast(it).is_some_and(|it| *it.id() == **first);
    if let Some(call) = view::Call::cast(node) {
        let keeps = last_part(call.func()).is_none_or(|it| !KEEP_NOTHING.contains(&it));
        if !keeps || is_first(call.func()) || !call.args().any(is_first) {
            return None;
        }
        return match view::Name::cast(call.func()) {
            Some(name) => Some(Given::To(name.id())),
            None => Some(Given::Away),
        };
    }
    let it = view::Assign::cast(node).filter(|it| is_first(it.value()))?;
    let is_kept = it.targets().any(|target| match kind(target) {
        Kind::Subscript | Kind::Attribute => target.children().next().is_none_or(|it| {
            !view::Name::cast(it).is_some_and(|it| parameters.iter().any(|known| **known == *it.id()))
        }),
        _ => false,
    });
    is_kept.then_some(Given::Away)
}

/// The constant beginning of a text that is put together.
fn beginning(node: Node<'_>) -> &str {
    match kind(node) {
        Kind::JoinedStr => node.children().next().and_then(text_of).unwrap_or_default(),
        Kind::BinOp => {
            let Some(it) = view::BinOp::cast(node) else { return "" };
            let text = text_of(it.left()).unwrap_or_default();
            text.split('%').next().unwrap_or_default()
        }
        Kind::Call => {
            let function = view::Call::cast(node).map(view::Call::func).and_then(view::Attribute::cast);
            let text = function.filter(|it| it.attr() == "format").and_then(|it| text_of(it.value()));
            text.and_then(|it| it.split('{').next()).unwrap_or_default()
        }
        _ => "",
    }
}

fn text_of(node: Node<'_>) -> Option<&str> {
    match view::Constant::cast(node)?.value() {
        Constant::Str(text) => Some(text),
        _ => None,
    }
}

/// Whether a text is `name`, `a.b.c` or `a.b:c`.
fn is_dotted(text: &str) -> bool {
    text.len() < 200 && text.split(['.', ':']).all(is_identifier)
}

/// The last name of a name with attributes.
pub(super) fn last_part(node: Node<'_>) -> Option<&str> {
    match kind(node) {
        Kind::Name => view::Name::cast(node).map(view::Name::id),
        Kind::Attribute => view::Attribute::cast(node).map(view::Attribute::attr),
        _ => None,
    }
}

/// A name with attributes, as it stands.
pub(super) fn dotted(node: Node<'_>) -> Option<String> {
    let (mut parts, mut at) = (Vec::new(), node);
    while let Some(it) = view::Attribute::cast(at) {
        parts.push(it.attr());
        at = it.value();
    }
    parts.push(view::Name::cast(at)?.id());
    parts.reverse();
    Some(parts.join("."))
}

fn accessor(node: Node<'_>, kind_of: DefKind, qualname: String, parent: Option<usize>) -> Accessor {
    let decorators: Vec<Node<'_>> = match kind_of {
        DefKind::Module | DefKind::Lambda => Vec::new(),
        _ => node.field(Field::DecoratorList.into()).collect(),
    };
    let name_of = |it: &Node<'_>| match view::Call::cast(*it) {
        Some(call) => dotted(call.func()).unwrap_or_default(),
        None => dotted(*it).unwrap_or_default(),
    };
    let parameters = match kind_of {
        DefKind::Function | DefKind::AsyncFunction => node.child(Field::Args.into()),
        _ => None,
    };
    let parameters = parameters.into_iter().flat_map(Node::children).filter_map(view::Arg::cast);
    // What stands between the brackets of `Base[T]` does not matter.
    let base = |it: Node<'_>| match view::Subscript::cast(it) {
        Some(it) => dotted(it.value()),
        None => dotted(it),
    };
    let bases = view::ClassDef::cast(node).into_iter().flat_map(view::ClassDef::bases);
    Accessor {
        parent,
        kind: kind_of,
        accesses: Accesses::default(),
        fixture: decorators.iter().find_map(|it| fixture(*it, &qualname)),
        decorators: decorators.iter().map(|it| (name_of(it).into(), kind(*it) == Kind::Call)).collect(),
        parameters: parameters.map(|it| it.arg().into()).collect(),
        bases: bases.map(|it| base(it).unwrap_or_default().into()).collect(),
        body_names: BTreeSet::new(),
        own_body: if kind_of == DefKind::Class { own_body(node) } else { 0 },
        gives_away: false,
        gives_to: BTreeSet::new(),
        qualname,
    }
}

/// A hash of all nodes of a class that are of no definition in it.
fn own_body(class: Node<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    let mut stack: Vec<Node<'_>> = class.children().collect();
    while let Some(node) = stack.pop() {
        if node.is_def() {
            continue;
        }
        (node.kind().0, node.role().0, node.children().count()).hash(&mut hasher);
        for field in &node.kind_def().fields {
            format!("{:?}", node.value(field)).hash(&mut hasher);
        }
        stack.extend(node.children());
    }
    hasher.finish()
}

/// The fixture that a decorator makes of a function.
fn fixture(decorator: Node<'_>, qualname: &str) -> Option<(Box<str>, bool)> {
    let call = view::Call::cast(decorator);
    let name = last_part(call.map_or(decorator, view::Call::func))?;
    if !matches!(name, "fixture" | "yield_fixture") {
        return None;
    }
    let keyword = |name: &str| {
        let mut keywords = call?.keywords().filter_map(view::Keyword::cast);
        keywords.find(|it| it.arg() == Some(name)).map(view::Keyword::value)
    };
    let own = qualname.rsplit('.').next().unwrap_or(qualname);
    let own = own.split('#').next().unwrap_or(own);
    let name = keyword("name").and_then(text_of).unwrap_or(own);
    let is_false =
        |it: Node<'_>| view::Constant::cast(it).is_some_and(|it| matches!(it.value(), Constant::Bool(false)));
    Some((name.into(), keyword("autouse").is_some_and(|it| !is_false(it))))
}

#[cfg(test)]
mod tests;
