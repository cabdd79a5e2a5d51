//! Reads inputs: bytes from the outside, once each.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use crate::failure::Failure;
use crate::targets::{Input, Origin, unreadable};

/// More than any text that can be decoded: not worth reading.
const LIMIT: u64 = 1 << 32;

/// Reads an input's bytes.
///
/// # Errors
/// What can't be read, or is nothing that can be read to an end.
pub(crate) fn bytes(input: &Input) -> Result<Vec<u8>, Failure> {
    match &input.origin {
        Origin::File(path) => file(path).map_err(|error| unreadable(path, &error)),
        Origin::Stdin => {
            let mut bytes = Vec::new();
            match io::stdin().lock().take(LIMIT).read_to_end(&mut bytes) {
                Ok(_) => Ok(bytes),
                Err(error) => Err(unreadable(Path::new("standard input"), &error)),
            }
        }
    }
}

fn file(path: &Path) -> io::Result<Vec<u8>> {
    let (file, metadata) = open(path)?;
    if metadata.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if metadata.len() >= LIMIT {
        return Err(io::Error::other("it is larger than 4 GiB"));
    }
    if is_device(&metadata) {
        return Err(io::Error::other("it is a device, not a file"));
    }
    to_end(&file, usize::try_from(metadata.len()).unwrap_or(0))
}

/// Opens a file, or what takes its place; asks for one that can't be opened what it is.
fn open(path: &Path) -> io::Result<(File, Metadata)> {
    match File::open(path) {
        Ok(file) => file.metadata().map(|it| (file, it)),
        Err(_) if path.is_dir() => Err(io::Error::other("it is a folder")),
        Err(error) => Err(error),
    }
}

/// Reads a file of which one knows how long it should be: in two calls, the second to see that nothing follows.
fn to_end(mut file: &File, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; len + 1];
    let mut end = 0;
    loop {
        match file.read(&mut bytes[end..]) {
            Ok(0) => break,
            Ok(count) => end += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if end == bytes.len() {
            bytes.truncate(end);
            file.read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
    }
    bytes.truncate(end);
    Ok(bytes)
}

/// Devices may have no end; `/dev/null` has, and stands for an absent file.
#[cfg(unix)]
fn is_device(metadata: &Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let kind = metadata.file_type();
    let is_null = || std::fs::metadata("/dev/null").is_ok_and(|it| it.rdev() == metadata.rdev());
    kind.is_block_device() || (kind.is_char_device() && !is_null())
}

/// Devices may have no end.
#[cfg(not(unix))]
fn is_device(_metadata: &Metadata) -> bool {
    false
}
