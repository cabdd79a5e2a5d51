//! Import cycles: whether a module may be imported from while it still runs.
//!
//! `from m import *` takes what `m` has at that moment; `from m import a` fails if it does not have `a` yet. So a star
//! import of a module that leads back to the importer stays, unless the importer is a package around it, which always
//! runs first.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::library::Library;

/// Modules looked at before giving up; a cycle is assumed then.
const MOST: usize = 2_000;

pub(super) struct Cycles<'a> {
    library: &'a Library<'a>,
    imports: Mutex<HashMap<String, Vec<String>>>,
}

impl<'a> Cycles<'a> {
    pub(super) fn new(library: &'a Library<'a>) -> Self {
        Self { library, imports: Mutex::default() }
    }

    /// Whether `target` may still be running when `importer` imports from it. Only modules below the importer's top
    /// package are followed.
    pub(super) fn may_be_half_done(&self, importer: &str, target: &str) -> bool {
        if target.strip_prefix(importer).is_some_and(|it| it.starts_with('.')) {
            return false;
        }
        let top = importer.split('.').next().unwrap_or(importer);
        let is_near = |it: &str| it == importer || it.split('.').next() == Some(top);
        let mut seen = HashSet::from([target.to_owned()]);
        let mut todo = VecDeque::from([target.to_owned()]);
        while let Some(module) = todo.pop_front() {
            if seen.len() > MOST {
                return true;
            }
            for next in self.imports_of(&module) {
                if next == importer {
                    return true;
                }
                if is_near(&next) && seen.insert(next.clone()) {
                    todo.push_back(next);
                }
            }
        }
        false
    }

    fn imports_of(&self, module: &str) -> Vec<String> {
        let known = self.imports.lock().unwrap_or_else(PoisonError::into_inner).get(module).cloned();
        if let Some(known) = known {
            return known;
        }
        let found = self.library.imports_when_run(module);
        self.imports.lock().unwrap_or_else(PoisonError::into_inner).insert(module.to_owned(), found.clone());
        found
    }
}
