//! The rules of the normal form, by name.
//!
//! Each rule makes texts equal that behave the same, and for each there is a test that runs both sides in Python.

use std::fmt;

/// A rule of the normal form.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Rule {
    /// `pass` beside other statements, and an `else` or `finally` of nothing but `pass`.
    Pass,
    /// Statements that are constants.
    ConstantStatement,
    /// `return None` for `return`, and a `return` where a function ends.
    Return,
    /// `else` after a branch that always leaves.
    ElseAfterLeaving,
    /// Statements behind `return`, `raise`, `break` and `continue`.
    Unreachable,
    /// `if` and `while` with a constant for a condition.
    ConstantCondition,
    /// `not a in b` for `a not in b`, `not a is b` for `a is not b`.
    Negation,
    /// Operations on constants.
    Folding,
    /// `if not a: X else: Y` for `if a: Y else: X`.
    SwappedBranches,
    /// The order of neighboring function definitions without decorators.
    FunctionOrder,
    /// The order and grouping of neighboring imports.
    ImportOrder,
    /// `"{}".format(x)` for `f"{x}"`.
    FormatString,
    /// `dict(a=1)` for `{"a": 1}`, `str("a")` for `"a"`.
    LiteralCall,
    /// `[x for x in y]` for `list(y)`.
    CopyingComprehension,
    /// `items[index]` for the element, in a loop over `enumerate(items)`.
    EnumerateLookup,
    /// `if a: X elif b: X` for `if a or b: X`.
    SameBranches,
    /// `x == a or x == b` for `x in (a, b)`.
    Membership,
    /// Values that local variables get and nothing reads.
    UnusedVariable,
}

impl Rule {
    /// Rules that are used only where they are asked for: they hold for ordinary values.
    pub const AGGRESSIVE: [Self; 7] = [
        Self::FormatString,
        Self::LiteralCall,
        Self::CopyingComprehension,
        Self::EnumerateLookup,
        Self::SameBranches,
        Self::Membership,
        Self::UnusedVariable,
    ];

    /// Rules that are used unless they are switched off.
    pub const DEFAULT: [Self; 11] = [
        Self::Pass,
        Self::ConstantStatement,
        Self::Return,
        Self::ElseAfterLeaving,
        Self::Unreachable,
        Self::ConstantCondition,
        Self::Negation,
        Self::Folding,
        Self::SwappedBranches,
        Self::FunctionOrder,
        Self::ImportOrder,
    ];

    /// All rules.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::DEFAULT.into_iter().chain(Self::AGGRESSIVE)
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::ConstantStatement => "constant-statement",
            Self::Return => "return",
            Self::ElseAfterLeaving => "else-after-leaving",
            Self::Unreachable => "unreachable",
            Self::ConstantCondition => "constant-condition",
            Self::Negation => "negation",
            Self::Folding => "folding",
            Self::SwappedBranches => "swapped-branches",
            Self::FunctionOrder => "function-order",
            Self::ImportOrder => "import-order",
            Self::FormatString => "format-string",
            Self::LiteralCall => "literal-call",
            Self::CopyingComprehension => "copying-comprehension",
            Self::EnumerateLookup => "enumerate-lookup",
            Self::SameBranches => "same-branches",
            Self::Membership => "membership",
            Self::UnusedVariable => "unused-variable",
        }
    }

    /// What it makes equal, in a line.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Pass => "`pass` beside other statements, and an `else` or `finally` of nothing but `pass`",
            Self::ConstantStatement => "statements that are constants",
            Self::Return => "`return None` for `return`, and a `return` where a function ends anyway",
            Self::ElseAfterLeaving => "`else` after a branch that always leaves",
            Self::Unreachable => "statements behind `return`, `raise`, `break` and `continue`",
            Self::ConstantCondition => "`if` and `while` with a constant for a condition",
            Self::Negation => "`not a in b` for `a not in b`, `not a is b` for `a is not b`",
            Self::Folding => "operations on constants, as CPython folds them",
            Self::SwappedBranches => "`if not a: X else: Y` for `if a: Y else: X`",
            Self::FunctionOrder => {
                "the order of neighboring functions without decorators, in modules and plain classes"
            }
            Self::ImportOrder => {
                "the order and grouping of neighboring imports, if no module watches who is imported first"
            }
            Self::FormatString => {
                "`\"{}\".format(x)` for `f\"{x}\"`, if evaluating one value does not change how another is shown"
            }
            Self::LiteralCall => {
                "`dict(a=1)` for `{\"a\": 1}`, `str(\"a\")` for `\"a\"`, if built-in names mean what is built in"
            }
            Self::CopyingComprehension => {
                "`[x for x in y]` for `list(y)`, `{k: v for k, v in y}` for `dict(y)`, if `y` is no mapping there"
            }
            Self::EnumerateLookup => {
                "`items[index]` for the element in a loop over `enumerate(items)`, if that is a sequence that nobody changes meanwhile; an index that nothing else reads"
            }
            Self::SameBranches => "`if a: X elif b: X` for `if a or b: X`",
            Self::Membership => {
                "`x == a or x == b` for `x in (a, b)`, if nothing differs from itself and the order of comparing does not matter"
            }
            Self::UnusedVariable => {
                "constants, names, and lists of them that a local variable gets and nothing reads, if the names have values"
            }
        }
    }

    /// The rule of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|it| it.as_str() == name)
    }
}

/// A set of rules.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Rules(u32);

impl Default for Rules {
    fn default() -> Self {
        Rule::DEFAULT.into_iter().fold(Self(0), Self::with)
    }
}

impl Rules {
    /// No rules.
    pub const NONE: Self = Self(0);

    /// Whether a rule is in the set.
    pub fn has(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u8) != 0
    }

    /// The set with a rule.
    pub fn with(self, rule: Rule) -> Self {
        Self(self.0 | (1 << rule as u8))
    }

    /// The set without a rule.
    pub fn without(self, rule: Rule) -> Self {
        Self(self.0 & !(1 << rule as u8))
    }

    /// The name of all rules of [`Rule::AGGRESSIVE`].
    pub const AGGRESSIVE: &str = "aggressive";

    /// Reads `+NAME` and `-NAME`, separated by commas, as changes of the default set.
    ///
    /// # Errors
    /// The part that is no rule.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rules = Self::default();
        for part in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
            let (name, add) = match part.strip_prefix('-') {
                Some(name) => (name, false),
                None => (part.strip_prefix('+').unwrap_or(part), true),
            };
            let change = |rules: Self, rule| if add { rules.with(rule) } else { rules.without(rule) };
            rules = if name == Self::AGGRESSIVE {
                Rule::AGGRESSIVE.into_iter().fold(rules, change)
            } else {
                change(rules, Rule::parse(name).ok_or_else(|| part.to_owned())?)
            };
        }
        Ok(rules)
    }
}

/// The changes of the default set, as [`Rules::parse`] reads them; empty for the default set.
impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let default = Self::default();
        let changed = Rule::all().filter(|it| self.has(*it) != default.has(*it));
        for (at, rule) in changed.enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let sign = if self.has(rule) { '+' } else { '-' };
            write!(f, "{comma}{sign}{}", rule.as_str())?;
        }
        Ok(())
    }
}

/// Whether hints, or docstrings, are kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Keep {
    /// Where the program can see them.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never, whatever the program reads.
    Never,
}

/// How the normal form is made.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct NormalOptions {
    /// The rules.
    pub rules: Rules,
    /// Docstrings.
    pub docstrings: Keep,
    /// Hints: annotations of parameters, results and variables.
    pub hints: Keep,
}

/// What is not default, as part of a hash's domain and of a lock's header; empty if all is.
impl fmt::Display for NormalOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let rules = self.rules.to_string();
        if !rules.is_empty() {
            parts.push(format!("rules={rules}"));
        }
        for (name, keep) in [("docstrings", self.docstrings), ("hints", self.hints)] {
            match keep {
                Keep::Auto => {}
                Keep::Always => parts.push(format!("{name}=keep")),
                Keep::Never => parts.push(format!("{name}=drop")),
            }
        }
        f.write_str(&parts.join(" "))
    }
}
