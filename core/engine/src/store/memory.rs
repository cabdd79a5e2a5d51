//! A store's folder in memory, with faults on demand.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::storage::{Blob, Storage, StoredFile};
use crate::files::Timestamp;

/// What is to go wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Writing fails as on a full disk.
    Full,
    /// Writing, removing and locking fail as in a folder that may only be read.
    ReadOnly,
    /// The process dies in the middle of the n-th change from now: it and all later ones are not made.
    Dies(u32),
}

/// A folder in memory. Clones share it, as processes share a folder.
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    files: BTreeMap<String, (Arc<[u8]>, Timestamp)>,
    locks: BTreeSet<String>,
    now: Timestamp,
    fault: Fault,
}

impl MemoryStorage {
    /// Makes something go wrong from now on.
    pub fn set_fault(&self, fault: Fault) {
        self.inner().fault = fault;
    }

    /// Sets the clock.
    pub fn set_day(&self, day: u32) {
        self.inner().now = Timestamp(i64::from(day) * 86_400 * Timestamp::SECOND);
    }

    /// The content of a file, to look at or to damage.
    pub fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        self.inner().files.get(name).map(|it| it.0.to_vec())
    }

    /// Sets the content of a file, whatever the fault.
    pub fn set_bytes(&self, name: &str, bytes: &[u8]) {
        let mut inner = self.inner();
        let now = inner.now;
        inner.files.insert(name.to_owned(), (bytes.into(), now));
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn may_change(&mut self, is_write: bool) -> io::Result<()> {
        match &mut self.fault {
            Fault::Full if is_write => Err(io::ErrorKind::StorageFull.into()),
            Fault::None | Fault::Full => Ok(()),
            Fault::ReadOnly => Err(io::ErrorKind::PermissionDenied.into()),
            Fault::Dies(0) => Err(io::ErrorKind::Interrupted.into()),
            Fault::Dies(rest) => {
                *rest -= 1;
                Ok(())
            }
        }
    }
}

impl Storage for MemoryStorage {
    fn list(&self) -> io::Result<Vec<StoredFile>> {
        let inner = self.inner();
        let file = |(name, (bytes, modified)): (&String, &(Arc<[u8]>, Timestamp))| StoredFile {
            name: name.clone(),
            size: bytes.len() as u64,
            modified: *modified,
        };
        Ok(inner.files.iter().map(file).collect())
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn Blob>> {
        let found = self.inner().files.get(name).map(|it| Arc::clone(&it.0));
        found.map(|it| Arc::new(MemoryBlob(it)) as _).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn write(&self, name: &str, pieces: &[&[u8]]) -> io::Result<()> {
        let mut inner = self.inner();
        if let Err(error) = inner.may_change(true) {
            if matches!(inner.fault, Fault::Dies(_)) {
                let half = pieces.concat();
                let half = half[..half.len() / 2].into();
                let now = inner.now;
                inner.files.insert(format!("{name}.tmp"), (half, now));
            }
            return Err(error);
        }
        let now = inner.now;
        inner.files.insert(name.to_owned(), (pieces.concat().into(), now));
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut inner = self.inner();
        inner.may_change(false)?;
        inner.files.remove(name).map(|_| ()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn touch(&self, name: &str) -> io::Result<()> {
        let mut inner = self.inner();
        inner.may_change(false)?;
        let now = inner.now;
        inner.files.get_mut(name).map(|it| it.1 = now).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn try_lock(&self, name: &str) -> io::Result<Option<Box<dyn Any>>> {
        let mut inner = self.inner();
        inner.may_change(false)?;
        let free = inner.locks.insert(name.to_owned());
        Ok(free.then(|| Box::new(Lock { name: name.to_owned(), storage: self.clone() }) as _))
    }

    fn now(&self) -> Timestamp {
        self.inner().now
    }
}

struct Lock {
    name: String,
    storage: MemoryStorage,
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.storage.inner().locks.remove(&self.name);
    }
}

#[derive(Debug)]
struct MemoryBlob(Arc<[u8]>);

impl Blob for MemoryBlob {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = self.0.get(start..).and_then(|it| it.get(..buffer.len()));
        bytes.map(|it| buffer.copy_from_slice(it)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}
