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
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 11] = [
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
        }
    }

    /// The rule of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }
}

/// A set of rules.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Rules(u32);

impl Default for Rules {
    fn default() -> Self {
        Rule::ALL.into_iter().fold(Self(0), Self::with)
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
            let rule = Rule::parse(name).ok_or_else(|| part.to_owned())?;
            rules = if add { rules.with(rule) } else { rules.without(rule) };
        }
        Ok(rules)
    }
}

/// The changes of the default set, as [`Rules::parse`] reads them; empty for the default set.
impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = Rule::ALL.into_iter().filter(|it| !self.has(*it));
        for (at, rule) in missing.enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}-{}", rule.as_str())?;
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
