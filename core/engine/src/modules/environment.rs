//! What is to be known of a Python before its modules can be found.

use std::path::PathBuf;

use astkit_ast::PythonVersion;

/// A Python, as one question to it tells: all that does not change while its files stay where they are.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Interpreter {
    /// Its version.
    pub version: PythonVersion,
    /// `sys.platform`.
    pub platform: String,
    /// `sys.path` without any site's folders: the standard library's.
    pub stdlib: Vec<PathBuf>,
    /// The site's folders, whose `.pth` files count: `site-packages`, in the order that `site` adds them.
    pub site_packages: Vec<PathBuf>,
    /// `sys.builtin_module_names`, sorted.
    pub builtin: Vec<String>,
    /// The names of frozen modules, sorted, and whether each is a package.
    pub frozen: Vec<(String, bool)>,
    /// `importlib.machinery.EXTENSION_SUFFIXES`, in order.
    pub extension_suffixes: Vec<String>,
}

impl Interpreter {
    /// Whether a module of this name is built in.
    pub fn is_builtin(&self, name: &str) -> bool {
        self.builtin.binary_search_by(|it| it.as_str().cmp(name)).is_ok()
    }

    /// Whether a module of this name is frozen; if so, whether it is a package.
    pub fn frozen(&self, name: &str) -> Option<bool> {
        let at = self.frozen.binary_search_by(|it| it.0.as_str().cmp(name)).ok()?;
        Some(self.frozen[at].1)
    }
}

/// Where modules are looked for, and for which Python: what every answer of the module finder depends on, files apart.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Environment {
    /// The project's own roots, searched first.
    pub roots: Vec<PathBuf>,
    /// Folders of stubs only, searched for stubs before anything else: a checkout of typeshed's `stdlib`, say.
    pub stub_path: Vec<PathBuf>,
    /// The Python.
    pub interpreter: Interpreter,
}
