//! The methods of a dataclass, as text.

use std::fmt::Write;

use super::Modules;
use super::fields::{Default, Field, FieldKind};
use super::read::Class;

/// What stands at the end of a class's body, as the body of a class of its own.
pub(super) fn write(class: &Class, modules: &Modules, python: Option<(u8, u8)>) -> String {
    let mut writer = Writer { class, modules, python, out: "class _:\n".to_owned() };
    writer.metadata();
    writer.init();
    writer.repr();
    writer.comparisons();
    writer.frozen();
    writer.hash();
    writer.rest();
    writer.out
}

struct Writer<'a> {
    class: &'a Class,
    modules: &'a Modules,
    python: Option<(u8, u8)>,
    out: String,
}

impl Writer<'_> {
    /// A line of the class's body.
    fn line(&mut self, text: impl AsRef<str>) {
        for line in text.as_ref().lines() {
            // A string takes everything, so there is no error.
            let _: std::fmt::Result = writeln!(self.out, "    {line}");
        }
    }

    fn real(&self) -> impl Iterator<Item = &Field> {
        self.class.fields.iter().filter(|it| it.is_real())
    }

    fn has(&self, name: &str) -> bool {
        self.class.binds(name)
    }

    /// Whether the version is known, and this or a later one.
    fn is_at_least(&self, version: (u8, u8)) -> Option<bool> {
        self.python.map(|it| it >= version)
    }

    /// What `dataclasses.fields`, `replace` and the docstring are made of.
    fn metadata(&mut self) {
        let module = &self.modules.dataclasses;
        let hints_are_late = !self.class.defers_hints && self.is_at_least((3, 14)) == Some(true);
        let entry = |it: &Field| {
            let entry = it.entry.replace("MODULE.field(", &format!("{module}.field("));
            if hints_are_late {
                entry.replacen(&format!("__annotations__[{:?}]", it.name), &it.hint, 1)
            } else {
                entry
            }
        };
        let known = |it: &&Field| !(self.class.defers_hints && it.kind == FieldKind::ClassVar);
        let entries: Vec<String> = self.class.fields.iter().filter(known).map(entry).collect();
        let flags = self.class.flags.iter().flatten();
        let flags: Vec<String> = flags
            .map(|(name, value)| format!(", {name}={}", if *value { "True" } else { "False" }))
            .collect();
        let text = format!(
            "__dataclass__ = {module}.make_dataclass({:?}, [{}]{})",
            self.class.name,
            entries.join(", "),
            flags.concat()
        );
        self.line(text);
        self.line("__dataclass_fields__ = __dataclass__.__dataclass_fields__");
        self.line("__dataclass_params__ = __dataclass__.__dataclass_params__");
    }

    fn docstring(&mut self) {
        if self.class.has_docstring {
            return;
        }
        let inspect = format!("{}.inspect", self.modules.dataclasses);
        let name = &self.class.name;
        let writes_init = self.class.flag("init") && !self.has("__init__");
        // Of variables for `__init__`, `make_dataclass` was told something else than their texts.
        let has_texts =
            self.class.defers_hints && self.class.fields.iter().any(|it| it.kind == FieldKind::InitVar);
        let text = if writes_init && !has_texts {
            "__doc__ = __dataclass__.__doc__".to_owned()
        } else if writes_init || self.has("__init__") {
            format!(
                "__doc__ = {name:?} + str({inspect}.Signature([*{inspect}.signature(__init__).parameters.values()][1:]))"
            )
        } else {
            match &self.class.first_base {
                Some(base) => {
                    format!("__doc__ = {name:?} + str({inspect}.signature({base})).replace(' -> None', '')")
                }
                None => format!("__doc__ = {:?}", format!("{name}()")),
            }
        };
        self.line(text);
    }

    fn init(&mut self) {
        if !self.class.flag("init") || self.has("__init__") {
            return;
        }
        let parameters: Vec<&Field> = self.class.fields.iter().filter(|it| it.is_parameter()).collect();
        let this = if parameters.iter().any(|it| it.name == "self") { "__dataclass_self__" } else { "self" };
        let (mut plain, mut keyword) = (vec![this.to_owned()], Vec::new());
        for field in parameters {
            let text = format!("{}{}", self.hinted(field), self.default(field));
            if field.flags.kw_only { &mut keyword } else { &mut plain }.push(text);
        }
        if !keyword.is_empty() {
            plain.push("*".to_owned());
            plain.append(&mut keyword);
        }
        self.line(format!("def __init__({}) -> None:", plain.join(", ")));
        let mut body: Vec<String> =
            self.real().filter_map(|it| self.value(it).map(|value| self.store(this, it, &value))).collect();
        if self.class.has_post_init {
            let variables = self.class.fields.iter().filter(|it| it.kind == FieldKind::InitVar);
            let variables: Vec<&str> = variables.map(|it| it.name.as_str()).collect();
            body.push(format!("{this}.__post_init__({})", variables.join(", ")));
        }
        if body.is_empty() {
            body.push("pass".to_owned());
        }
        for line in body {
            self.line(format!("    {line}"));
        }
        self.hints();
    }

    /// Whether a hint means the same at the end of the class's body as where it stands.
    fn is_clear(&self, field: &Field) -> bool {
        let word = |it: char| !(it.is_alphanumeric() || it == '_');
        !field.hint.split(word).any(|it| self.has(it))
    }

    fn hinted(&self, field: &Field) -> String {
        let is_marker = self.class.defers_hints || self.is_clear(field);
        if is_marker { format!("{}: {}", field.name, field.hint) } else { field.name.clone() }
    }

    /// Hints that would mean something else in a parameter list are given afterwards.
    fn hints(&mut self) {
        let parameters: Vec<&Field> = self.class.fields.iter().filter(|it| it.is_parameter()).collect();
        if self.class.defers_hints {
            // Only the hints of fields are texts.
            return self.line("__init__.__annotations__['return'] = None");
        }
        if parameters.iter().all(|it| self.is_clear(it)) {
            return;
        }
        let ordered = parameters.iter().filter(|it| !it.flags.kw_only);
        let ordered = ordered.chain(parameters.iter().filter(|it| it.flags.kw_only));
        let hints: Vec<String> =
            ordered.map(|it| format!("{0:?}: __dataclass_fields__[{0:?}].type", it.name)).collect();
        self.line(format!("__init__.__annotations__ = {{{}, 'return': None}}", hints.join(", ")));
    }

    fn default(&self, field: &Field) -> String {
        match &field.default {
            Default::None => String::new(),
            Default::Value(value) => format!(" = {value}"),
            Default::Factory(_) => format!(" = {}._HAS_DEFAULT_FACTORY", self.modules.dataclasses),
        }
    }

    /// What `__init__` stores in a field; none if nothing.
    fn value(&self, field: &Field) -> Option<String> {
        let name = &field.name;
        let call = |it: &Option<String>| {
            it.as_ref().map_or_else(
                || format!("__class__.__dataclass_fields__[{name:?}].default_factory()"),
                |it| format!("{it}()"),
            )
        };
        match &field.default {
            Default::Factory(factory) if field.flags.init => Some(format!(
                "{} if {name} is {}._HAS_DEFAULT_FACTORY else {name}",
                call(factory),
                self.modules.dataclasses
            )),
            Default::Factory(factory) => Some(call(factory)),
            _ if field.flags.init => Some(name.clone()),
            Default::Value(_) if self.class.flag("slots") => {
                Some(format!("__class__.__dataclass_fields__[{name:?}].default"))
            }
            _ => None,
        }
    }

    fn store(&self, this: &str, field: &Field, value: &str) -> String {
        if self.class.flag("frozen") {
            return format!("object.__setattr__({this}, {:?}, {value})", field.name);
        }
        format!("{this}.{} = {value}", field.name)
    }

    fn repr(&mut self) {
        if !self.class.writes_repr() {
            return;
        }
        let shown: Vec<String> =
            self.real().filter(|it| it.flags.repr).map(|it| format!("{0}={{self.{0}!r}}", it.name)).collect();
        self.line(format!("@{}.recursive_repr()", self.modules.reprlib));
        self.line("def __repr__(self):");
        self.line(format!("    return self.__class__.__qualname__ + f'({})'", shown.join(", ")));
    }

    /// The fields that are compared, of an object.
    fn compared(&self, object: &str) -> String {
        let fields = self.real().filter(|it| it.flags.compare);
        tuple(fields.map(|it| format!("{object}.{}", it.name)))
    }

    fn comparisons(&mut self) {
        if self.class.flag("eq") && !self.has("__eq__") {
            self.line("def __eq__(self, other):");
            if self.is_at_least((3, 13)) == Some(true) {
                let fields = self.real().filter(|it| it.flags.compare);
                let each: Vec<String> = fields.map(|it| format!("self.{0} == other.{0}", it.name)).collect();
                let all = if each.is_empty() { "True".to_owned() } else { each.join(" and ") };
                self.line("    if self is other:\n        return True");
                self.line(format!("    if other.__class__ is self.__class__:\n        return {all}"));
                self.line("    return NotImplemented");
            } else {
                self.comparison("==");
            }
        }
        if self.class.flag("order") {
            for (name, operator) in [("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")] {
                self.line(format!("def __{name}__(self, other):"));
                self.comparison(operator);
            }
        }
    }

    fn comparison(&mut self, operator: &str) {
        let (left, right) = (self.compared("self"), self.compared("other"));
        self.line("    if other.__class__ is self.__class__:");
        self.line(format!("        return {left} {operator} {right}"));
        self.line("    return NotImplemented");
    }

    fn frozen(&mut self) {
        if !self.class.flag("frozen") {
            return;
        }
        let names = tuple(self.real().map(|it| format!("{:?}", it.name)));
        let error = format!("{}.FrozenInstanceError", self.modules.dataclasses);
        // With slots, `dataclass` makes a second class, of which its own methods know nothing.
        let (condition, parent) = if self.class.flag("slots") {
            (format!("name in {names}"), "super(type(__class__.__name__, (), {}), self)")
        } else {
            (format!("type(self) is __class__ or name in {names}"), "super()")
        };
        for (name, parameters, what) in
            [("setattr", "name, value", "assign to"), ("delattr", "name", "delete")]
        {
            self.line(format!("def __{name}__(self, {parameters}):"));
            self.line(format!("    if {condition}:"));
            self.line(format!("        raise {error}(f'cannot {what} field {{name!r}}')"));
            self.line(format!("    {parent}.__{name}__({parameters})"));
        }
    }

    fn hash(&mut self) {
        let is_explicit = self.has("__hash__");
        let (eq, frozen) = (self.class.flag("eq"), self.class.flag("frozen"));
        if is_explicit {
            return;
        }
        if self.class.flag("unsafe_hash") || eq && frozen {
            let hashed = self.real().filter(|it| it.flags.hash.unwrap_or(it.flags.compare));
            let hashed = tuple(hashed.map(|it| format!("self.{}", it.name)));
            self.line(format!("def __hash__(self):\n    return hash({hashed})"));
        } else if eq {
            self.line("__hash__ = None");
        }
    }

    fn rest(&mut self) {
        if self.class.flag("match_args") && !self.has("__match_args__") {
            let names = self.class.fields.iter().filter(|it| it.is_parameter() && !it.flags.kw_only);
            let names = tuple(names.map(|it| format!("{:?}", it.name)));
            self.line(format!("__match_args__ = {names}"));
        }
        if !self.has("__replace__") {
            match self.is_at_least((3, 13)) {
                Some(true) => self.line("__replace__ = __dataclass__.__replace__"),
                Some(false) => {}
                None => self.line(
                    "if hasattr(__dataclass__, '__replace__'):\n    __replace__ = __dataclass__.__replace__",
                ),
            }
        }
        self.docstring();
        let mut deleted = vec!["__dataclass__".to_owned()];
        if self.class.flag("slots") {
            self.slots();
            let own = self.class.own_fields().filter(|it| it.is_real());
            let own = own.filter(|it| matches!(&it.default, Default::Value(value) if *value == it.name));
            deleted.extend(own.map(|it| it.name.clone()));
        }
        self.line(format!("del {}", deleted.join(", ")));
    }

    fn slots(&mut self) {
        let keeps_inherited = self.python.is_some_and(|it| it < (3, 11));
        let is_new = |it: &&Field| keeps_inherited || !self.class.inherited_slots.contains(&it.name);
        let mut names: Vec<String> = self.real().filter(is_new).map(|it| format!("{:?}", it.name)).collect();
        if self.class.flag("weakref_slot") {
            names.push("'__weakref__'".to_owned());
        }
        self.line(format!("__slots__ = {}", tuple(names.into_iter())));
        if !self.class.flag("frozen") {
            return;
        }
        let module = self.modules.dataclasses.clone();
        // Python 3.10 does not ask whether the class has its own.
        let replaces = self.python.is_some_and(|it| it < (3, 11));
        if replaces || !self.has("__getstate__") {
            self.line("def __getstate__(self):");
            self.line(format!("    return [getattr(self, it.name) for it in {module}.fields(self)]"));
        }
        if replaces || !self.has("__setstate__") {
            self.line("def __setstate__(self, state):");
            self.line(format!("    for field, value in zip({module}.fields(self), state):"));
            self.line("        object.__setattr__(self, field.name, value)");
        }
    }
}

/// A tuple's text.
fn tuple(elements: impl Iterator<Item = String>) -> String {
    let elements: Vec<String> = elements.collect();
    match &elements[..] {
        [only] => format!("({only},)"),
        all => format!("({})", all.join(", ")),
    }
}
