//! Module names and files: where Python would look, without running it.
//!
//! Roots are those given; without any, `src/` and the working directory. `--python` adds its `site-packages`.

use std::path::{Path, PathBuf};

/// The folders from which modules are imported, in order.
#[derive(Clone, Debug)]
pub(crate) struct Roots {
    folders: Vec<PathBuf>,
    /// Whether the folders were named by the user, so that nothing else is guessed.
    given: bool,
}

impl Roots {
    /// The given roots, or those that are found as Python would; then the packages of `python`.
    pub(crate) fn new(given: &[PathBuf], python: Option<&Path>) -> Self {
        let mut folders = given.to_vec();
        if folders.is_empty() {
            let usual = ["src", "."].map(PathBuf::from);
            folders.extend(usual.into_iter().filter(|it| it.is_dir()));
        }
        if let Some(python) = python {
            folders.extend(site_packages(python));
        }
        Self { folders, given: !given.is_empty() }
    }

    /// The file of a module: a package's `__init__`, a module, or a stub.
    pub(crate) fn find(&self, module: &str) -> Option<PathBuf> {
        let path: PathBuf = module.split('.').collect();
        let candidates = |root: &PathBuf| {
            let base = root.join(&path);
            ["__init__.py", "__init__.pyi"]
                .map(|it| base.join(it))
                .into_iter()
                .chain(["py", "pyi", "pyw"].map(|it| root.join(&path).with_added_extension(it)))
                .find(|it| it.is_file())
        };
        self.folders.iter().find_map(candidates)
    }

    /// The name under which a file is imported; none if it can't be.
    pub(crate) fn module(&self, file: &Path) -> Option<String> {
        if self.given {
            return self.folders.iter().find_map(|it| name_below(it, file));
        }
        let in_src = self.folders.iter().find(|it| it.ends_with("src")).and_then(|it| name_below(it, file));
        in_src.or_else(|| packaged(file)).or_else(|| {
            let relative = self.folders.iter().find_map(|it| name_below(it, file));
            relative.or_else(|| name_below(file.parent()?, file))
        })
    }

    /// The roots, for messages.
    pub(crate) fn list(&self) -> String {
        let shown: Vec<_> = self.folders.iter().map(|it| format!("`{}`", it.display())).collect();
        shown.join(", ")
    }
}

/// The name of a file in a package, from the folder above the top package.
fn packaged(file: &Path) -> Option<String> {
    let mut root = file.parent()?;
    if !root.join("__init__.py").is_file() {
        return None;
    }
    while root.join("__init__.py").is_file() {
        root = root.parent()?;
    }
    name_below(root, file)
}

fn name_below(root: &Path, file: &Path) -> Option<String> {
    let root = if root == Path::new(".") { Path::new("") } else { root };
    let file = file.strip_prefix(".").unwrap_or(file);
    let relative = file.strip_prefix(root).ok()?;
    let stem = relative.with_extension("");
    let mut parts: Vec<&str> = stem.to_str()?.split(std::path::MAIN_SEPARATOR).collect();
    if parts.last() == Some(&"__init__") {
        parts.pop();
    }
    let fits = !parts.is_empty() && parts.iter().all(|it| astkit::ast::is_identifier(it));
    fits.then(|| parts.join("."))
}

/// The `site-packages` of an interpreter or of a virtual environment.
fn site_packages(python: &Path) -> Vec<PathBuf> {
    let prefix = if python.is_dir() {
        python.to_owned()
    } else {
        match python.parent().and_then(Path::parent) {
            Some(prefix) => prefix.to_owned(),
            None => return Vec::new(),
        }
    };
    let mut out = vec![prefix.join("Lib").join("site-packages")];
    if let Ok(entries) = std::fs::read_dir(prefix.join("lib")) {
        let versions = entries.flatten().map(|it| it.path().join("site-packages"));
        out.extend(versions);
    }
    out.retain(|it| it.is_dir());
    out.sort();
    out
}
