//! The frontends of this build.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use astkit::ast::FrontendId;
use astkit::{Frontend, Frontends, LazyCPython, LowerError, Lowered, Options, SourceText};
use astkit_engine::{ByFrontend, Lowering};

use crate::settings::Settings;

/// Frontends that the program brings.
static ADDED: OnceLock<Vec<Arc<dyn Frontend>>> = OnceLock::new();

/// Makes frontends known, before anything is read. Only the first call counts.
pub(crate) fn add(frontends: Vec<Arc<dyn Frontend>>) {
    ADDED.get_or_init(|| frontends);
}

/// All frontends, `cpython` with the interpreter that the settings name.
pub(crate) fn all(settings: &Settings) -> Frontends {
    let mut frontends = Frontends::standard();
    if let Some(python) = &settings.python {
        frontends.add(Arc::new(LazyCPython::new(Some(executable(python)))));
    }
    for it in ADDED.get().into_iter().flatten() {
        frontends.add(Arc::clone(it));
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

/// What the engine lowers files with under a name of `--frontend`: the same as [`Frontends::lower`] does.
pub(crate) fn lowerings(frontends: &Frontends, name: &str) -> Vec<Arc<dyn Lowering>> {
    let mut out: Vec<Arc<dyn Lowering>> = Vec::new();
    let is_python = |it: &Arc<dyn Frontend>| it.extensions().contains(&"py");
    let named: Vec<_> = if name == "auto" {
        let others = frontends.all().iter().filter(|it| !is_python(it));
        out.extend(others.map(|it| Arc::new(ByFrontend(Arc::clone(it))) as Arc<dyn Lowering>));
        // The interpreter takes no part in the choice.
        frontends.all().iter().filter(|it| is_python(it) && it.id().name != "cpython").collect()
    } else {
        frontends.all().iter().filter(|it| it.id().name == name).collect()
    };
    let ids = named.iter().map(|it| it.id()).map(|it| format!("{} {}", it.name, it.version));
    let id = FrontendId { name: name.to_owned().into(), version: ids.collect::<Vec<_>>().join(", ").into() };
    out.push(Arc::new(Chosen { frontends: frontends.clone(), id }));
    out
}

/// The choice that `--frontend` stands for. Takes files with any extension: those that are named are always read.
struct Chosen {
    frontends: Frontends,
    id: FrontendId,
}

impl Lowering for Chosen {
    fn id(&self) -> FrontendId {
        self.id.clone()
    }

    fn claims(&self, _extension: &str) -> bool {
        true
    }

    fn lower(&self, extension: &str, source: &SourceText, options: &Options) -> Result<Lowered, LowerError> {
        self.frontends.lower(&self.id.name, &format!("_.{extension}"), source, options)
    }
}
