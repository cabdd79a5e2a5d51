//! Transformations in a row, as values and as text: `expand-wildcards,repeat<8>(fold-constants,dead-code)`.
//!
//! ```text
//! pipeline   = [ step { "," step } ]
//! step       = "repeat" "<" NUMBER ">" "(" pipeline ")"
//!            | NAME [ "<" parameter { "," parameter } ">" ]
//! parameter  = KEY "=" VALUE
//! ```
//! In keys, `_` and `-` are the same. A value ends at the next `,` or `>` outside of brackets and quotes; texts with such characters are written as in
//! JSON. White space around steps and parameters means nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::analysis::Reach;
use super::parameters::{Given, ParameterError};
use super::registry;
use super::transformation::{AnyT, Transformation};

/// Transformations in a row. Equal if the steps are.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Pipeline {
    steps: Arc<[Step]>,
}

/// A step of a pipeline.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Step {
    /// Applies a transformation.
    Apply(AnyT),
    /// Applies a pipeline until it changes nothing, and not more often than this.
    Repeat(u32, Pipeline),
}

/// What is wrong with the text of a pipeline.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// Something else was expected here.
    #[error("expected {expected} at {at}")]
    Syntax {
        /// What could stand here.
        expected: &'static str,
        /// Where in the text, in bytes.
        at: usize,
    },
    /// No transformation has this name.
    #[error("no transformation `{0}`")]
    Unknown(String),
    /// The parameters of a transformation are not as it wants them.
    #[error("transformation `{0}`: {1}")]
    Parameters(String, ParameterError),
}

/// How deep `repeat` may be nested.
const DEEPEST: usize = 32;

impl Pipeline {
    /// One transformation.
    pub fn of<T: Transformation>(transformation: T) -> Self {
        Self::default().then(transformation)
    }

    /// The same, and one transformation more.
    pub fn then<T: Transformation>(&self, transformation: T) -> Self {
        self.with(Step::Apply(AnyT::new(transformation)))
    }

    /// The same, and another pipeline until it changes nothing, not more often than `most` times.
    pub fn then_repeat(&self, most: u32, pipeline: Self) -> Self {
        self.with(Step::Repeat(most, pipeline))
    }

    pub(crate) fn with(&self, step: Step) -> Self {
        Self { steps: self.steps.iter().cloned().chain([step]).collect() }
    }

    /// All steps of this one, then all of another.
    pub fn and(&self, other: &Self) -> Self {
        Self { steps: self.steps.iter().chain(&*other.steps).cloned().collect() }
    }

    /// The same, kept to the definition of a path and what is in it. What it inserts elsewhere (imports) stays.
    #[must_use]
    pub(crate) fn within(&self, path: &Arc<str>) -> Self {
        let step = |it: &Step| match it {
            Step::Apply(by) => Step::Apply(by.within(path)),
            Step::Repeat(most, inner) => Step::Repeat(*most, inner.within(path)),
        };
        Self { steps: self.steps.iter().map(step).collect() }
    }

    /// Its steps.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// All transformations in it, each once, in the order of the text.
    pub(crate) fn transformations(&self) -> Vec<&AnyT> {
        let mut out: Vec<&AnyT> = Vec::new();
        for step in &*self.steps {
            let inner = match step {
                Step::Apply(it) => vec![it],
                Step::Repeat(_, pipeline) => pipeline.transformations(),
            };
            for it in inner {
                if !out.contains(&it) {
                    out.push(it);
                }
            }
        }
        out
    }

    /// Whether some transformation in it looks at other modules.
    pub fn reach(&self) -> Reach {
        let is_inter = self.transformations().iter().any(|it| it.0.reach() == Reach::Inter);
        if is_inter { Reach::Inter } else { Reach::Intra }
    }

    /// Name and parameters of its only transformation; none if it has more, or other steps.
    pub fn only(&self) -> Option<(&'static str, BTreeMap<String, String>)> {
        match &*self.steps {
            [Step::Apply(it)] => Some((it.name(), registry::print(it))),
            _ => None,
        }
    }

    /// Whether it has no step.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The last step, and the pipeline without it.
    pub(crate) fn split_last(&self) -> Option<(Self, &Step)> {
        let (last, before) = self.steps.split_last()?;
        Some((Self { steps: before.into() }, last))
    }

    pub(crate) fn ends_with(&self, other: &Self) -> bool {
        self.steps.ends_with(&other.steps)
    }

    /// Reads a pipeline of registered transformations.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn parse(text: &str) -> Result<Self, PipelineError> {
        let mut parser = Parser { text, at: 0 };
        let out = parser.pipeline(0)?;
        if parser.at < text.len() {
            return Err(parser.expected("`,` or the end"));
        }
        Ok(out)
    }
}

impl fmt::Display for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            step.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Repeat(most, pipeline) => write!(f, "repeat<{most}>({pipeline})"),
            Step::Apply(it) => {
                f.write_str(it.name())?;
                let given = registry::print(it);
                if given.is_empty() {
                    return Ok(());
                }
                let given: Vec<_> = given.iter().map(|(key, value)| format!("{key}={value}")).collect();
                write!(f, "<{}>", given.join(","))
            }
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn expected(&self, expected: &'static str) -> PipelineError {
        PipelineError::Syntax { expected, at: self.at }
    }

    fn space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn takes(&mut self, token: char) -> bool {
        self.space();
        let has_it = self.text[self.at..].starts_with(token);
        self.at += if has_it { token.len_utf8() } else { 0 };
        has_it
    }

    fn pipeline(&mut self, depth: usize) -> Result<Pipeline, PipelineError> {
        let mut steps = Vec::new();
        self.space();
        if self.at == self.text.len() || self.text[self.at..].starts_with(')') {
            return Ok(Pipeline::default());
        }
        loop {
            steps.push(self.step(depth)?);
            if !self.takes(',') {
                self.space();
                return Ok(Pipeline { steps: steps.into() });
            }
        }
    }

    fn name(&mut self) -> Result<&'a str, PipelineError> {
        self.space();
        let rest = &self.text[self.at..];
        let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
        let name = &rest[..rest.find(|it| !is_part(it)).unwrap_or(rest.len())];
        if name.is_empty() {
            return Err(self.expected("a name"));
        }
        self.at += name.len();
        Ok(name)
    }

    fn step(&mut self, depth: usize) -> Result<Step, PipelineError> {
        let name = self.name()?;
        if name == "repeat" {
            return self.repeat(depth);
        }
        let given = self.parameters()?;
        let made = registry::transformation(name, &given);
        let made = made.ok_or_else(|| PipelineError::Unknown(name.to_owned()))?;
        made.map(Step::Apply).map_err(|error| PipelineError::Parameters(name.to_owned(), error))
    }

    fn repeat(&mut self, depth: usize) -> Result<Step, PipelineError> {
        if depth == DEEPEST {
            return Err(self.expected("less nesting"));
        }
        if !self.takes('<') {
            return Err(self.expected("`<`"));
        }
        let most = self.name()?.parse().map_err(|_| self.expected("a number before this"))?;
        if !self.takes('>') {
            return Err(self.expected("`>`"));
        }
        if !self.takes('(') {
            return Err(self.expected("`(`"));
        }
        let inner = self.pipeline(depth + 1)?;
        if !self.takes(')') {
            return Err(self.expected("`,` or `)`"));
        }
        Ok(Step::Repeat(most, inner))
    }

    fn parameters(&mut self) -> Result<Given, PipelineError> {
        let mut out = Given::default();
        if !self.takes('<') || self.takes('>') {
            return Ok(out);
        }
        loop {
            let key = self.name()?;
            if !self.takes('=') {
                return Err(self.expected("`=`"));
            }
            let value = self.value()?;
            out.insert(key.to_owned(), value.to_owned());
            if self.takes('>') {
                return Ok(out);
            }
            if !self.takes(',') {
                return Err(self.expected("`,` or `>`"));
            }
        }
    }

    /// Up to the next `,` or `>` that is not in brackets or quotes.
    fn value(&mut self) -> Result<&'a str, PipelineError> {
        self.space();
        let (start, mut open, mut quoted) = (self.at, 0_u32, false);
        let mut chars = self.text[start..].char_indices();
        while let Some((at, it)) = chars.next() {
            match it {
                '\\' if quoted => {
                    chars.next();
                }
                '"' => quoted = !quoted,
                _ if quoted => {}
                '[' | '{' => open += 1,
                ']' | '}' => open = open.saturating_sub(1),
                ',' | '>' if open == 0 => {
                    self.at = start + at;
                    return Ok(self.text[start..self.at].trim_end());
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        Err(self.expected("`>`"))
    }
}
