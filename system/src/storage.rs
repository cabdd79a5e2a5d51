//! The store's folder on a real disk.

use std::any::Any;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use astkit_engine::store::{Blob, Storage, StoredFile};
use astkit_engine::{FileSystem as _, Timestamp};

use crate::files::{OsFiles, timestamp};

/// A folder on disk that a store may fill. It is made when something is written.
#[derive(Clone, Debug)]
pub struct FolderStorage {
    root: PathBuf,
}

impl FolderStorage {
    /// Does nothing yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Removes the folders that a store made, and the folder itself, where nothing is in them.
    pub fn remove_empty_folders(&self) {
        let folders = fs::read_dir(&self.root).into_iter().flatten().flatten().map(|it| it.path());
        let made = folders.filter(|it| it.is_dir() && it.file_name().is_some_and(is_version));
        for folder in made.chain([self.root.clone()]) {
            // Whatever is in it stays.
            fs::remove_dir(&folder).unwrap_or_else(|error| tracing::trace!(%error, "folder stays"));
        }
    }

    fn add_files(&self, folder: &str, out: &mut Vec<StoredFile>) -> io::Result<()> {
        let entries = match fs::read_dir(self.root.join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            match entry.metadata() {
                Ok(it) if it.is_file() => {
                    let modified = it.modified().map_or(Timestamp::default(), timestamp);
                    out.push(StoredFile { name, size: it.len(), modified });
                }
                // Only folders that a store makes: a wrong folder given by mistake is not searched.
                Ok(it) if it.is_dir() && folder.is_empty() && is_version(OsStr::new(&name)) => {
                    self.add_files(&name, out)?;
                }
                // Gone in the meantime, or none of ours.
                Ok(_) | Err(_) => {}
            }
        }
        Ok(())
    }
}

impl Storage for FolderStorage {
    fn list(&self) -> io::Result<Vec<StoredFile>> {
        let mut out = Vec::new();
        self.add_files("", &mut out)?;
        Ok(out)
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn Blob>> {
        let file = File::open(self.root.join(name))?;
        let len = file.metadata()?.len();
        Ok(Arc::new(FileBlob { file, len }))
    }

    fn write(&self, name: &str, pieces: &[&[u8]]) -> io::Result<()> {
        let path = self.root.join(name);
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        let temporary = folder.join(format!("{}.tmp", unique()));
        let written = write_new(&temporary, pieces).and_then(|()| fs::rename(&temporary, &path));
        if written.is_err() {
            fs::remove_file(&temporary)
                .unwrap_or_else(|error| tracing::trace!(%error, "temporary file stays"));
        }
        written
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.root.join(name))
    }

    fn touch(&self, name: &str) -> io::Result<()> {
        File::options().append(true).open(self.root.join(name))?.set_modified(SystemTime::now())
    }

    fn try_lock(&self, name: &str) -> io::Result<Option<Box<dyn Any>>> {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.root))?;
        let file = File::options().create(true).append(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn now(&self) -> Timestamp {
        OsFiles.now()
    }
}

/// Whether a folder is one that a store makes.
fn is_version(name: &OsStr) -> bool {
    name.as_encoded_bytes().first().is_some_and(u8::is_ascii_digit)
}

fn write_new(path: &Path, pieces: &[&[u8]]) -> io::Result<()> {
    let mut file = io::BufWriter::with_capacity(1 << 20, File::create_new(path)?);
    for piece in pieces {
        file.write_all(piece)?;
    }
    file.flush()
}

/// A name that no other thread and no other process has.
fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_nanos());
    format!("{:x}-{:x}-{:x}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed), nanos)
}

#[derive(Debug)]
struct FileBlob {
    file: File,
    len: u64,
}

impl Blob for FileBlob {
    fn len(&self) -> u64 {
        self.len
    }

    #[cfg(unix)]
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        use std::os::unix::fs::FileExt as _;
        self.file.read_exact_at(buffer, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        use std::os::windows::fs::FileExt as _;
        while !buffer.is_empty() {
            let read = self.file.seek_read(buffer, offset)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            (offset, buffer) = (offset + read as u64, &mut buffer[read..]);
        }
        Ok(())
    }
}
