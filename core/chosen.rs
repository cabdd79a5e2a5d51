//! A frontend of a registry, as the engine asks for it.

use std::sync::Arc;

use astkit_ast::{FrontendId, LowerError, Lowered, Options, SourceText};
use astkit_engine::Lowering;

use crate::{Frontends, UnknownFrontend};

/// One name of a registry: a frontend, or the choice of `auto`.
struct Chosen {
    frontends: Frontends,
    name: String,
    id: FrontendId,
}

impl Frontends {
    /// What lowers files for an [`engine`](crate::engine): the frontend of that name, `auto` among them.
    ///
    /// # Errors
    /// [`UnknownFrontend`].
    pub fn lowering(&self, name: &str) -> Result<Arc<dyn Lowering>, UnknownFrontend> {
        self.check(name)?;
        let (frontends, id) = (self.clone(), self.id_of(name));
        Ok(Arc::new(Chosen { frontends, name: name.to_owned(), id }))
    }

    /// What results depend on. Those of `auto` depend on everything that it may choose; it never asks an interpreter.
    fn id_of(&self, name: &str) -> FrontendId {
        let all = self.all().iter().map(|it| it.id());
        let mut used: Vec<FrontendId> = if name == "auto" {
            all.filter(|it| it.name != "cpython").collect()
        } else {
            all.filter(|it| it.name == name).collect()
        };
        if let (1, Some(id)) = (used.len(), used.pop_if(|it| it.name == name)) {
            return id;
        }
        let versions: Vec<_> = used.iter().map(|it| format!("{} {}", it.name, it.version)).collect();
        FrontendId { name: name.to_owned().into(), version: versions.join(", ").into() }
    }
}

impl Lowering for Chosen {
    fn id(&self) -> FrontendId {
        self.id.clone()
    }

    fn claims(&self, extension: &str) -> bool {
        self.frontends.claims(&self.name, extension)
    }

    fn lower(&self, extension: &str, source: &SourceText, options: &Options) -> Result<Lowered, LowerError> {
        self.frontends.lower(&self.name, &format!("file.{extension}"), source, options)
    }
}

#[cfg(all(test, feature = "python-ast", feature = "tree-sitter"))]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_results_depend_on() {
        let frontends = Frontends::standard();
        let id = |name: &str| frontends.lowering(name).map(|it| it.id()).map_err(|it| it.to_string());
        let direct = |name: &str| frontends.all().iter().find(|it| it.id().name == name).map(|it| it.id());
        assert_eq!(id("tree-sitter").ok(), direct("tree-sitter"));
        let auto = id("auto").expect("it is always there");
        assert_eq!(auto.name, "auto");
        let has = |name: &str| auto.version.contains(&format!("{name} "));
        assert!(has("python-ast") && has("tree-sitter") && !has("cpython"), "{auto:?}");
        assert!(id("nobody").is_err());
    }
}
