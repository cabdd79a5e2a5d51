//! The frontends of this build, by name and by path.

use std::sync::{Arc, LazyLock};

use astkit_ast::{Frontend, LowerError, Lowered, Options, SourceText, lower};

use crate::auto::Auto;

/// Name under which [`Auto`] is asked for.
const AUTO: &str = "auto";
/// Extensions of files that are Python.
pub const PYTHON_EXTENSIONS: [&str; 3] = ["py", "pyi", "pyw"];

/// A registry of frontends.
///
/// A name is a frontend's own or `auto`, which picks by the file's extension and, for Python, by the text.
#[derive(Clone, Default)]
pub struct Frontends {
    all: Vec<Arc<dyn Frontend>>,
    auto: Auto,
}

/// There is no frontend of that name.
#[derive(Debug, thiserror::Error)]
#[error("unknown frontend `{name}`: this build has {known}")]
pub struct UnknownFrontend {
    /// What was asked for.
    pub name: String,
    /// What there is, as a list for people.
    pub known: String,
}

/// The frontends of languages other than Python, made once: their schemas live as long as the process.
fn languages() -> &'static [Arc<dyn Frontend>] {
    static LANGUAGES: LazyLock<Vec<Arc<dyn Frontend>>> = LazyLock::new(|| {
        let grammars: [Result<Arc<dyn Frontend>, String>; _] = [
            #[cfg(feature = "javascript")]
            astkit_tree_sitter::javascript().map(|it| Arc::new(it) as _).map_err(|it| it.to_string()),
            #[cfg(feature = "json")]
            astkit_tree_sitter::json().map(|it| Arc::new(it) as _).map_err(|it| it.to_string()),
        ];
        // A grammar that gives no schema fails its own tests; here it is not there.
        grammars.into_iter().filter_map(Result::ok).collect()
    });
    &LANGUAGES
}

impl Frontends {
    /// A registry without frontends.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The frontends of this build; `cpython` with the interpreter that it finds when it is first used.
    pub fn standard() -> Self {
        let all: &[Arc<dyn Frontend>] = &[
            #[cfg(feature = "python-ast")]
            Arc::new(astkit_python_ast::PythonAst),
            #[cfg(feature = "tree-sitter")]
            Arc::new(astkit_tree_sitter::TreeSitterPython),
            #[cfg(feature = "cpython")]
            Arc::new(crate::LazyCPython::default()),
        ];
        let mut frontends = Self::empty();
        for it in all.iter().chain(languages()) {
            frontends.add(Arc::clone(it));
        }
        frontends
    }

    /// Adds a frontend; a later one of the same name takes the place of the earlier.
    pub fn add(&mut self, frontend: Arc<dyn Frontend>) {
        let name = frontend.id().name;
        match &*name {
            "python-ast" => self.auto.python_ast = Some(Arc::clone(&frontend)),
            "tree-sitter" => self.auto.tree_sitter = Some(Arc::clone(&frontend)),
            _ => {}
        }
        self.all.retain(|it| it.id().name != name);
        self.all.push(frontend);
    }

    /// All frontends in the order in which they were added; `auto`, which chooses among them, is none of its own.
    pub fn all(&self) -> &[Arc<dyn Frontend>] {
        &self.all
    }

    /// All names, `auto` first.
    pub fn names(&self) -> Vec<String> {
        std::iter::once(AUTO.to_owned()).chain(self.all.iter().map(|it| it.id().name.into_owned())).collect()
    }

    /// Whether files with this extension are read by the frontend of that name.
    pub fn claims(&self, name: &str, extension: &str) -> bool {
        if name == AUTO {
            return PYTHON_EXTENSIONS.contains(&extension) || self.by_extension(extension).is_some();
        }
        self.by_name(name).is_some_and(|it| it.extensions().contains(&extension))
    }

    /// Checks a name.
    ///
    /// # Errors
    /// [`UnknownFrontend`].
    pub fn check(&self, name: &str) -> Result<(), UnknownFrontend> {
        if name == AUTO || self.by_name(name).is_some() {
            return Ok(());
        }
        Err(UnknownFrontend { name: name.to_owned(), known: self.names().join(", ") })
    }

    /// Lowers the text of a file with the frontend of that name; `auto` looks at the path's extension.
    ///
    /// # Errors
    /// [`LowerError`] if the frontend can't work or is not in this build; never for a text.
    pub fn lower(
        &self,
        name: &str,
        path: &str,
        source: &SourceText,
        options: &Options,
    ) -> Result<Lowered, LowerError> {
        if name != AUTO {
            return match self.by_name(name) {
                Some(frontend) => lower(frontend, source, options),
                None => Err(self.unavailable(name)),
            };
        }
        let extension = path.rsplit_once('.').map_or("", |it| it.1);
        match self.by_extension(extension) {
            Some(frontend) if !PYTHON_EXTENSIONS.contains(&extension) => lower(frontend, source, options),
            _ => self.auto.lower(source, options),
        }
    }

    fn unavailable(&self, name: &str) -> LowerError {
        let reason = format!("this build has {}", self.names().join(", "));
        LowerError::Unavailable { frontend: name.to_owned().into(), reason }
    }

    fn by_name(&self, name: &str) -> Option<&dyn Frontend> {
        self.all.iter().find(|it| it.id().name == name).map(Arc::as_ref)
    }

    fn by_extension(&self, extension: &str) -> Option<&dyn Frontend> {
        self.all.iter().find(|it| it.extensions().contains(&extension)).map(Arc::as_ref)
    }
}
