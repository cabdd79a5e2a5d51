//! Where results are kept between runs.
//!
//! `--cache-dir` (or `ASTKIT_CACHE_DIR`, or `cache-dir` in a configuration file), else the folder that the platform
//! has for this: `$XDG_CACHE_HOME/astkit`, `~/.cache/astkit`; on macOS `~/Library/Caches/astkit`, on Windows
//! `%LOCALAPPDATA%\astkit\cache`. A cache that can't be used costs time, and never a result.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use astkit_engine::store::{Store, StoreCounts};
use astkit_system::FolderStorage;

use crate::settings::Settings;

/// Names the build whose results may be used: see `build.rs`.
pub(crate) const BUILD: &str = env!("ASTKIT_BUILD");

/// The folder for results; none if nothing says where it could be.
pub(crate) fn folder(settings: &Settings) -> Option<PathBuf> {
    let given = settings.cache_dir.clone().filter(|it| !it.as_os_str().is_empty());
    let folder =
        given.or_else(|| default_folder(|name| env::var_os(name).map(PathBuf::from), env::home_dir()))?;
    Some(std::path::absolute(&folder).unwrap_or(folder))
}

/// The store of this run: one that remembers nothing if that is wanted, or if there is no place for it.
pub(crate) fn store(settings: &Settings) -> Store {
    match folder(settings) {
        Some(folder) if !settings.no_cache => Store::new(Arc::new(FolderStorage::new(folder)), BUILD),
        _ => Store::none(),
    }
}

/// What to tell about a cache that did not work; nothing if it did.
pub(crate) fn complaint(settings: &Settings, counts: &StoreCounts) -> Option<String> {
    let folder = folder(settings)?;
    let shown = folder.display();
    if counts.failed > 0 {
        return Some(format!(
            "the cache in `{shown}` could not be written; the next run will be as slow as this"
        ));
    }
    (counts.damaged > 0).then(|| format!("parts of the cache in `{shown}` were damaged and are made anew"))
}

fn default_folder(variable: impl Fn(&str) -> Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    // The specification wants relative paths to be passed over.
    let absolute = |name: &str| variable(name).filter(|it| it.is_absolute());
    let below = |it: PathBuf, rest: &str| it.join(Path::new(rest));
    if let Some(base) = absolute("XDG_CACHE_HOME") {
        return Some(below(base, "astkit"));
    }
    if cfg!(windows) {
        return absolute("LOCALAPPDATA").map(|it| below(it, "astkit").join("cache"));
    }
    let home = home.filter(|it| it.is_absolute())?;
    Some(below(home, if cfg!(target_os = "macos") { "Library/Caches/astkit" } else { ".cache/astkit" }))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)], home: Option<&str>) -> Option<String> {
        let variable = |name: &str| variables.iter().find(|it| it.0 == name).map(|it| PathBuf::from(it.1));
        default_folder(variable, home.map(PathBuf::from)).map(|it| it.display().to_string())
    }

    #[test]
    fn the_platform_says_where() {
        assert_eq!(found(&[], Some("/users/u")).as_deref(), Some("/users/u/.cache/astkit"));
        assert_eq!(found(&[("XDG_CACHE_HOME", "/c")], Some("/users/u")).as_deref(), Some("/c/astkit"));
        assert_eq!(
            found(&[("XDG_CACHE_HOME", "c")], Some("/users/u")).as_deref(),
            Some("/users/u/.cache/astkit")
        );
        assert_eq!(
            found(&[("XDG_CACHE_HOME", "")], Some("/users/u")).as_deref(),
            Some("/users/u/.cache/astkit")
        );
        assert_eq!(found(&[], None), None);
    }
}
