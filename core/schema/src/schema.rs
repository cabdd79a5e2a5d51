//! A schema as data: kinds, sums, enumerations, and where each field of a node is stored.

/// What a node kind is, in words that hold for any language.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Category {
    /// A definition with a name and a body: the tree is cut here.
    Def,
    /// A sequence of statements.
    Block,
    /// A call.
    Call,
    /// A use of a name.
    Name,
    /// A literal.
    Literal,
    /// An import.
    Import,
    /// A choice between paths.
    Branch,
    /// A repetition.
    Loop,
    /// A binding of a value.
    Assign,
    /// Anything else.
    Other,
}

impl Category {
    /// The category of that name, as written after `@`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "Def" => Self::Def,
            "Block" => Self::Block,
            "Call" => Self::Call,
            "Name" => Self::Name,
            "Literal" => Self::Literal,
            "Import" => Self::Import,
            "Branch" => Self::Branch,
            "Loop" => Self::Loop,
            "Assign" => Self::Assign,
            "Other" => Self::Other,
            _ => return None,
        })
    }
}

/// How many values a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Arity {
    /// Exactly one (`expr value`).
    One,
    /// One or none (`expr? value`).
    Opt,
    /// Any number (`expr* values`).
    Many,
    /// Any number, some of which may be absent (`expr?* keys`).
    ManyOpt,
}

/// What a field holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldType {
    /// A node of the sum or of the single kind with this index in [`Schema::sums`].
    Node(u16),
    /// A node of any kind.
    AnyNode,
    /// An identifier.
    Identifier,
    /// A constant's value.
    Constant,
    /// A natural number below 2³² − 1.
    Int,
    /// A number between −128 and 127.
    Tiny,
    /// A value of the enumeration with this index in [`Schema::enums`].
    Enum(u16),
    /// Always null: a field that is kept so that a dump has all of CPython's fields.
    Null,
}

/// Which sibling list tells where the absent values of a [`Arity::ManyOpt`] field are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pairing {
    /// A value stands just before its partner of that role (a dict's key before its value).
    Before(u8),
    /// A value stands just after its partner of that role (a default after its parameter).
    After(u8),
}

/// Where a node keeps a field.
///
/// A node has one byte (`flag`) and one word (`aux`) of its own. A small field goes into the byte; a kind with one
/// single-valued wide field keeps it in the word; any other kind keeps its wide fields in a record of words that
/// `aux` points to, first the single values, one word each, then the list, if any, as its length
/// and its values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Storage {
    /// Children with this role.
    Child(u8),
    /// The node's byte.
    Flag,
    /// The node's word.
    Aux,
    /// The n-th entry of the node's record.
    Record(u8),
    /// Nowhere (see [`FieldType::Null`]).
    Nowhere,
}

/// One field of a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name, which for children is also the name of their role.
    pub name: String,
    /// What it holds.
    pub ty: FieldType,
    /// How many.
    pub arity: Arity,
    /// Where.
    pub storage: Storage,
    /// For [`Arity::ManyOpt`]: how absent values are found.
    pub pairing: Option<Pairing>,
}

/// One node kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KindDef {
    /// Its name (CPython's class name for Python).
    pub name: String,
    /// Index into [`Schema::sums`] of the sum that it belongs to.
    pub sum: u16,
    /// What it is in neutral words.
    pub category: Category,
    /// Whether nodes of this kind have a position of their own; others get the hull of their children.
    pub located: bool,
    /// Its fields, in the order of the schema.
    pub fields: Vec<Field>,
    /// Number of entries in a node's record; 0 if nodes of this kind have none.
    pub record_len: u8,
}

/// A group of kinds that may stand in the same place (`stmt`, `expr`), or a kind on its own (`arguments`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sum {
    /// Its name.
    pub name: String,
    /// Whether it is a product: one kind with the name of the sum.
    pub product: bool,
}

/// An enumeration: a small scalar such as an operator or a context.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// Its values; the n-th is stored as n + 1, and 0 means none.
    pub values: Vec<String>,
    /// Whether values are strings (`'u'`) rather than nodes without fields (`Load()`).
    pub strings: bool,
}

/// The node kinds of one language.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Schema {
    /// The language's name.
    pub name: String,
    /// All kinds; a kind's id is its index.
    pub kinds: Vec<KindDef>,
    /// All sums and products.
    pub sums: Vec<Sum>,
    /// All enumerations.
    pub enums: Vec<Enum>,
    /// Names of the roles; a role's id is its index. Role 0 is the empty name: the role of a root.
    pub roles: Vec<String>,
}

impl Schema {
    /// Index of the kind of that name.
    pub fn kind(&self, name: &str) -> Option<u16> {
        self.kinds.iter().position(|it| it.name == name).and_then(|it| u16::try_from(it).ok())
    }

    /// Id of the role of that name.
    pub fn role(&self, name: &str) -> Option<u8> {
        self.roles.iter().position(|it| it == name).and_then(|it| u8::try_from(it).ok())
    }

    /// Whether nodes of this kind are cut off into an arena of their own.
    pub fn is_def(&self, kind: u16) -> bool {
        self.kinds.get(usize::from(kind)).is_some_and(|it| it.category == Category::Def)
    }
}
