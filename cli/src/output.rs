//! Where the result goes: standard output, or a file that is written whole or not at all.
//!
//! A file is written to a temporary neighbour that takes its name at the very end. What is no regular file
//! (`/dev/null`, a pipe) is written to directly. A closed pipe ends the program quietly.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use tempfile::{Builder, NamedTempFile};

use crate::failure::{Failure, reason};
use crate::interrupt;

/// The sink of a command's result.
pub(crate) struct Output {
    sink: Sink,
    name: String,
    live: bool,
}

enum Sink {
    Stdout(BufWriter<io::Stdout>),
    Direct(BufWriter<File>),
    Whole(BufWriter<NamedTempFile>, PathBuf),
    Pager(BufWriter<ChildStdin>, Child),
}

/// Why writing stopped.
#[derive(Debug)]
pub(crate) enum WriteError {
    /// Nobody reads on: no error.
    Closed,
    /// Anything else.
    Failed(Failure),
}

impl Output {
    /// Standard output, or the file of that name.
    ///
    /// # Errors
    /// A file that can't be written.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = file.filter(|it| it.as_os_str() != "-") else {
            let stdout = io::stdout();
            let live = stdout.is_terminal();
            let sink = Sink::Stdout(BufWriter::with_capacity(1 << 16, stdout));
            return Ok(Self { sink, name: "standard output".to_owned(), live });
        };
        let name = format!("`{}`", path.display());
        let sink = open_file(path)
            .map_err(|error| Failure::new(format!("could not write {name}: {}", reason(&error))))?;
        Ok(Self { sink, name, live: false })
    }

    /// The pager that the user wants, if standard output is a terminal: `ASTKIT_PAGER`, `GIT_PAGER`, `PAGER`, or `less`.
    /// None within another pager, and where it does not start.
    pub(crate) fn pager() -> Option<Self> {
        if !io::stdout().is_terminal() || std::env::var_os("GIT_PAGER_IN_USE").is_some() {
            return None;
        }
        let wanted = ["ASTKIT_PAGER", "GIT_PAGER", "PAGER"].iter().find_map(|it| std::env::var(it).ok());
        let wanted = wanted.unwrap_or_else(|| "less".to_owned());
        if matches!(wanted.trim(), "" | "cat") {
            return None;
        }
        let mut command = Command::new("sh");
        command.args(["-c", &wanted]).stdin(Stdio::piped());
        if std::env::var_os("LESS").is_none() {
            // Ends by itself if all fits, shows colors, leaves the text on the screen.
            command.env("LESS", "FRX");
        }
        let mut child = command.spawn().ok()?;
        let input = child.stdin.take()?;
        let sink = Sink::Pager(BufWriter::with_capacity(1 << 16, input), child);
        Some(Self { sink, name: "the pager".to_owned(), live: false })
    }

    /// Writes a piece of the result.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        let result = match &mut self.sink {
            Sink::Stdout(it) => it.write_all(bytes),
            Sink::Direct(it) => it.write_all(bytes),
            Sink::Whole(it, _) => it.write_all(bytes),
            Sink::Pager(it, _) => it.write_all(bytes),
        };
        let flushed = if self.live { result.and_then(|()| self.flush()) } else { result };
        flushed.map_err(|error| self.failed(&error))
    }

    /// Makes the result final.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) fn finish(mut self) -> Result<(), WriteError> {
        let flushed = self.flush();
        if let Sink::Pager(writer, mut child) = self.sink {
            // The end of its input is the end of the text; a person may have left before.
            drop(writer.into_parts());
            drop(child.wait());
            return Ok(());
        }
        if let Err(error) = flushed {
            return Err(self.failed(&error));
        }
        let Sink::Whole(writer, path) = self.sink else { return Ok(()) };
        let persisted = match writer.into_inner() {
            Ok(file) => file.persist(&path).map(drop).map_err(|it| it.error),
            Err(error) => Err(error.into_error()),
        };
        interrupt::forget();
        persisted.map_err(|error| {
            let message = format!("could not write `{}`: {}", path.display(), reason(&error));
            WriteError::Failed(Failure::new(message))
        })
    }

    /// Lets readers see what was written so far.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) fn flush_now(&mut self) -> Result<(), WriteError> {
        self.flush().map_err(|error| self.failed(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Stdout(it) => it.flush(),
            Sink::Direct(it) => it.flush(),
            Sink::Whole(it, _) => it.flush(),
            Sink::Pager(it, _) => it.flush(),
        }
    }

    fn failed(&self, error: &io::Error) -> WriteError {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return WriteError::Closed;
        }
        WriteError::Failed(Failure::new(format!("could not write {}: {}", self.name, reason(error))))
    }
}

fn open_file(path: &Path) -> io::Result<Sink> {
    // A link is written through, not replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let existing = std::fs::metadata(&path).ok();
    if existing.as_ref().is_some_and(|it| !it.is_file()) {
        return Ok(Sink::Direct(BufWriter::new(File::options().write(true).open(&path)?)));
    }
    if existing.is_some() {
        // A file that must not be written must not be replaced either.
        File::options().append(true).open(&path)?;
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".astkit-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    if let Some(existing) = existing {
        file.as_file().set_permissions(existing.permissions())?;
    }
    interrupt::remember(file.path());
    Ok(Sink::Whole(BufWriter::with_capacity(1 << 16, file), path))
}
