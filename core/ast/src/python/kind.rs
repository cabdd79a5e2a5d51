//! Kinds, roles and scalars of Python's schema as enums.

// Generated from core/ast/python.asdl by `cargo xtask codegen`; do not edit.

use crate::tree::{KindId, RoleId};

/// A node kind of Python's schema.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u16)]
pub enum Kind {
    /// `Module`.
    Module = 0,
    /// `FunctionDef`.
    FunctionDef = 1,
    /// `AsyncFunctionDef`.
    AsyncFunctionDef = 2,
    /// `ClassDef`.
    ClassDef = 3,
    /// `Return`.
    Return = 4,
    /// `Delete`.
    Delete = 5,
    /// `Assign`.
    Assign = 6,
    /// `TypeAlias`.
    TypeAlias = 7,
    /// `AugAssign`.
    AugAssign = 8,
    /// `AnnAssign`.
    AnnAssign = 9,
    /// `For`.
    For = 10,
    /// `AsyncFor`.
    AsyncFor = 11,
    /// `While`.
    While = 12,
    /// `If`.
    If = 13,
    /// `With`.
    With = 14,
    /// `AsyncWith`.
    AsyncWith = 15,
    /// `Match`.
    Match = 16,
    /// `Raise`.
    Raise = 17,
    /// `Try`.
    Try = 18,
    /// `TryStar`.
    TryStar = 19,
    /// `Assert`.
    Assert = 20,
    /// `Import`.
    Import = 21,
    /// `ImportFrom`.
    ImportFrom = 22,
    /// `Global`.
    Global = 23,
    /// `Nonlocal`.
    Nonlocal = 24,
    /// `Expr`.
    Expr = 25,
    /// `Pass`.
    Pass = 26,
    /// `Break`.
    Break = 27,
    /// `Continue`.
    Continue = 28,
    /// `Print`.
    Print = 29,
    /// `Exec`.
    Exec = 30,
    /// `Raise2`.
    Raise2 = 31,
    /// `BoolOp`.
    BoolOp = 32,
    /// `NamedExpr`.
    NamedExpr = 33,
    /// `BinOp`.
    BinOp = 34,
    /// `UnaryOp`.
    UnaryOp = 35,
    /// `Lambda`.
    Lambda = 36,
    /// `IfExp`.
    IfExp = 37,
    /// `Dict`.
    Dict = 38,
    /// `Set`.
    Set = 39,
    /// `ListComp`.
    ListComp = 40,
    /// `SetComp`.
    SetComp = 41,
    /// `DictComp`.
    DictComp = 42,
    /// `GeneratorExp`.
    GeneratorExp = 43,
    /// `Await`.
    Await = 44,
    /// `Yield`.
    Yield = 45,
    /// `YieldFrom`.
    YieldFrom = 46,
    /// `Compare`.
    Compare = 47,
    /// `Call`.
    Call = 48,
    /// `FormattedValue`.
    FormattedValue = 49,
    /// `Interpolation`.
    Interpolation = 50,
    /// `JoinedStr`.
    JoinedStr = 51,
    /// `TemplateStr`.
    TemplateStr = 52,
    /// `Constant`.
    Constant = 53,
    /// `Attribute`.
    Attribute = 54,
    /// `Subscript`.
    Subscript = 55,
    /// `Starred`.
    Starred = 56,
    /// `Name`.
    Name = 57,
    /// `List`.
    List = 58,
    /// `Tuple`.
    Tuple = 59,
    /// `Slice`.
    Slice = 60,
    /// `Repr`.
    Repr = 61,
    /// `comprehension`.
    Comprehension = 62,
    /// `ExceptHandler`.
    ExceptHandler = 63,
    /// `arguments`.
    Arguments = 64,
    /// `arg`.
    Arg = 65,
    /// `keyword`.
    Keyword = 66,
    /// `alias`.
    Alias = 67,
    /// `withitem`.
    Withitem = 68,
    /// `match_case`.
    MatchCase = 69,
    /// `MatchValue`.
    MatchValue = 70,
    /// `MatchSingleton`.
    MatchSingleton = 71,
    /// `MatchSequence`.
    MatchSequence = 72,
    /// `MatchMapping`.
    MatchMapping = 73,
    /// `MatchClass`.
    MatchClass = 74,
    /// `MatchStar`.
    MatchStar = 75,
    /// `MatchAs`.
    MatchAs = 76,
    /// `MatchOr`.
    MatchOr = 77,
    /// `TypeVar`.
    TypeVar = 78,
    /// `ParamSpec`.
    ParamSpec = 79,
    /// `TypeVarTuple`.
    TypeVarTuple = 80,
    /// `Error`.
    Error = 81,
    /// `Missing`.
    Missing = 82,
}

impl Kind {
    /// Every value, in the order of the schema.
    pub const ALL: [Self; 83] = [
        Self::Module,
        Self::FunctionDef,
        Self::AsyncFunctionDef,
        Self::ClassDef,
        Self::Return,
        Self::Delete,
        Self::Assign,
        Self::TypeAlias,
        Self::AugAssign,
        Self::AnnAssign,
        Self::For,
        Self::AsyncFor,
        Self::While,
        Self::If,
        Self::With,
        Self::AsyncWith,
        Self::Match,
        Self::Raise,
        Self::Try,
        Self::TryStar,
        Self::Assert,
        Self::Import,
        Self::ImportFrom,
        Self::Global,
        Self::Nonlocal,
        Self::Expr,
        Self::Pass,
        Self::Break,
        Self::Continue,
        Self::Print,
        Self::Exec,
        Self::Raise2,
        Self::BoolOp,
        Self::NamedExpr,
        Self::BinOp,
        Self::UnaryOp,
        Self::Lambda,
        Self::IfExp,
        Self::Dict,
        Self::Set,
        Self::ListComp,
        Self::SetComp,
        Self::DictComp,
        Self::GeneratorExp,
        Self::Await,
        Self::Yield,
        Self::YieldFrom,
        Self::Compare,
        Self::Call,
        Self::FormattedValue,
        Self::Interpolation,
        Self::JoinedStr,
        Self::TemplateStr,
        Self::Constant,
        Self::Attribute,
        Self::Subscript,
        Self::Starred,
        Self::Name,
        Self::List,
        Self::Tuple,
        Self::Slice,
        Self::Repr,
        Self::Comprehension,
        Self::ExceptHandler,
        Self::Arguments,
        Self::Arg,
        Self::Keyword,
        Self::Alias,
        Self::Withitem,
        Self::MatchCase,
        Self::MatchValue,
        Self::MatchSingleton,
        Self::MatchSequence,
        Self::MatchMapping,
        Self::MatchClass,
        Self::MatchStar,
        Self::MatchAs,
        Self::MatchOr,
        Self::TypeVar,
        Self::ParamSpec,
        Self::TypeVarTuple,
        Self::Error,
        Self::Missing,
    ];

    /// The name in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Module => "Module",
            Self::FunctionDef => "FunctionDef",
            Self::AsyncFunctionDef => "AsyncFunctionDef",
            Self::ClassDef => "ClassDef",
            Self::Return => "Return",
            Self::Delete => "Delete",
            Self::Assign => "Assign",
            Self::TypeAlias => "TypeAlias",
            Self::AugAssign => "AugAssign",
            Self::AnnAssign => "AnnAssign",
            Self::For => "For",
            Self::AsyncFor => "AsyncFor",
            Self::While => "While",
            Self::If => "If",
            Self::With => "With",
            Self::AsyncWith => "AsyncWith",
            Self::Match => "Match",
            Self::Raise => "Raise",
            Self::Try => "Try",
            Self::TryStar => "TryStar",
            Self::Assert => "Assert",
            Self::Import => "Import",
            Self::ImportFrom => "ImportFrom",
            Self::Global => "Global",
            Self::Nonlocal => "Nonlocal",
            Self::Expr => "Expr",
            Self::Pass => "Pass",
            Self::Break => "Break",
            Self::Continue => "Continue",
            Self::Print => "Print",
            Self::Exec => "Exec",
            Self::Raise2 => "Raise2",
            Self::BoolOp => "BoolOp",
            Self::NamedExpr => "NamedExpr",
            Self::BinOp => "BinOp",
            Self::UnaryOp => "UnaryOp",
            Self::Lambda => "Lambda",
            Self::IfExp => "IfExp",
            Self::Dict => "Dict",
            Self::Set => "Set",
            Self::ListComp => "ListComp",
            Self::SetComp => "SetComp",
            Self::DictComp => "DictComp",
            Self::GeneratorExp => "GeneratorExp",
            Self::Await => "Await",
            Self::Yield => "Yield",
            Self::YieldFrom => "YieldFrom",
            Self::Compare => "Compare",
            Self::Call => "Call",
            Self::FormattedValue => "FormattedValue",
            Self::Interpolation => "Interpolation",
            Self::JoinedStr => "JoinedStr",
            Self::TemplateStr => "TemplateStr",
            Self::Constant => "Constant",
            Self::Attribute => "Attribute",
            Self::Subscript => "Subscript",
            Self::Starred => "Starred",
            Self::Name => "Name",
            Self::List => "List",
            Self::Tuple => "Tuple",
            Self::Slice => "Slice",
            Self::Repr => "Repr",
            Self::Comprehension => "comprehension",
            Self::ExceptHandler => "ExceptHandler",
            Self::Arguments => "arguments",
            Self::Arg => "arg",
            Self::Keyword => "keyword",
            Self::Alias => "alias",
            Self::Withitem => "withitem",
            Self::MatchCase => "match_case",
            Self::MatchValue => "MatchValue",
            Self::MatchSingleton => "MatchSingleton",
            Self::MatchSequence => "MatchSequence",
            Self::MatchMapping => "MatchMapping",
            Self::MatchClass => "MatchClass",
            Self::MatchStar => "MatchStar",
            Self::MatchAs => "MatchAs",
            Self::MatchOr => "MatchOr",
            Self::TypeVar => "TypeVar",
            Self::ParamSpec => "ParamSpec",
            Self::TypeVarTuple => "TypeVarTuple",
            Self::Error => "Error",
            Self::Missing => "Missing",
        }
    }
}

impl Kind {
    /// The kind with this id, if it is one of Python's.
    pub fn from_id(id: KindId) -> Option<Self> {
        Self::ALL.get(usize::from(id.0)).copied()
    }
}

impl From<Kind> for KindId {
    fn from(kind: Kind) -> Self {
        KindId(kind as u16)
    }
}

/// A child's place in its parent: the name of the parent's field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Role {
    /// `body`.
    Body = 1,
    /// `args`.
    Args = 2,
    /// `decorator_list`.
    DecoratorList = 3,
    /// `returns`.
    Returns = 4,
    /// `type_params`.
    TypeParams = 5,
    /// `bases`.
    Bases = 6,
    /// `keywords`.
    Keywords = 7,
    /// `value`.
    Value = 8,
    /// `targets`.
    Targets = 9,
    /// `name`.
    Name = 10,
    /// `target`.
    Target = 11,
    /// `annotation`.
    Annotation = 12,
    /// `iter`.
    Iter = 13,
    /// `orelse`.
    Orelse = 14,
    /// `test`.
    Test = 15,
    /// `items`.
    Items = 16,
    /// `subject`.
    Subject = 17,
    /// `cases`.
    Cases = 18,
    /// `exc`.
    Exc = 19,
    /// `cause`.
    Cause = 20,
    /// `handlers`.
    Handlers = 21,
    /// `finalbody`.
    Finalbody = 22,
    /// `msg`.
    Msg = 23,
    /// `names`.
    Names = 24,
    /// `dest`.
    Dest = 25,
    /// `values`.
    Values = 26,
    /// `globals`.
    Globals = 27,
    /// `locals`.
    Locals = 28,
    /// `type`.
    Type = 29,
    /// `inst`.
    Inst = 30,
    /// `tback`.
    Tback = 31,
    /// `left`.
    Left = 32,
    /// `right`.
    Right = 33,
    /// `operand`.
    Operand = 34,
    /// `keys`.
    Keys = 35,
    /// `elts`.
    Elts = 36,
    /// `elt`.
    Elt = 37,
    /// `generators`.
    Generators = 38,
    /// `key`.
    Key = 39,
    /// `comparators`.
    Comparators = 40,
    /// `func`.
    Func = 41,
    /// `format_spec`.
    FormatSpec = 42,
    /// `slice`.
    Slice = 43,
    /// `lower`.
    Lower = 44,
    /// `upper`.
    Upper = 45,
    /// `step`.
    Step = 46,
    /// `ifs`.
    Ifs = 47,
    /// `posonlyargs`.
    Posonlyargs = 48,
    /// `vararg`.
    Vararg = 49,
    /// `kwonlyargs`.
    Kwonlyargs = 50,
    /// `kw_defaults`.
    KwDefaults = 51,
    /// `kwarg`.
    Kwarg = 52,
    /// `defaults`.
    Defaults = 53,
    /// `context_expr`.
    ContextExpr = 54,
    /// `optional_vars`.
    OptionalVars = 55,
    /// `pattern`.
    Pattern = 56,
    /// `guard`.
    Guard = 57,
    /// `patterns`.
    Patterns = 58,
    /// `cls`.
    Cls = 59,
    /// `kwd_patterns`.
    KwdPatterns = 60,
    /// `bound`.
    Bound = 61,
    /// `default_value`.
    DefaultValue = 62,
    /// `recovered`.
    Recovered = 63,
}

impl Role {
    /// Every value, in the order of the schema.
    pub const ALL: [Self; 63] = [
        Self::Body,
        Self::Args,
        Self::DecoratorList,
        Self::Returns,
        Self::TypeParams,
        Self::Bases,
        Self::Keywords,
        Self::Value,
        Self::Targets,
        Self::Name,
        Self::Target,
        Self::Annotation,
        Self::Iter,
        Self::Orelse,
        Self::Test,
        Self::Items,
        Self::Subject,
        Self::Cases,
        Self::Exc,
        Self::Cause,
        Self::Handlers,
        Self::Finalbody,
        Self::Msg,
        Self::Names,
        Self::Dest,
        Self::Values,
        Self::Globals,
        Self::Locals,
        Self::Type,
        Self::Inst,
        Self::Tback,
        Self::Left,
        Self::Right,
        Self::Operand,
        Self::Keys,
        Self::Elts,
        Self::Elt,
        Self::Generators,
        Self::Key,
        Self::Comparators,
        Self::Func,
        Self::FormatSpec,
        Self::Slice,
        Self::Lower,
        Self::Upper,
        Self::Step,
        Self::Ifs,
        Self::Posonlyargs,
        Self::Vararg,
        Self::Kwonlyargs,
        Self::KwDefaults,
        Self::Kwarg,
        Self::Defaults,
        Self::ContextExpr,
        Self::OptionalVars,
        Self::Pattern,
        Self::Guard,
        Self::Patterns,
        Self::Cls,
        Self::KwdPatterns,
        Self::Bound,
        Self::DefaultValue,
        Self::Recovered,
    ];

    /// The name in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Args => "args",
            Self::DecoratorList => "decorator_list",
            Self::Returns => "returns",
            Self::TypeParams => "type_params",
            Self::Bases => "bases",
            Self::Keywords => "keywords",
            Self::Value => "value",
            Self::Targets => "targets",
            Self::Name => "name",
            Self::Target => "target",
            Self::Annotation => "annotation",
            Self::Iter => "iter",
            Self::Orelse => "orelse",
            Self::Test => "test",
            Self::Items => "items",
            Self::Subject => "subject",
            Self::Cases => "cases",
            Self::Exc => "exc",
            Self::Cause => "cause",
            Self::Handlers => "handlers",
            Self::Finalbody => "finalbody",
            Self::Msg => "msg",
            Self::Names => "names",
            Self::Dest => "dest",
            Self::Values => "values",
            Self::Globals => "globals",
            Self::Locals => "locals",
            Self::Type => "type",
            Self::Inst => "inst",
            Self::Tback => "tback",
            Self::Left => "left",
            Self::Right => "right",
            Self::Operand => "operand",
            Self::Keys => "keys",
            Self::Elts => "elts",
            Self::Elt => "elt",
            Self::Generators => "generators",
            Self::Key => "key",
            Self::Comparators => "comparators",
            Self::Func => "func",
            Self::FormatSpec => "format_spec",
            Self::Slice => "slice",
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Step => "step",
            Self::Ifs => "ifs",
            Self::Posonlyargs => "posonlyargs",
            Self::Vararg => "vararg",
            Self::Kwonlyargs => "kwonlyargs",
            Self::KwDefaults => "kw_defaults",
            Self::Kwarg => "kwarg",
            Self::Defaults => "defaults",
            Self::ContextExpr => "context_expr",
            Self::OptionalVars => "optional_vars",
            Self::Pattern => "pattern",
            Self::Guard => "guard",
            Self::Patterns => "patterns",
            Self::Cls => "cls",
            Self::KwdPatterns => "kwd_patterns",
            Self::Bound => "bound",
            Self::DefaultValue => "default_value",
            Self::Recovered => "recovered",
        }
    }
}

impl From<Role> for RoleId {
    fn from(role: Role) -> Self {
        RoleId(role as u8)
    }
}

/// The schema's `expr_context`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum ExprContext {
    /// `Load`.
    Load = 1,
    /// `Store`.
    Store = 2,
    /// `Del`.
    Del = 3,
}

impl ExprContext {
    /// Every value, in the order of the schema.
    pub const ALL: [Self; 3] = [Self::Load, Self::Store, Self::Del];

    /// The name in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Load => "Load",
            Self::Store => "Store",
            Self::Del => "Del",
        }
    }
}

impl ExprContext {
    /// The value stored as `flag`; `None` for 0.
    pub fn from_flag(flag: u8) -> Option<Self> {
        Self::ALL.get(usize::from(flag).checked_sub(1)?).copied()
    }
}

/// The schema's `boolop`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Boolop {
    /// `And`.
    And = 1,
    /// `Or`.
    Or = 2,
}

impl Boolop {
    /// Every value, in the order of the schema.
    pub const ALL: [Self; 2] = [Self::And, Self::Or];

    /// The name in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::And => "And",
            Self::Or => "Or",
        }
    }
}

impl Boolop {
    /// The value stored as `flag`; `None` for 0.
    pub fn from_flag(flag: u8) -> Option<Self> {
        Self::ALL.get(usize::from(flag).checked_sub(1)?).copied()
    }
}

/// The schema's `operator`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Operator {
    /// `Add`.
    Add = 1,
    /// `Sub`.
    Sub = 2,
    /// `Mult`.
    Mult = 3,
    /// `MatMult`.
    MatMult = 4,
    /// `Div`.
    Div = 5,
    /// `Mod`.
    Mod = 6,
    /// `Pow`.
    Pow = 7,
    /// `LShift`.
    LShift = 8,
    /// `RShift`.
    RShift = 9,
    /// `BitOr`.
    BitOr = 10,
    /// `BitXor`.
    BitXor = 11,
    /// `BitAnd`.
    BitAnd = 12,
    /// `FloorDiv`.
    FloorDiv = 13,
}

impl Operator {
    /// Every value, in the order of the schema.
    pub const ALL: [Self; 13] = [
        Self::Add,
        Self::Sub,
        Self::Mult,
        Self::MatMult,
        Self::Div,
        Self::Mod,
        Self::Pow,
        Self::LShift,
        Self::RShift,
        Self::BitOr,
        Self::BitXor,
        Self::BitAnd,
        Self::FloorDiv,
    ];

    /// The name in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Sub => "Sub",
            Self::Mult => "Mult",
            Self::MatMult => "MatMult",
            Self::Div => "Div",
            Self::Mod => "Mod",
            Self::Pow => "Pow",
            Self::LShift => "LShift",
            Self::RShift => "RShift",
            Self::BitOr => "BitOr",
            Self::BitXor => "BitXor",
            Self::BitAnd => "BitAnd",
            Self::FloorDiv => "FloorDiv",
        }
    }
}

impl Operator {
    /// The value stored as `flag`; `None` for 0.
    pub fn from_flag(flag: u8) -> Option<Self> {
        Self::ALL.get(usize::from(flag).checked_sub(1)?).copied()
    }
}

/// The schema's `unaryop`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Unaryop {
    /// `Invert`.
    Invert = 1,
    /// `Not`.
    Not = 2,
    /// `UAdd`.
    UAdd = 3,
    /// `USub`.
    USub = 4,
}

impl Unaryop {
    /// Every value, in the order of the schema.
    pub const ALL: [Self; 4] = [Self::Invert, Self::Not, Self::UAdd, Self::USub];

    /// The name in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invert => "Invert",
            Self::Not => "Not",
            Self::UAdd => "UAdd",
            Self::USub => "USub",
        }
    }
}

impl Unaryop {
    /// The value stored as `flag`; `None` for 0.
    pub fn from_flag(flag: u8) -> Option<Self> {
        Self::ALL.get(usize::from(flag).checked_sub(1)?).copied()
    }
}

/// The schema's `cmpop`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Cmpop {
    /// `Eq`.
    Eq = 1,
    /// `NotEq`.
    NotEq = 2,
    /// `Lt`.
    Lt = 3,
    /// `LtE`.
    LtE = 4,
    /// `Gt`.
    Gt = 5,
    /// `GtE`.
    GtE = 6,
    /// `Is`.
    Is = 7,
    /// `IsNot`.
    IsNot = 8,
    /// `In`.
    In = 9,
    /// `NotIn`.
    NotIn = 10,
}

impl Cmpop {
    /// Every value, in the order of the schema.
    pub const ALL: [Self; 10] = [
        Self::Eq,
        Self::NotEq,
        Self::Lt,
        Self::LtE,
        Self::Gt,
        Self::GtE,
        Self::Is,
        Self::IsNot,
        Self::In,
        Self::NotIn,
    ];

    /// The name in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eq => "Eq",
            Self::NotEq => "NotEq",
            Self::Lt => "Lt",
            Self::LtE => "LtE",
            Self::Gt => "Gt",
            Self::GtE => "GtE",
            Self::Is => "Is",
            Self::IsNot => "IsNot",
            Self::In => "In",
            Self::NotIn => "NotIn",
        }
    }
}

impl Cmpop {
    /// The value stored as `flag`; `None` for 0.
    pub fn from_flag(flag: u8) -> Option<Self> {
        Self::ALL.get(usize::from(flag).checked_sub(1)?).copied()
    }
}

/// The schema's `string_kind`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum StringKind {
    /// `u`.
    U = 1,
}

impl StringKind {
    /// Every value, in the order of the schema.
    pub const ALL: [Self; 1] = [Self::U];

    /// The name in the schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::U => "u",
        }
    }
}

impl StringKind {
    /// The value stored as `flag`; `None` for 0.
    pub fn from_flag(flag: u8) -> Option<Self> {
        Self::ALL.get(usize::from(flag).checked_sub(1)?).copied()
    }
}
