//! What expressions may stand for, and the places that hold such things.

use astkit_ast::NodeId;

use super::Code;
use crate::def_use::DefinitionId;
use crate::names::NameId;

/// An object: its index in the solver's table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct ObjectId(pub(super) u32);

/// A place that holds objects: its index in the solver's table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct PlaceId(pub(super) u32);

/// A name, in the solver's table: attributes, keywords, keys of items, dotted names.
pub(super) type Word = NameId;

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Object {
    /// A function or lambda.
    Function(Code),
    /// A class.
    Class(Code),
    /// An instance of a class, of this module or another.
    Instance(ObjectId),
    /// A method with its receiver.
    Bound {
        function: ObjectId,
        receiver: ObjectId,
    },
    /// A module that is given.
    Module(u32),
    /// Something of a module that is not given, by its dotted name.
    External(Word),
    /// A builtin.
    Builtin(Word),
    /// A method of a builtin type, with its receiver.
    BuiltinMethod {
        receiver: ObjectId,
        name: Word,
    },
    /// A list, tuple, set or dict: the expression that makes it.
    Container {
        module: u32,
        node: NodeId,
        ty: Container,
    },
    /// A value of a builtin type that holds nothing.
    Value(Word),
    /// What calling a generator function gives.
    Generator(Code),
    /// `super()` in a method of a class.
    Super {
        class: Code,
        receiver: ObjectId,
    },
    /// What `staticmethod`, `classmethod` and `property` make of a function.
    Static(ObjectId),
    ClassMethod(ObjectId),
    Property(ObjectId),
    /// `property.setter`: gives back the property.
    Setter(ObjectId),
    /// `functools.partial(f, ...)`: the function and the site that has its arguments.
    Partial {
        function: ObjectId,
        site: u32,
    },
    /// Something that gives back its argument: `functools.wraps(f)`.
    Identity,
}

/// The builtin type of a container.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Container {
    List,
    Tuple,
    Set,
    Dict,
}

impl Container {
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Container::List => "list",
            Container::Tuple => "tuple",
            Container::Set => "set",
            Container::Dict => "dict",
        }
    }
}

/// A place that holds objects.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Place {
    /// What a definition binds.
    Definition(u32, DefinitionId),
    /// What an expression stands for.
    Expression(u32, NodeId),
    /// What a function returns, and what a generator yields.
    Return(Code),
    Yield(Code),
    /// An attribute of an object, as set from outside of its class's body.
    Attribute(ObjectId, Word),
    /// An item of a container under a constant key, items under unknown keys, and all of them.
    Item(ObjectId, Word),
    Items(ObjectId),
    Any(ObjectId),
    /// Something in between.
    Temporary(u32),
}
