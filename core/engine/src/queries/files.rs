//! Files: from contents to summaries, and to the parts that other queries read.

use std::sync::Arc;

use astkit_hash::Hash;
use astkit_hash::deep::semantic_hashes;
use astkit_hash::form::FileForms;

use crate::db::{Db, bytes_of};
use crate::inputs::{Content, File};
use crate::summaries::SummaryResult;
use crate::summary::{Bodies, Interface};

/// A file's summary. Comes from memory or the store where it can.
#[salsa::tracked(returns(ref))]
pub(crate) fn file_summary(db: &dyn Db, file: File) -> SummaryResult {
    let (content, python) = (file.content(db), file.root(db).python(db));
    let read = || bytes_of(db, file, content);
    db.shared().summaries.get(file.path(db), content, python, read)
}

/// What others can see of a file; nothing, if it can't be read. Stays as it is when bodies change.
#[salsa::tracked(returns(ref))]
pub(crate) fn file_interface(db: &dyn Db, file: File) -> Interface {
    file_summary(db, file).as_ref().map(|it| it.interface.clone()).unwrap_or_default()
}

/// Structure, hashes and references of a file's definitions. Stays as it is when comments or layout change.
#[salsa::tracked(returns(ref))]
pub(crate) fn file_bodies(db: &dyn Db, file: File) -> Bodies {
    file_summary(db, file).as_ref().map(|it| it.bodies.clone()).unwrap_or_default()
}

/// Shapes and slots of a file's definitions, if it is Python and can be read. Stays as it is when nothing changes that
/// a program could notice.
#[salsa::tracked(returns(ref), heap_size = forms_size)]
pub(crate) fn file_forms(db: &dyn Db, file: File) -> Option<Arc<FileForms>> {
    let (content, python) = (file.content(db), file.root(db).python(db));
    let read = || bytes_of(db, file, content);
    db.shared().summaries.forms(file.path(db), content, python, read).ok().flatten()
}

/// Bytes on the heap, about: texts of names are taken to be short.
#[expect(clippy::ref_option, reason = "salsa passes values by reference")]
fn forms_size(forms: &Option<Arc<FileForms>>) -> usize {
    const TEXT: usize = size_of::<Box<str>>() + 16;
    let Some(forms) = forms else { return 0 };
    let FileForms { roots, paths, definitions, statements, names, stars, classes } = &**forms;
    let of_forms = definitions
        .iter()
        .chain(statements)
        .map(|it| size_of_val(it) + size_of_val(&*it.slots) + size_of_val(&*it.places));
    let of_paths = paths.iter().map(|it| size_of_val(it) + it.len() * TEXT);
    let of_classes =
        classes.iter().map(|it| size_of_val(it) + size_of_val(&*it.bases) + it.members.len() * (TEXT + 4));
    of_forms.chain(of_paths).chain(of_classes).sum::<usize>()
        + size_of_val(&**roots)
        + size_of_val(&**names)
        + size_of_val(&**stars)
        + (roots.len() + names.len()) * TEXT
}

/// The hashes of a file's definitions at `semantic`, in source order; none where there are no forms.
#[salsa::tracked(returns(deref))]
pub(crate) fn file_semantic(db: &dyn Db, file: File) -> Box<[Hash]> {
    let forms = file_forms(db, file).as_deref();
    let hashes = forms.map(|it| semantic_hashes(it, db.shared().summaries.normal));
    hashes.unwrap_or_default().into()
}

/// The text of a file that is no module.
pub(crate) fn small_text(db: &dyn Db, file: File) -> Option<Arc<str>> {
    let content = file.content(db);
    if !matches!(content, Content::Hash(_)) {
        return None;
    }
    bytes_of(db, file, content).ok().map(|it| String::from_utf8_lossy(&it).into())
}
