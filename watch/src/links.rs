//! Symbolic links: what is reported under the name of a link changes where the link leads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

/// Which links lead to which files, and which folders are watched under another name.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// Per file that links lead to, as events name it: the links.
    by_target: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    target_of: FxHashMap<PathBuf, PathBuf>,
    /// Real folders that are watched, and the names under which.
    real: Vec<(PathBuf, PathBuf)>,
}

impl Links {
    /// Notes that a real folder is watched under a name.
    pub(crate) fn add_folder(&mut self, real: PathBuf, name: &Path) {
        if !self.real.iter().any(|it| it.1 == name) {
            self.real.push((real, name.to_owned()));
        }
    }

    /// Forgets folders that are watched under another name.
    pub(crate) fn remove_folders(&mut self, names: &[PathBuf]) {
        self.real.retain(|it| !names.contains(&it.1));
    }

    /// Whether a link to this real folder is to be followed: not if what is there is watched already, nor if it leads
    /// to a folder around one that is.
    pub(crate) fn leads_elsewhere(&self, real: &Path) -> bool {
        !self.real.iter().any(|it| real.starts_with(&it.0) || it.0.starts_with(real))
    }

    /// The name under which events report a real path, if it is in a watched folder; else the path itself.
    pub(crate) fn seen_as(&self, real: &Path) -> PathBuf {
        let around = self.real.iter().filter(|it| real.starts_with(&it.0));
        match around.max_by_key(|it| it.0.as_os_str().len()) {
            Some((folder, name)) => name.join(real.strip_prefix(folder).unwrap_or(real)),
            None => real.to_owned(),
        }
    }

    /// Notes where a link leads. Returns the target before, if it was another.
    pub(crate) fn set(&mut self, link: &Path, target: Option<PathBuf>) -> Option<PathBuf> {
        let before = self.target_of.get(link).cloned();
        if before == target {
            return None;
        }
        if let Some(old) = &before {
            self.target_of.remove(link);
            if let Some(links) = self.by_target.get_mut(old) {
                links.remove(link);
                if links.is_empty() {
                    self.by_target.remove(old);
                }
            }
        }
        if let Some(new) = target {
            self.by_target.entry(new.clone()).or_default().insert(link.to_owned());
            self.target_of.insert(link.to_owned(), new);
        }
        before
    }

    /// The links that lead to a path.
    pub(crate) fn to(&self, target: &Path) -> Vec<PathBuf> {
        self.by_target.get(target).into_iter().flatten().cloned().collect()
    }

    /// The links that lead into folders for which `is_wanted` holds.
    pub(crate) fn outside(&self, is_wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
        let there = self.by_target.iter().filter(|it| it.0.parent().is_some_and(&is_wanted));
        there.flat_map(|it| it.1).cloned().collect()
    }

    /// Whether some link leads into a folder.
    pub(crate) fn lead_into(&self, folder: &Path) -> bool {
        self.by_target.keys().any(|it| it.parent() == Some(folder))
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::Links;

    #[test]
    fn links_are_found_by_where_they_lead() {
        let mut links = Links::default();
        let target = || Some(PathBuf::from("/out/t.py"));
        assert_eq!(links.set(Path::new("/r/l.py"), target()), None);
        assert_eq!(links.set(Path::new("/r/k.py"), target()), None);
        assert_eq!(links.to(Path::new("/out/t.py")), ["/r/k.py", "/r/l.py"].map(PathBuf::from));
        assert!(links.lead_into(Path::new("/out")));
        let other = Some(PathBuf::from("/else/t.py"));
        assert_eq!(links.set(Path::new("/r/l.py"), other), target());
        assert_eq!(links.set(Path::new("/r/k.py"), None), target());
        assert!(!links.lead_into(Path::new("/out")));
    }

    #[test]
    fn circles_are_not_followed() {
        let mut links = Links::default();
        links.add_folder(PathBuf::from("/real/top"), Path::new("/given"));
        assert!(!links.leads_elsewhere(Path::new("/real/top/pkg")));
        assert!(!links.leads_elsewhere(Path::new("/real")));
        assert!(links.leads_elsewhere(Path::new("/real/other")));
        assert_eq!(links.seen_as(Path::new("/real/top/m.py")), Path::new("/given/m.py"));
        assert_eq!(links.seen_as(Path::new("/real/m.py")), Path::new("/real/m.py"));
    }
}
