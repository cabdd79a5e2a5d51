//! Which Python to use if nobody says.

use std::path::{Path, PathBuf};

use crate::worker::Worker;

/// Names to look for, best first. From 3.13 on positions are exact, so an unnumbered Python of that age is better than
/// an older numbered one.
const NAMES: [(&str, u32); 11] = [
    ("python3.14", 0),
    ("python3.13", 0),
    ("python3", 13),
    ("python", 13),
    ("python3.12", 0),
    ("python3.11", 0),
    ("python3.10", 0),
    ("python3.9", 0),
    ("python3.8", 0),
    ("python3", 0),
    ("python", 0),
];

/// Starts the given interpreter, or else the one that `ASTKIT_PYTHON` names, or else the best that is found.
pub(crate) fn start(executable: Option<&Path>, schema: &str) -> Result<(PathBuf, Worker), String> {
    let asked = executable.map(Path::to_owned);
    let asked =
        asked.or_else(|| std::env::var_os("ASTKIT_PYTHON").filter(|it| !it.is_empty()).map(PathBuf::from));
    if let Some(path) = asked {
        return Worker::start(&path, schema).map(|worker| (path, worker));
    }
    for (name, least) in NAMES {
        if let Ok(worker) = Worker::start(Path::new(name), schema)
            && (worker.version.major, worker.version.minor) >= (3, least)
        {
            return Ok((PathBuf::from(name), worker));
        }
    }
    Err("no Python of version 3.8 or newer was found; set ASTKIT_PYTHON".to_owned())
}
