//! The frontend: texts to workers, answers to trees, failures to diagnostics.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use astkit_ast::schema::Schema;
use astkit_ast::{
    Diagnostic, Frontend, FrontendId, LowerError, Options, SourceText, Span, TreeBuilder, python,
};

use crate::marshal::{Malformed, Reader};
use crate::worker::{Failure, Version, Worker};
use crate::{executable, rebuilder, spec};

const NAME: &str = "cpython";

/// Version of the rebuilder and of the worker's program: a part of the frontend's version.
const REBUILDER: u32 = 1;

/// What a file may take: this, and more for each megabyte. A usual megabyte takes a quarter of a second.
const LIMIT: Duration = Duration::from_secs(20);
const LIMIT_PER_MEGABYTE: Duration = Duration::from_secs(10);

/// Common trees from the `ast` of a real interpreter.
///
/// Cheap to share between threads: each call takes an idle worker process or starts one, so there are at most as many
/// as there were calls at the same time. They end with this value.
pub struct CPythonFrontend {
    executable: PathBuf,
    spec: String,
    version: Version,
    limit: Duration,
    idle: Mutex<Vec<Worker>>,
}

impl CPythonFrontend {
    /// Starts the interpreter `executable`; without one, that of the environment variable `ASTKIT_PYTHON`, or else
    /// the best that is found: `python3.14`, `python3.13`, and so on.
    ///
    /// # Errors
    /// [`LowerError::Unavailable`] if it can't be started or is older than 3.8.
    pub fn new(executable: Option<&Path>) -> Result<Self, LowerError> {
        let spec = spec::message(python::schema());
        let (executable, worker) = executable::start(executable, &spec).map_err(unavailable)?;
        let version = worker.version.clone();
        Ok(Self { executable, spec, version, limit: LIMIT, idle: Mutex::new(vec![worker]) })
    }

    /// Changes how long one file may take, on top of an allowance for its length.
    #[must_use]
    pub fn with_time_limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// The interpreter, as it is started.
    pub fn executable(&self) -> &Path {
        &self.executable
    }

    /// The interpreter's version: major, minor and micro.
    pub fn python_version(&self) -> (u32, u32, u32) {
        (self.version.major, self.version.minor, self.version.micro)
    }

    fn start(&self) -> Result<Worker, LowerError> {
        Worker::start(&self.executable, &self.spec).map_err(unavailable)
    }

    /// The answer to a text. A worker that dies is replaced once; if its successor dies too but a third one starts, it
    /// must be the text's fault.
    fn answer(&self, source: &SourceText) -> Result<Result<Vec<u8>, Trouble>, LowerError> {
        let text = source.shared_text();
        let skip = if source.has_bom() { '\u{feff}'.len_utf8() } else { 0 };
        let limit = self.limit + LIMIT_PER_MEGABYTE * (source.len() >> 20);
        let mut worker = self.take_idle();
        for _ in 0..2 {
            let mut it = match worker.take() {
                Some(it) => it,
                None => self.start()?,
            };
            match it.request(text.clone(), skip, limit) {
                Ok(answer) => {
                    self.put_back(it);
                    return Ok(Ok(answer));
                }
                Err(Failure::TimedOut) => return Ok(Err(Trouble::TimeLimit(limit))),
                Err(Failure::Died) => {}
            }
        }
        self.put_back(self.start()?);
        Ok(Err(Trouble::Crash))
    }

    fn take_idle(&self) -> Option<Worker> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put_back(&self, worker: Worker) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }
}

/// Why a text has no tree, where it is not Python's verdict.
enum Trouble {
    TimeLimit(Duration),
    Crash,
}

impl Frontend for CPythonFrontend {
    fn id(&self) -> FrontendId {
        let Version { major, minor, micro, implementation } = &self.version;
        let version = format!("{implementation} {major}.{minor}.{micro}, {REBUILDER}");
        FrontendId { name: NAME.into(), version: version.into() }
    }

    fn schema(&self) -> &'static Schema {
        python::schema()
    }

    fn extensions(&self) -> &[&str] {
        &["py", "pyi", "pyw"]
    }

    fn lower(
        &self,
        source: &SourceText,
        _options: &Options,
        builder: &mut TreeBuilder<'_>,
    ) -> Result<(), LowerError> {
        let diagnostic = match self.answer(source)? {
            Ok(answer) => match answer.split_first() {
                Some((b'T', tree)) => {
                    return rebuilder::rebuild(tree, python::schema(), builder).map_err(malformed);
                }
                Some((b'E', error)) => syntax_error(error, source).map_err(malformed)?,
                _ => return Err(malformed(Malformed)),
            },
            Err(trouble) => self.trouble(&trouble, source),
        };
        builder.diagnostic(diagnostic);
        build_error(source, builder);
        Ok(())
    }
}

impl CPythonFrontend {
    fn trouble(&self, trouble: &Trouble, source: &SourceText) -> Diagnostic {
        let span = text_span(source);
        match trouble {
            Trouble::TimeLimit(limit) => {
                let message =
                    format!("the interpreter did not finish this file within {} s", limit.as_secs());
                Diagnostic::error(NAME, "time-limit", span, message)
            }
            Trouble::Crash => {
                let message = format!("`{}` crashes on this file", self.executable.display());
                Diagnostic::error(NAME, "interpreter-crash", span, message)
            }
        }
    }
}

fn unavailable(reason: String) -> LowerError {
    LowerError::Unavailable { frontend: NAME.into(), reason }
}

fn malformed(_: Malformed) -> LowerError {
    unavailable("the interpreter's answer could not be read".to_owned())
}

/// The diagnostic for an exception: its class, its message and its place, each number of which may be missing.
fn syntax_error(error: &[u8], source: &SourceText) -> Result<Diagnostic, Malformed> {
    let mut reader = Reader::new(error);
    reader.sequence()?;
    let class = reader.text()?.unwrap_or("Exception");
    let message = reader.text()?.unwrap_or_default();
    let (line, column) = (reader.optional()?, reader.optional()?);
    let (end_line, end_column) = (reader.optional()?, reader.optional()?);
    let span = match line.filter(|it| *it > 0) {
        Some(line) => {
            let start = char_offset(source, line, column);
            let end = end_line.filter(|it| *it >= line).map(|it| char_offset(source, it, end_column));
            Span::new(start, end.unwrap_or(start))
        }
        None => text_span(source),
    };
    Ok(match class {
        "SyntaxError" | "IndentationError" | "TabError" => {
            Diagnostic::error(NAME, "syntax-error", span, message.to_owned())
        }
        "RecursionError" | "MemoryError" => {
            let message = "the code is too deeply nested for this interpreter";
            Diagnostic::error(NAME, "too-deep", span, message)
        }
        _ => Diagnostic::error(NAME, "syntax-error", span, format!("{class}: {message}")),
    })
}

/// The byte offset of a column that counts characters from 1, as syntax errors do.
fn char_offset(source: &SourceText, line: u32, column: Option<u32>) -> u32 {
    let span = source.line_span(line);
    let column = column.unwrap_or(1).saturating_sub(1) as usize;
    let text = source.slice(span);
    let bytes = text.char_indices().nth(column).map_or(text.len(), |it| it.0);
    span.start + u32::try_from(bytes).unwrap_or(0)
}

/// Where the text begins and ends, white space and byte-order mark left out.
fn text_span(source: &SourceText) -> Span {
    let text = source.text();
    let is_space = |it: char| it.is_whitespace() || it == '\u{feff}';
    let start = text.len() - text.trim_start_matches(is_space).len();
    let end = text.trim_end_matches(is_space).len();
    let offset = |it| u32::try_from(it).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

/// A file with one `Error`, for a text that has no tree.
fn build_error(source: &SourceText, builder: &mut TreeBuilder<'_>) {
    let mark = builder.mark();
    let span = text_span(source);
    if !span.is_empty() {
        builder.error(mark, span);
        builder.role(python::Role::Body);
    }
    python::build::module(builder, mark, Span::new(0, source.len()));
}

#[cfg(test)]
mod tests;
