//! The frontends of this build.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit::{Frontends, LazyCPython};

use crate::settings::Settings;

/// All frontends, `cpython` with the interpreter that the settings name.
pub(crate) fn all(settings: &Settings) -> Frontends {
    let mut frontends = Frontends::standard();
    if let Some(python) = &settings.python {
        frontends.add(Arc::new(LazyCPython::new(Some(executable(python)))));
    }
    frontends
}

/// The interpreter of a virtual environment, or the one that is named.
fn executable(python: &Path) -> PathBuf {
    if !python.is_dir() {
        return python.to_owned();
    }
    let usual = [python.join("bin").join("python"), python.join("Scripts").join("python.exe")];
    usual.into_iter().find(|it| it.exists()).unwrap_or_else(|| python.join("bin").join("python"))
}
