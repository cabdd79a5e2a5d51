//! Names of files in the output.

use std::path::Path;

use crate::render::Append as _;
use crate::targets;

/// A path as it is shown: relative to the working directory where it is below.
pub(super) fn show(folder: &Path, path: &Path) -> String {
    targets::show(relative(folder, path))
}

fn relative<'a>(folder: &Path, path: &'a Path) -> &'a Path {
    match path.strip_prefix(folder) {
        Ok(it) if it.as_os_str().is_empty() => Path::new("."),
        Ok(it) => it,
        Err(_) => path,
    }
}

/// The bytes of a path that is no UTF-8, in hexadecimal digits, so that nothing is lost; none for one that is.
pub(super) fn bytes(folder: &Path, path: &Path) -> Option<String> {
    let path = relative(folder, path);
    path.to_str().is_none().then(|| {
        let mut out = String::new();
        for byte in path.as_os_str().as_encoded_bytes() {
            out.append(format_args!("{byte:02x}"));
        }
        out
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Path;

    #[test]
    fn names_that_are_no_utf8_lose_nothing() {
        let folder = Path::new("/r");
        let bytes = |name| super::bytes(folder, &folder.join(OsStr::from_bytes(name)));
        assert_eq!(bytes(b"a\xff.py").as_deref(), Some("61ff2e7079"));
        assert_eq!(bytes(b"a.py"), None);
    }
}
