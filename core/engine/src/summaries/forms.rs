//! Normal forms, which come from where summaries come from.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use astkit_ast::{Lowered, PythonVersion, SourceText, definitions};
use astkit_hash::form::{FileForms, file_forms};
use rustc_hash::FxHashMap;

use super::{Summaries, SummaryError, guarded};
use crate::forms::{decode, encode, forms_key};
use crate::inputs::Content;
use crate::summary::SummaryKey;

/// A file's normal forms; none for files of other languages.
pub(crate) type Forms = Option<Arc<FileForms>>;

/// Forms that were made or loaded.
#[derive(Default)]
pub(super) struct Known(Mutex<FxHashMap<SummaryKey, Forms>>);

impl Summaries {
    /// The forms of a file with this content; `read` is called if the text is needed.
    pub(crate) fn forms(
        &self,
        path: &Path,
        content: Content,
        python: PythonVersion,
        read: impl FnOnce() -> Result<Arc<[u8]>, SummaryError>,
    ) -> Result<Forms, SummaryError> {
        let hash = match content {
            Content::Hash(hash) => hash,
            Content::Absent => return Err(SummaryError::Absent),
            Content::Unreadable(kind) => return Err(SummaryError::Unreadable(kind)),
        };
        let summary = self.key(path, &hash, python).ok_or(SummaryError::NoFrontend)?;
        let key = forms_key(&summary, self.normal);
        if let Some(known) = self.known_forms().get(&key) {
            return Ok(known.clone());
        }
        if let Some(stored) = self.store.get(&key.0).and_then(|it| decode(&it)) {
            return Ok(self.keep_forms(key, stored));
        }
        let (source, lowered) = self.lower(path, &read()?, python)?;
        self.make_forms(&summary, &source, &lowered)
    }

    /// Makes the forms of a file that was just lowered.
    pub(super) fn make_forms(
        &self,
        summary: &SummaryKey,
        source: &SourceText,
        lowered: &Lowered,
    ) -> Result<Forms, SummaryError> {
        let key = forms_key(summary, self.normal);
        let forms = guarded(|| Ok(file_forms(source, lowered, &definitions(&lowered.tree), self.normal)))?;
        self.store.put(key.0, encode(forms.as_ref()));
        Ok(self.keep_forms(key, forms))
    }

    pub(super) fn has_stored_forms(&self, summary: &SummaryKey) -> bool {
        self.store.contains(&forms_key(summary, self.normal).0)
    }

    pub(super) fn prefetch_forms(&self, summaries: &[SummaryKey]) {
        let mut keys: Vec<_> = {
            let known = self.known_forms();
            let keys = summaries.iter().map(|it| forms_key(it, self.normal));
            keys.filter(|it| !known.contains_key(it)).map(|it| it.0).collect()
        };
        keys.sort_unstable();
        keys.dedup();
        for (key, record) in keys.iter().zip(self.store.get_many(&keys)) {
            if let Some(forms) = record.and_then(|it| decode(&it)) {
                self.keep_forms(SummaryKey(*key), forms);
            }
        }
    }

    pub(super) fn sweep_forms(&self) {
        self.known_forms().retain(|_, it| it.as_ref().is_some_and(|it| Arc::strong_count(it) > 1));
    }

    fn keep_forms(&self, key: SummaryKey, forms: Option<FileForms>) -> Forms {
        self.known_forms().entry(key).or_insert_with(|| forms.map(Arc::new)).clone()
    }

    fn known_forms(&self) -> MutexGuard<'_, FxHashMap<SummaryKey, Forms>> {
        self.forms.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
