//! A project that is kept up to date gives the hashes of one that is linked anew, whatever was edited.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use astkit_ast::{Options, SourceText, definitions, lower};
use astkit_hash::deep::{Changes, Forms, Linked, ModuleTarget, Modules, deep_hashes};
use astkit_hash::form::{FileForms, file_forms};
use astkit_hash::normal::NormalOptions;
use astkit_python_ast::PythonAst;

/// A small generator of numbers: the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn pick<'t, T: ?Sized>(&mut self, things: &[&'t T]) -> &'t T {
        things[self.below(things.len())]
    }
}

/// Thousands have been tried; these take a second or two.
const EDITS: usize = 400;

const MODULES: [&str; 8] = ["a", "b", "c", "p", "p.x", "p.y", "p.q", "p.q.z"];
const NAMES: [&str; 6] = ["f", "g", "h", "C", "D", "V"];
const MEMBERS: [&str; 3] = ["m", "n", "f"];

/// A module with a few definitions and imports, drawn at random.
fn text(random: &mut Random) -> String {
    let mut out = String::new();
    for _ in 0..=random.below(7) {
        let (name, other, module) = (random.pick(&NAMES), random.pick(&NAMES), random.pick(&MODULES));
        let member = random.pick(&MEMBERS);
        match random.below(14) {
            0 => writeln!(out, "import {module}"),
            1 => writeln!(out, "import {module} as {name}"),
            2 => writeln!(out, "from {module} import {name}"),
            3 => writeln!(out, "from {module} import {name} as {other}"),
            4 => writeln!(out, "from {module} import *"),
            5 => writeln!(
                out,
                "from . import {name}\nfrom .{} import {other}",
                random.pick(&["x", "q", "q.z"])
            ),
            6 => writeln!(out, "{name} = {other}\n{name} += {}", random.below(3)),
            7 => writeln!(out, "__all__ = ['{name}']"),
            8 => {
                writeln!(out, "class {name}({other}):\n    def {member}(self): return self.n() + super().m()")
            }
            9 => writeln!(
                out,
                "class {name}({module}.{other}):\n    class D:\n        def {member}(self): return {other}"
            ),
            10 => writeln!(
                out,
                "def {name}(x):\n    def g(): return x + {other}({})\n    return g",
                random.below(3)
            ),
            11 => writeln!(out, "def {name}(): return {module}.{other}.{member}({})", random.below(3)),
            12 => writeln!(out, "def {name}(): return {other}.{member}() + {name}()"),
            _ => writeln!(out, "def {name}(): return {}", random.below(3)),
        }
        .unwrap();
    }
    out
}

fn forms(text: &str) -> FileForms {
    let source = SourceText::from_text(text);
    let lowered = lower(&PythonAst, &source, &Options::default()).unwrap();
    file_forms(&source, &lowered, &definitions(&lowered.tree), NormalOptions::default()).unwrap()
}

/// Files by number; those that are not there have no name.
#[derive(Default)]
struct Files {
    names: Vec<Option<String>>,
    forms: Vec<FileForms>,
}

impl Forms for Files {
    fn of(&self, file: u32) -> &FileForms {
        &self.forms[file as usize]
    }
}

impl Modules for Files {
    fn python(&self) -> &'static str {
        ""
    }

    fn full_name(&self, file: u32, level: u32, module: &str) -> Option<String> {
        let own = self.names[file as usize].as_deref()?;
        let package = if own == "p" || own == "p.q" { own } else { own.rsplit_once('.')?.0 };
        Some(match (level, module) {
            (0, _) => module.to_owned(),
            (_, "") => package.to_owned(),
            _ => format!("{package}.{module}"),
        })
    }

    fn group(&self, _: u32) -> u32 {
        0
    }

    fn find(&self, _: u32, name: &str) -> ModuleTarget {
        match self.names.iter().position(|it| it.as_deref() == Some(name)) {
            Some(at) => ModuleTarget::File(u32::try_from(at).unwrap()),
            None if name.starts_with('p') => ModuleTarget::Missing,
            None => ModuleTarget::Outside("dist==1".into()),
        }
    }
}

/// The hashes of a project of its own with the same files.
fn anew(files: &Files) -> BTreeMap<String, Vec<astkit_hash::Hash>> {
    let there =
        || files.names.iter().zip(&files.forms).filter_map(|(name, forms)| Some((name.clone()?, forms)));
    let mut fresh = Files::default();
    for (name, forms) in there() {
        fresh.names.push(Some(name));
        fresh.forms.push(forms.clone());
    }
    let all: Vec<&FileForms> = fresh.forms.iter().collect();
    let deep = deep_hashes(&all, &fresh, NormalOptions::default());
    there().map(|it| it.0).zip(deep.hashes).collect()
}

fn begin(bytes: &[u8]) -> Option<Linked> {
    Linked::new(NormalOptions::default()).decode(Arc::new(bytes.to_vec()))
}

/// The project as another run would read it; now and then all of it is written.
fn kept(linked: &mut Linked, base: &mut Option<Vec<u8>>, whole: bool) -> Linked {
    let read = |bytes: &[u8]| begin(bytes).unwrap();
    match (base.as_ref(), linked.encode_changes()) {
        (Some(base), Some(changes)) if !whole => read(base).apply(&changes).unwrap(),
        _ => read(base.insert(linked.encode(Vec::new()))),
    }
}

#[test]
fn damage_is_noticed_or_read() {
    let mut files = Files::default();
    for (name, text) in
        [("a", "from b import f\ndef g(): return f()"), ("b", "class C: pass\ndef f(): return C")]
    {
        files.names.push(Some(name.to_owned()));
        files.forms.push(forms(text));
    }
    let mut linked = Linked::new(NormalOptions::default());
    let both = Changes { changed: vec![0, 1], ..Changes::default() };
    linked.commit(linked.link(&files, &both, true));
    let bytes = linked.encode(Vec::new());
    assert_eq!(linked.encode(vec![7; 64])[64..], bytes);
    for at in 0..bytes.len() {
        assert!(begin(&bytes[..at]).is_none());
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x81;
        // Whatever it says, it says it without a panic.
        if let Some(mut linked) = begin(&bytes) {
            linked.commit(linked.link(&files, &both, true));
            linked.encode(Vec::new());
        }
    }
}

#[test]
fn edits_lead_to_what_is_linked_anew() {
    let mut random = Random(7);
    let mut files = Files::default();
    let mut linked = Linked::new(NormalOptions::default());
    let (mut relinked, mut base) = (0, None);
    for edit in 0..EDITS {
        let mut changes = Changes::default();
        for _ in 0..=random.below(2) {
            let name = random.pick(&MODULES);
            let known = files.names.iter().position(|it| it.as_deref() == Some(name));
            match known {
                Some(at) if random.below(5) == 0 => {
                    files.names[at] = None;
                    changes.gone.push(u32::try_from(at).unwrap());
                }
                Some(at) => {
                    files.forms[at] = forms(&text(&mut random));
                    changes.changed.push(u32::try_from(at).unwrap());
                }
                None => {
                    changes.changed.push(u32::try_from(files.names.len()).unwrap());
                    files.names.push(Some(name.to_owned()));
                    files.forms.push(forms(&text(&mut random)));
                }
            }
        }
        changes.changed.retain(|it| !changes.gone.contains(it));
        changes.modules = linked.moved_modules(&|group, name| files.find(group, name));
        let update = linked.link(&files, &changes, true);
        relinked += linked.commit(update).dependencies.len();
        linked.compact();
        linked = kept(&mut linked, &mut base, random.below(3) == 0);
        for (name, expected) in anew(&files) {
            let at = files.names.iter().position(|it| *it == Some(name.clone())).unwrap();
            let hashes = linked.hashes(u32::try_from(at).unwrap());
            assert_eq!(hashes, expected, "{name} after edit {edit}");
        }
    }
    assert!(relinked < EDITS * 6, "{relinked} files were linked in {EDITS} edits");
}
