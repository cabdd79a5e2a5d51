//! Pipelines as text: `strip-hints,repeat<8>(fold-constants,dead-code<python-version=3.8>)`.
//!
//! Parameters stand in angle brackets, separated by commas or semicolons; `-` and `_` are the same in their names. A
//! repetition ends when nothing changes, or after so many rounds.

use std::collections::BTreeMap;
use std::fmt;

use crate::failure::Failure;

/// A transformation with parameters, or a repetition of some.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Pass { name: String, parameters: BTreeMap<String, String> },
    Repeat { times: u32, steps: Vec<Step> },
}

/// Steps one after the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pipeline {
    pub(super) steps: Vec<Step>,
}

/// How deep repetitions may be.
const DEEPEST: usize = 16;

impl Pipeline {
    /// Reads a pipeline.
    ///
    /// # Errors
    /// Text that is none.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let mut reader = Reader { rest: text };
        let steps = reader.steps(0)?;
        if !reader.rest.is_empty() {
            return Err(reader.unexpected());
        }
        Ok(Self { steps })
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn unexpected(&self) -> Failure {
        let message = match self.rest.chars().next() {
            None => "the pipeline ends too early".to_owned(),
            Some(it) => format!("`{it}` is not expected in the pipeline, before `{}`", self.rest),
        };
        Failure::new(message).hint("a pipeline is PASS<KEY=VALUE>,...; repeat<N>(...) repeats one")
    }

    fn takes(&mut self, wanted: char) -> bool {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest).trim_start();
        rest.is_some()
    }

    fn until(&mut self, ends: &[char]) -> &'a str {
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.trim()
    }

    fn steps(&mut self, depth: usize) -> Result<Vec<Step>, Failure> {
        let mut out = vec![self.step(depth)?];
        while self.takes(',') {
            out.push(self.step(depth)?);
        }
        Ok(out)
    }

    fn step(&mut self, depth: usize) -> Result<Step, Failure> {
        self.rest = self.rest.trim_start();
        let name = self.until(&[',', '<', '(', ')', '>']).to_owned();
        if name.is_empty() || depth > DEEPEST {
            return Err(self.unexpected());
        }
        let has_parameters = self.takes('<');
        if name == "repeat" {
            let times = if has_parameters { self.until(&['>']).parse().ok() } else { Some(8) };
            if has_parameters && !self.takes('>') || times.is_none() || !self.takes('(') {
                return Err(self.unexpected());
            }
            let steps = self.steps(depth + 1)?;
            return if self.takes(')') {
                Ok(Step::Repeat { times: times.unwrap_or_default(), steps })
            } else {
                Err(self.unexpected())
            };
        }
        let mut parameters = BTreeMap::new();
        while has_parameters && !self.takes('>') {
            let key = self.until(&['=', '>', ',', ';']).replace('_', "-");
            if !self.takes('=') {
                return Err(self.unexpected());
            }
            parameters.insert(key, self.until(&['>', ',', ';']).to_owned());
            if !self.takes(',') && !self.takes(';') && !self.rest.starts_with('>') {
                return Err(self.unexpected());
            }
        }
        Ok(Step::Pass { name, parameters })
    }
}

impl fmt::Display for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_steps(&self.steps, f)
    }
}

fn write_steps(steps: &[Step], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, step) in steps.iter().enumerate() {
        if at > 0 {
            f.write_str(",")?;
        }
        match step {
            Step::Repeat { times, steps } => {
                write!(f, "repeat<{times}>(")?;
                write_steps(steps, f)?;
                f.write_str(")")?;
            }
            Step::Pass { name, parameters } => {
                f.write_str(name)?;
                for (at, (key, value)) in parameters.iter().enumerate() {
                    write!(f, "{}{key}={value}", if at == 0 { '<' } else { ';' })?;
                }
                if !parameters.is_empty() {
                    f.write_str(">")?;
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Pipeline;

    #[test]
    fn text_comes_back() {
        for text in [
            "a",
            "a,b<x=1;y-z=2>,repeat<8>(c,repeat<2>(d<e=f>))",
            "dead-code<python-version=3.8;platform=linux>",
        ] {
            assert_eq!(Pipeline::parse(text).expect("a pipeline").to_string(), text);
        }
        let loose = Pipeline::parse(" a < x_y = 1 , z=2 > , repeat( b ) ").expect("a pipeline");
        assert_eq!(loose.to_string(), "a<x-y=1;z=2>,repeat<8>(b)");
        for text in ["", "a,", "a<", "a<b", "a<b=1", "repeat<x>(a)", "repeat<2>a", "a)", "a(b)"] {
            assert!(Pipeline::parse(text).is_err(), "{text}");
        }
    }
}
