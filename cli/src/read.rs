//! Reads inputs: bytes from the outside, once each.

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
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if metadata.len() >= LIMIT {
        return Err(io::Error::other("it is larger than 4 GiB"));
    }
    if is_device(&metadata) {
        return Err(io::Error::other("it is a device, not a file"));
    }
    std::fs::read(path)
}

/// Devices may have no end; `/dev/null` has, and stands for an absent file.
#[cfg(unix)]
fn is_device(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let kind = metadata.file_type();
    let null = std::fs::metadata("/dev/null").is_ok_and(|it| it.rdev() == metadata.rdev());
    (kind.is_char_device() && !null) || kind.is_block_device()
}

/// Devices may have no end.
#[cfg(not(unix))]
fn is_device(_metadata: &std::fs::Metadata) -> bool {
    false
}
