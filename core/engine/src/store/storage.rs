//! The folder that a store works in, as a trait.

use std::any::Any;
use std::fmt;
use std::io;
use std::sync::Arc;

use crate::files::Timestamp;

/// A file in the folder of a store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredFile {
    /// Its path in the folder, with `/`.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last written or marked as used.
    pub modified: Timestamp,
}

/// A folder that a store may fill. Names are paths below it, with `/`.
pub trait Storage: Send + Sync + fmt::Debug {
    /// All files below the folder, leftovers of broken writes included; none if the folder is not there.
    ///
    /// # Errors
    /// As the system says.
    fn list(&self) -> io::Result<Vec<StoredFile>>;

    /// Opens a file for reading. It stays readable while it is open, even when others remove it.
    ///
    /// # Errors
    /// As the system says.
    fn open(&self, name: &str) -> io::Result<Arc<dyn Blob>>;

    /// Writes a file from pieces, making folders as needed. Readers see all of it or what was there before: a
    /// temporary file is renamed.
    ///
    /// # Errors
    /// As the system says; then nothing is left of it.
    fn write(&self, name: &str, pieces: &[&[u8]]) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// As the system says.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Marks a file as used now.
    ///
    /// # Errors
    /// As the system says.
    fn touch(&self, name: &str) -> io::Result<()>;

    /// Takes the lock of that name without waiting; none if somebody has it. Dropping the result gives it back, and so
    /// does the end of the process.
    ///
    /// # Errors
    /// As the system says.
    fn try_lock(&self, name: &str) -> io::Result<Option<Box<dyn Any>>>;

    /// The clock that stamps files.
    fn now(&self) -> Timestamp;
}

/// An open file.
pub trait Blob: Send + Sync + fmt::Debug {
    /// Its size when it was opened.
    fn len(&self) -> u64;

    /// Whether it had no content when it was opened.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buffer` from the given place on.
    ///
    /// # Errors
    /// As the system says; [`io::ErrorKind::UnexpectedEof`] if the file ends too early.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}
