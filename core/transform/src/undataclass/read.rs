//! What a class's text says of its dataclass: flags, fields, bases.

use std::collections::BTreeMap;

use astkit_analysis::meanings::{Meaning, Meanings, Survey, inert};
use astkit_analysis::mro::linearize;
use astkit_analysis::scopes::{Role as Does, Scopes};
use astkit_ast::python::{Kind, Role, kind, view};
use astkit_ast::tree::{Node, Tree};
use astkit_ast::{Constant, unparse_node};
use rustc_hash::{FxHashMap, FxHashSet};

use super::fields::{Default, Field, FieldKind, Flags};
use super::{Surroundings, is_class};

/// Why something can't be told.
pub(super) type Why = String;

/// A class, read.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) name: String,
    /// The decorator's flags; none if it is no dataclass.
    pub(super) flags: Option<BTreeMap<String, bool>>,
    /// All fields, inherited ones included, in their order.
    pub(super) fields: Vec<Field>,
    /// Itself and the classes of the module that it inherits from, in the order of lookup, by index.
    order: Vec<u32>,
    /// What its body binds, with the number of bindings.
    pub(super) bound: FxHashMap<String, usize>,
    /// Whether it has a docstring.
    pub(super) has_docstring: bool,
    /// Whether it or a base has `__post_init__`.
    pub(super) has_post_init: bool,
    /// The first base, as it is written.
    pub(super) first_base: Option<String>,
    /// What slots its bases have.
    pub(super) inherited_slots: Vec<String>,
    /// Whether hints are texts.
    pub(super) defers_hints: bool,
    /// What the bodies of its bases in other modules bind.
    foreign: FxHashSet<String>,
}

impl Class {
    pub(super) fn flag(&self, name: &str) -> bool {
        let usual = matches!(name, "init" | "repr" | "eq" | "match_args");
        self.flags.as_ref().and_then(|it| it.get(name)).copied().unwrap_or(usual)
    }

    pub(super) fn binds(&self, name: &str) -> bool {
        self.bound.contains_key(name)
    }

    pub(super) fn own_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|it| !it.is_inherited())
    }

    pub(super) fn writes_repr(&self) -> bool {
        self.flag("repr") && !self.binds("__repr__")
    }
}

/// Reads classes, each once.
pub(super) struct Reader<'a, 'm> {
    tree: &'a Tree,
    scopes: &'a Scopes,
    meanings: &'a Meanings,
    around: &'a Surroundings<'m>,
    /// How many modules have been gone through.
    depth: u32,
    known: FxHashMap<u32, Result<Class, Why>>,
}

impl<'a, 'm> Reader<'a, 'm> {
    pub(super) fn new(
        tree: &'a Tree,
        scopes: &'a Scopes,
        meanings: &'a Meanings,
        around: &'a Surroundings<'m>,
        depth: u32,
    ) -> Self {
        Self { tree, scopes, meanings, around, depth, known: FxHashMap::default() }
    }

    fn full_name(&self, node: Node<'a>) -> Option<String> {
        self.meanings.full_name(self.tree, self.scopes, node)
    }

    /// The decorator that makes a class a dataclass.
    pub(super) fn dataclass_decorator(&self, class: Node<'a>) -> Option<Node<'a>> {
        let is_it = |it: &Node<'a>| self.full_name(*it).is_some_and(|it| it == "dataclasses.dataclass");
        class.field(Role::DecoratorList.into()).filter(|_| is_class(class)).find(is_it)
    }

    /// Reads a class.
    pub(super) fn class(&mut self, node: Node<'a>) -> Result<Class, Why> {
        if let Some(known) = self.known.get(&node.index()) {
            return known.clone();
        }
        self.known.insert(node.index(), Err("it inherits from itself".to_owned()));
        let class = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || self.read(node));
        self.known.insert(node.index(), class.clone());
        class
    }

    fn read(&mut self, node: Node<'a>) -> Result<Class, Why> {
        let it = view::ClassDef::cast(node).ok_or("it is no class")?;
        let is_meta = |it: Node<'a>| {
            let value = view::Keyword::cast(it).map(view::Keyword::value);
            value.and_then(|it| self.full_name(it)).is_none_or(|it| it != "abc.ABCMeta")
        };
        if it.keywords().any(is_meta) {
            return Err("its metaclass may look at it".to_owned());
        }
        let (mut bases, mut foreign) = (Vec::new(), FxHashSet::default());
        let mut has_post_init = false;
        for base in it.bases() {
            let base = view::Subscript::cast(base).map_or(base, view::Subscript::value);
            match self.meanings.class_of(self.tree, self.scopes, base) {
                Some(class) => bases.push((class.index(), self.class(class)?)),
                None if self.full_name(base).is_some_and(|it| inert::is_inert_base(&it)) => {}
                None => {
                    let class = self.full_name(base).and_then(|it| self.foreign_class(&it));
                    let class =
                        class.ok_or_else(|| format!("nothing is known of its base `{}`", text(base)))?;
                    if class.flags.is_some() || !class.fields.is_empty() {
                        return Err(format!("its base `{}` is a dataclass of another module", text(base)));
                    }
                    has_post_init |= class.has_post_init;
                    foreign.extend(class.foreign);
                    foreign.extend(class.bound.into_keys());
                }
            }
        }
        let orders: Vec<Vec<u32>> = bases.iter().map(|it| it.1.order.clone()).collect();
        let order = linearize(node.index(), &orders).ok_or("its bases have no order")?;
        let decorator = self.dataclass_decorator(node);
        let flags = decorator.map(Self::flags).transpose()?;
        let bound = self.bound(node);
        let mut class = Class {
            name: it.name().to_owned(),
            flags,
            fields: self.inherited(&order),
            has_docstring: bound.contains_key("__doc__")
                || it.body().next().is_some_and(crate::docstrings::is_text),
            has_post_init: has_post_init
                || bound.contains_key("__post_init__")
                || bases.iter().any(|it| it.1.has_post_init),
            first_base: it.bases().next().map(text),
            inherited_slots: self.inherited_slots(&order),
            defers_hints: self.scopes.defers_annotations(),
            foreign: bases.iter().flat_map(|it| it.1.foreign.iter().cloned()).chain(foreign).collect(),
            order,
            bound,
        };
        if class.flags.is_some() {
            self.own_fields(node, &mut class)?;
            self.check(&class)?;
        }
        Ok(class)
    }

    /// A class of another module, with what its own bases bind among what it binds.
    fn foreign_class(&self, full_name: &str) -> Option<Class> {
        /// Through how many modules bases are followed.
        const DEEPEST: u32 = 8;
        let (module, name) = full_name.rsplit_once('.').filter(|_| self.depth < DEEPEST)?;
        let tree = (self.around.module)(module)?;
        let scopes = astkit_analysis::scopes(tree, &astkit_analysis::scopes::Options::default());
        let survey = Survey::new(tree, &scopes);
        let meanings = Meanings::new(tree, &scopes, &survey);
        let node = tree.root().children().find(|it| {
            let is_named = view::ClassDef::cast(*it).is_some_and(|it| it.name() == name);
            let variable = scopes.occurrence_of(it.id()).and_then(|at| scopes.occurrence(at).variable);
            is_named && variable.is_some_and(|at| meanings.of(at) == Meaning::Definition(it.index()))
        })?;
        let mut reader = Reader::new(tree, &scopes, &meanings, self.around, self.depth + 1);
        let mut class = reader.class(node).ok()?;
        let bases: Vec<String> =
            reader.bases_in(&class.order).flat_map(|it| it.bound.keys().cloned()).collect();
        class.foreign.extend(bases);
        Some(class)
    }

    /// The classes of the module behind the first in an order.
    fn bases_in(&self, order: &[u32]) -> impl DoubleEndedIterator<Item = &Class> {
        order[1..].iter().filter_map(|it| self.known.get(it)?.as_ref().ok())
    }

    fn inherited(&self, order: &[u32]) -> Vec<Field> {
        let mut out: Vec<Field> = Vec::new();
        for base in self.bases_in(order).rev() {
            for field in &base.fields {
                let owner = &field.owner;
                let place = format!("{owner}.__dataclass_fields__[{:?}]", field.name);
                let entry = format!("({:?}, {place}.type, {place})", field.name);
                let default = match &field.default {
                    Default::Value(_) => {
                        Default::Value(format!("__dataclass_fields__[{:?}].default", field.name))
                    }
                    it => it.clone(),
                };
                let field =
                    Field { entry, default, statement: None, given: None, is_call: false, ..field.clone() };
                match out.iter_mut().find(|it| it.name == field.name) {
                    Some(known) => *known = field,
                    None => out.push(field),
                }
            }
        }
        out
    }

    fn inherited_slots(&self, order: &[u32]) -> Vec<String> {
        let with_slots = self.bases_in(order).filter(|it| it.flag("slots"));
        with_slots
            .flat_map(|it| it.fields.iter().filter(|it| it.is_real()).map(|it| it.name.clone()))
            .collect()
    }

    /// The names that a class's body binds.
    fn bound(&self, node: Node<'a>) -> FxHashMap<String, usize> {
        let mut out = FxHashMap::default();
        let scope = self.scopes.scope_of(node.id());
        for it in self.scopes.occurrences() {
            if Some(it.scope) == scope && (it.role.is_binding() || it.role == Does::Del) {
                *out.entry(self.scopes.text(it.name).to_owned()).or_insert(0) += 1;
            }
        }
        out
    }

    fn flags(decorator: Node<'a>) -> Result<BTreeMap<String, bool>, Why> {
        let mut out = BTreeMap::new();
        let Some(call) = view::Call::cast(decorator) else { return Ok(out) };
        if call.args().next().is_some() {
            return Err("its decorator has positional arguments".to_owned());
        }
        for keyword in call.keywords().filter_map(view::Keyword::cast) {
            let name = keyword.arg().ok_or("its decorator's flags are not written out")?;
            let value = truth(keyword.value()).ok_or(format!("its flag `{name}` is no literal"))?;
            out.insert(name.to_owned(), value);
        }
        Ok(out)
    }

    fn own_fields(&self, node: Node<'a>, class: &mut Class) -> Result<(), Why> {
        let mut keyword_only = class.flag("kw_only");
        for statement in node.field(Role::Body.into()) {
            let Some(it) = view::AnnAssign::cast(statement) else {
                if holds_hint(statement) {
                    return Err("it has fields in branches".to_owned());
                }
                continue;
            };
            let Some(target) = view::Name::cast(it.target()).filter(|_| it.simple() == 1) else { continue };
            let Some(kind) = self.kind(it.annotation())? else {
                keyword_only = true;
                continue;
            };
            let name = mangled(&class.name, target.id());
            if class.bound.get(&name).copied().unwrap_or(0) > 1 {
                return Err(format!("`{name}` is bound more than once"));
            }
            let mut field = Field {
                kind,
                hint: text(it.annotation()),
                default: Default::None,
                flags: Flags { init: true, repr: true, hash: None, compare: true, kw_only: keyword_only },
                entry: String::new(),
                statement: Some(statement.id()),
                given: None,
                is_call: false,
                owner: class.name.clone(),
                name,
            };
            match it.value() {
                None => self.inherit_default(&mut field, class)?,
                Some(value) => self.read_default(&mut field, value)?,
            }
            field.entry = Self::entry(&field, it, class);
            if field.is_call && Self::means_another(&field, it, class) {
                return Err(format!("what `{}` is made of is bound in the class's body", field.name));
            }
            match class.fields.iter_mut().find(|it| it.name == field.name) {
                Some(known) => *known = field,
                None => class.fields.push(field),
            }
        }
        Ok(())
    }

    /// What an annotation makes; none for the mark behind which fields are keyword-only.
    fn kind(&self, hint: Node<'a>) -> Result<Option<FieldKind>, Why> {
        if let Some(it) = view::Constant::cast(hint)
            && let Constant::Str(text) = it.value()
            && ["ClassVar", "InitVar", "KW_ONLY"].iter().any(|it| text.contains(it))
        {
            return Err(format!("the hint `{text}` is a text"));
        }
        let head = view::Subscript::cast(hint).map_or(hint, view::Subscript::value);
        Ok(match self.full_name(head).as_deref() {
            Some("typing.ClassVar" | "typing_extensions.ClassVar") => Some(FieldKind::ClassVar),
            Some("dataclasses.InitVar") => Some(FieldKind::InitVar),
            Some("dataclasses.KW_ONLY") => None,
            _ => Some(FieldKind::Field),
        })
    }

    /// A field without value takes what its name means in a base.
    fn inherit_default(&self, field: &mut Field, class: &Class) -> Result<(), Why> {
        for base in self.bases_in(&class.order) {
            let Some(known) = base.fields.iter().find(|it| it.name == field.name && it.owner == base.name)
            else {
                if base.binds(&field.name) {
                    return Err(format!("`{}` is bound by its base `{}`", field.name, base.name));
                }
                continue;
            };
            if matches!(known.default, Default::Value(_)) && !base.flag("slots") {
                field.default = Default::Value(format!("{}.{}", base.name, field.name));
                return Ok(());
            }
        }
        if class.foreign.contains(&field.name) {
            return Err(format!("`{}` is bound by a base in another module", field.name));
        }
        Ok(())
    }

    fn read_default(&self, field: &mut Field, value: Node<'a>) -> Result<(), Why> {
        let call = view::Call::cast(value);
        let call = call.filter(|_| self.full_name(value).is_some_and(|it| it == "dataclasses.field"));
        let Some(call) = call else {
            field.default = Default::Value(field.name.clone());
            return Ok(());
        };
        field.is_call = true;
        if call.args().next().is_some() {
            return Err(format!("`field` of `{}` has positional arguments", field.name));
        }
        for keyword in call.keywords().filter_map(view::Keyword::cast) {
            let (name, value) = (keyword.arg().unwrap_or("**"), keyword.value());
            let flag = || truth(value).ok_or(format!("flag `{name}` of `{}` is no literal", field.name));
            match name {
                "default" => {
                    field.default = Default::Value(field.name.clone());
                    field.given = Some(value.id());
                }
                "default_factory" => field.default = Default::Factory(self.builtin(value)),
                "init" => field.flags.init = flag()?,
                "repr" => field.flags.repr = flag()?,
                "compare" => field.flags.compare = flag()?,
                "kw_only" => field.flags.kw_only = flag()?,
                "hash" if is_none(value) => field.flags.hash = None,
                "hash" => field.flags.hash = Some(flag()?),
                "metadata" | "doc" => {}
                _ => return Err(format!("`field` of `{}` has an unknown `{name}`", field.name)),
            }
        }
        Ok(())
    }

    /// A built-in name that the module does not bind.
    fn builtin(&self, value: Node<'a>) -> Option<String> {
        let name = view::Name::cast(value)?;
        let is_plain = ["list", "dict", "set", "tuple", "frozenset", "str", "int", "object", "bytes"];
        let occurrence = self.scopes.occurrence(self.meanings.occurrence(value)?);
        let is_builtin = occurrence.variable.is_none_or(|it| !self.scopes.is_bound(it));
        (is_builtin && is_plain.contains(&name.id())).then(|| name.id().to_owned())
    }

    /// Whether what `field` is given, but for the default, means something else at the end of the class's body; or the
    /// hint, once the value is another.
    fn means_another(field: &Field, hinted: view::AnnAssign<'a>, class: &Class) -> bool {
        let call = hinted.value().and_then(view::Call::cast);
        let keywords = call.into_iter().flat_map(view::Call::keywords).filter_map(view::Keyword::cast);
        let given = keywords.filter(|it| it.arg() != Some("default")).map(|it| text(it.value()));
        let hint = (!class.defers_hints).then(|| field.hint.clone());
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let binds = |it: String| it.split(|it| !is_word(it)).any(|it| class.binds(it));
        given.chain(hint).any(binds)
    }

    /// How `make_dataclass` is told of a field of one's own: name, type, and what `field` was given.
    fn entry(field: &Field, hinted: view::AnnAssign<'a>, class: &Class) -> String {
        let name = format!("{:?}", field.name);
        let mut hint = format!("__annotations__[{name}]");
        if class.defers_hints && field.kind != FieldKind::Field {
            let head = view::Subscript::cast(hinted.annotation()).map(view::Subscript::value);
            hint = head.map_or_else(|| field.hint.clone(), text);
        }
        let mut given = Vec::new();
        if let Default::Value(value) = &field.default {
            given.push(format!("default={value}"));
        }
        let call = hinted.value().filter(|_| field.is_call).and_then(view::Call::cast);
        for keyword in call.into_iter().flat_map(view::Call::keywords).filter_map(view::Keyword::cast) {
            if let Some(arg) = keyword.arg().filter(|it| *it != "default" && *it != "kw_only") {
                given.push(format!("{arg}={}", text(keyword.value())));
            }
        }
        if field.flags.kw_only {
            given.push("kw_only=True".to_owned());
        } else if class.flag("kw_only") {
            given.push("kw_only=False".to_owned());
        }
        if given.is_empty() {
            return format!("({name}, {hint})");
        }
        format!("({name}, {hint}, MODULE.field({}))", given.join(", "))
    }

    /// What makes the decorator fail.
    fn check(&self, class: &Class) -> Result<(), Why> {
        let own = |names: &[&str]| names.iter().any(|it| class.binds(it));
        let explicit_hash = class.binds("__hash__");
        let fails = class.flag("order") && !class.flag("eq")
            || class.flag("order") && own(&["__lt__", "__le__", "__gt__", "__ge__"])
            || class.flag("frozen") && own(&["__setattr__", "__delattr__"])
            || class.flag("unsafe_hash") && explicit_hash
            || class.flag("slots") && class.binds("__slots__")
            || class.flag("weakref_slot") && !class.flag("slots");
        if fails {
            return Err("its flags do not fit its methods".to_owned());
        }
        if explicit_hash && class.binds("__eq__") && class.flag("eq") && class.flag("frozen") {
            return Err("it may be without `__hash__`".to_owned());
        }
        let mut has_default = false;
        for field in class.fields.iter().filter(|it| it.is_parameter() && !it.flags.kw_only) {
            if has_default && field.default == Default::None {
                return Err(format!("`{}` has no default, behind one that has", field.name));
            }
            has_default |= field.default != Default::None;
        }
        for base in self.bases_in(&class.order).filter(|it| it.flags.is_some()) {
            if base.flag("frozen") != class.flag("frozen") {
                return Err("frozen and other dataclasses are mixed".to_owned());
            }
            if class.binds(&base.name) {
                return Err(format!("its body hides `{}`", base.name));
            }
        }
        Ok(())
    }
}

/// Whether hints of variables stand below a statement, definitions left out.
fn holds_hint(statement: Node<'_>) -> bool {
    let mut stack = vec![statement];
    while let Some(node) = stack.pop() {
        match kind(node) {
            Kind::FunctionDef | Kind::AsyncFunctionDef | Kind::ClassDef | Kind::Lambda => {}
            Kind::AnnAssign => return true,
            _ => stack.extend(node.children()),
        }
    }
    false
}

fn truth(node: Node<'_>) -> Option<bool> {
    if let Constant::Bool(it) = view::Constant::cast(node)?.value() { Some(*it) } else { None }
}

fn is_none(node: Node<'_>) -> bool {
    view::Constant::cast(node).is_some_and(|it| *it.value() == Constant::None)
}

fn text(node: Node<'_>) -> String {
    unparse_node(node, None).unwrap_or_default()
}

/// A name as a class's body has it.
fn mangled(class: &str, name: &str) -> String {
    let class = class.trim_start_matches('_');
    if class.is_empty() || !name.starts_with("__") || name.ends_with("__") {
        return name.to_owned();
    }
    format!("_{class}{name}")
}
