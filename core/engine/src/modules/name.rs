//! Dotted names of modules.

use std::fmt;
use std::sync::Arc;

/// The qualified name of a module: `pkg.sub.mod`. Cheap to clone.
///
/// Any text without empty parts is taken: `importlib.import_module("my-script")` is valid Python.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleName(Arc<str>);

impl ModuleName {
    /// Reads a dotted name; none if a part of it is empty.
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty() && text.split('.').all(|it| !it.is_empty())).then(|| Self(text.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the last dot.
    pub fn tail(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or(&self.0)
    }

    /// The part before the first dot.
    pub fn head(&self) -> &str {
        self.0.split('.').next().unwrap_or(&self.0)
    }

    /// The package that it would be a submodule of; none for a top-level module.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('.').map(|(parent, _)| Self(parent.into()))
    }

    /// The submodule `name` of this package; none if `name` has an empty part.
    pub fn join(&self, name: &str) -> Option<Self> {
        Self::new(&format!("{}.{name}", self.0))
    }

    /// This name and all packages above it, the outermost first.
    pub fn prefixes(&self) -> impl Iterator<Item = Self> + '_ {
        let ends = self.0.match_indices('.').map(|it| it.0).chain([self.0.len()]);
        ends.map(|end| Self(self.0[..end].into()))
    }
}

impl fmt::Display for ModuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ModuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a relative name has no absolute one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
pub enum RelativeError {
    /// The importing module is in no package.
    #[error("relative import in a module that is in no package")]
    NoPackage,
    /// More dots than packages.
    #[error("relative import beyond the top-level package")]
    BeyondTopLevel,
    /// The name has an empty part.
    #[error("empty module name")]
    Empty,
}

/// The absolute name of `from ..name import`, seen from a module: `level` is the number of dots.
///
/// `importer` is the module's own name; `is_package` tells whether it is a package's `__init__`.
///
/// # Errors
/// [`RelativeError`] where CPython raises `ImportError`.
///
/// Source: `importlib._bootstrap._calc___package__` and `_resolve_name`.
pub fn resolve_relative(
    importer: &ModuleName,
    is_package: bool,
    level: u32,
    name: &str,
) -> Result<ModuleName, RelativeError> {
    if level == 0 {
        return ModuleName::new(name).ok_or(RelativeError::Empty);
    }
    let package = if is_package { Some(importer.clone()) } else { importer.parent() };
    let mut base = package.ok_or(RelativeError::NoPackage)?;
    for _ in 1..level {
        base = base.parent().ok_or(RelativeError::BeyondTopLevel)?;
    }
    if name.is_empty() { Ok(base) } else { base.join(name).ok_or(RelativeError::Empty) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_names_climb_from_the_package() {
        let resolve = |importer: &str, is_package, level, name: &str| {
            let importer = ModuleName::new(importer).unwrap();
            resolve_relative(&importer, is_package, level, name)
                .map_or_else(|it| it.to_string(), |it| it.to_string())
        };
        assert_eq!(resolve("a.b.c", false, 1, "x"), "a.b.x");
        assert_eq!(resolve("a.b.c", true, 1, "x"), "a.b.c.x");
        assert_eq!(resolve("a.b.c", false, 1, ""), "a.b");
        assert_eq!(resolve("a.b.c", false, 2, "x.y"), "a.x.y");
        assert_eq!(resolve("a.b.c", false, 3, "x"), "relative import beyond the top-level package");
        assert_eq!(resolve("a", false, 1, "x"), "relative import in a module that is in no package");
        assert_eq!(resolve("a", true, 1, "x"), "a.x");
        assert_eq!(resolve("a", false, 0, "x.y"), "x.y");
        assert_eq!(resolve("a", false, 0, ""), "empty module name");
    }

    #[test]
    fn prefixes_go_from_the_outside_in() {
        let name = ModuleName::new("a.bc.d").unwrap();
        assert_eq!(name.prefixes().map(|it| it.to_string()).collect::<Vec<_>>(), ["a", "a.bc", "a.bc.d"]);
        assert_eq!((name.head(), name.tail()), ("a", "d"));
        assert!(ModuleName::new("a..b").is_none() && ModuleName::new("").is_none());
    }
}
