//! Module names and files: where Python would look, without running it.
//!
//! Roots are those given; without any, `src/` and the working directory. `--python` adds its `site-packages`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The folders from which modules are imported, in order.
#[derive(Clone, Debug)]
pub(crate) struct Roots {
    folders: Vec<PathBuf>,
    /// Those of them that are an interpreter's.
    sites: Vec<PathBuf>,
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
        let sites = python.map(site_packages).unwrap_or_default();
        folders.extend_from_slice(&sites);
        Self { folders, sites, given: !given.is_empty() }
    }

    /// The file of a module: a package's `__init__`, a module, or a stub.
    pub(crate) fn find(&self, module: &str) -> Option<PathBuf> {
        self.folders.iter().find_map(|it| find_below(it, module))
    }

    /// The `site-packages` that a file is in.
    pub(crate) fn site(&self, file: &Path) -> Option<PathBuf> {
        self.sites.iter().find(|it| file.starts_with(it)).cloned()
    }

    /// Whether there are packages of a Python that was named.
    pub(crate) fn has_sites(&self) -> bool {
        !self.sites.is_empty()
    }

    /// The folders of the project itself, in order.
    pub(crate) fn own_folders(&self) -> impl Iterator<Item = &PathBuf> {
        self.folders.iter().filter(|it| !self.sites.contains(it))
    }

    /// The name under which a file is imported; none if it can't be.
    pub(crate) fn module(&self, file: &Path) -> Option<String> {
        self.module_in(file, &is_package)
    }

    /// The same, where it is known which folders are packages.
    pub(crate) fn module_in(&self, file: &Path, is_package: &dyn Fn(&Path) -> bool) -> Option<String> {
        if self.given {
            return self.folders.iter().find_map(|it| name_below(it, file));
        }
        let in_src = self.folders.iter().find(|it| it.ends_with("src")).and_then(|it| name_below(it, file));
        in_src.or_else(|| packaged(file, is_package)).or_else(|| {
            let relative = self.folders.iter().find_map(|it| name_below(it, file));
            relative.or_else(|| name_below(file.parent()?, file))
        })
    }

    /// The folders, in order.
    pub(crate) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The roots, for messages.
    pub(crate) fn list(&self) -> String {
        let shown: Vec<_> = self.folders.iter().map(|it| format!("`{}`", it.display())).collect();
        shown.join(", ")
    }
}

/// The file of a module below a folder: a package's `__init__`, a module, or a stub.
pub(crate) fn find_below(root: &Path, module: &str) -> Option<PathBuf> {
    let path: PathBuf = module.split('.').collect();
    let base = root.join(&path);
    ["__init__.py", "__init__.pyi"]
        .map(|it| base.join(it))
        .into_iter()
        .chain(astkit::PYTHON_EXTENSIONS.map(|it| base.with_added_extension(it)))
        .find(|it| it.is_file())
}

/// The distributions of a `site-packages` and their versions, by the modules that they bring: `numpy` is of
/// `numpy==2.1.0`.
pub(crate) fn distributions(site: &Path) -> HashMap<String, String> {
    let mut out = HashMap::new();
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(site).into_iter().flatten().flatten().map(|it| it.path()).collect();
    folders.sort();
    for folder in folders {
        let Some(stem) =
            folder.file_name().and_then(|it| it.to_str()).and_then(|it| it.strip_suffix(".dist-info"))
        else {
            continue;
        };
        let Some((name, version)) = stem.split_once('-') else { continue };
        let record = std::fs::read_to_string(folder.join("RECORD")).unwrap_or_default();
        for line in record.lines() {
            let path = line.split(',').next().unwrap_or_default();
            let top = path.split('/').next().unwrap_or_default();
            let module = top.split('.').next().unwrap_or_default();
            let has_code = Path::new(path).extension().is_some_and(|it| it == "py" || it == "so");
            let is_module = path.contains('/') || has_code;
            if is_module && astkit::ast::is_identifier(module) {
                out.entry(module.to_owned()).or_insert_with(|| format!("{name}=={version}"));
            }
        }
    }
    out
}

/// Whether a folder is a package that can be imported without stubs.
pub(crate) fn is_package(folder: &Path) -> bool {
    folder.join("__init__.py").is_file()
}

/// The name of a file in a package, from the folder above the top package.
fn packaged(file: &Path, is_package: &dyn Fn(&Path) -> bool) -> Option<String> {
    let mut root = file.parent()?;
    if !is_package(root) {
        return None;
    }
    while is_package(root) {
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
