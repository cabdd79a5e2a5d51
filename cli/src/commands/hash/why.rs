//! `astkit hash --why`: the first reasons for which two hashes differ.
//!
//! From the two definitions it goes along what they refer to, nearest first, to a definition whose own code differs,
//! and shows the first node that does, on both sides. Against a lock it names the parts that differ.

use std::collections::{HashSet, VecDeque};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use astkit::Span;
use astkit::hash::Level;
use astkit::hash::deep::{Deep, Target, semantic_hashes, slot_name};
use astkit::hash::form::{Form, file_forms};
use astkit::hash::normal::{NormalForm, NormalOptions};
use astkit::hash::why::{Compared, Difference, Side, first_difference};

use super::lock::{self, Lock};
use super::project::Project;
use super::rows::Asked;
use crate::definitions;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::session::{File, Session};

/// How many reasons are shown.
const MOST_REASONS: usize = 5;
/// How much of a node's text is shown.
const LONGEST: usize = 160;

/// Runs the command.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(super) fn run(session: &Session, old: &str, new: &str, asked: &Asked) -> Result<ExitStatus> {
    for (lock, target) in [(old, new), (new, old)] {
        if Lock::is_lock(Path::new(lock)) {
            return against_lock(session, Path::new(lock), target);
        }
    }
    let level = if asked.level == Level::Deep { Level::Deep } else { Level::Semantic };
    let asked = Asked { level, ..asked.clone() };
    let mut sides = [Tree::new(session, old, &asked)?, Tree::new(session, new, &asked)?];
    let [old_tree, new_tree] = &mut sides;
    let (old_deep, new_deep) = (old_tree.project.deep(), new_tree.project.deep());
    let search = Search { old: old_tree, new: new_tree, old_deep, new_deep, level };
    let (text, is_equal) = search.report()?;
    let status = session.write(&text)?;
    Ok(if is_equal { status } else { status.and(ExitStatus::Findings) })
}

fn against_lock(session: &Session, file: &Path, target: &str) -> Result<ExitStatus> {
    let locked = Lock::load(file, &[])?;
    let (now, status) = lock::entries(session, &[target.to_owned()], &locked.asked)?;
    if status == ExitStatus::Error {
        return Ok(status);
    }
    let mut out = String::new();
    for (name, new) in &now {
        match locked.entries.get(name) {
            None => writeln!(out, "{name}: not in the lock")?,
            Some(old) if old.hash == new.hash => {}
            Some(old) => writeln!(out, "{name}: {}", old.difference(new))?,
        }
    }
    for name in locked.entries.keys().filter(|it| lock::is_of(it, target) && !now.contains_key(*it)) {
        writeln!(out, "{name}: not there any more")?;
    }
    let is_equal = out.is_empty();
    if is_equal {
        let have = if now.len() == 1 { "definition has the hash" } else { "definitions have the hashes" };
        writeln!(out, "equal: {} {have} of the lock", now.len())?;
    }
    let status = session.write(&out)?;
    Ok(if is_equal { status } else { status.and(ExitStatus::Findings) })
}

/// One side: a target and the files that it needs.
struct Tree<'s> {
    session: &'s Session,
    project: Project<'s>,
    shown: String,
    file: u32,
    definition: u32,
    options: NormalOptions,
}

impl<'s> Tree<'s> {
    fn new(session: &'s Session, target: &str, asked: &'s Asked) -> Result<Self> {
        let found = session.inputs(&[target.to_owned()]);
        if let Some(failure) = found.failures.into_iter().next() {
            return Err(failure.into());
        }
        let [input] = found.inputs.as_slice() else {
            return Err(Failure::new(format!("`{target}` is not one file or definition"))
                .hint("name a definition: PATH::QUALNAME")
                .into());
        };
        let file = session.load(input)?;
        let all = astkit::ast::definitions(&file.lowered.tree);
        let definition = match &input.qualname {
            Some(qualname) => {
                let found = definitions::find(&all, &input.shown, qualname)?;
                all.iter().position(|it| std::ptr::eq(it, found)).unwrap_or(0)
            }
            None => 0,
        };
        let mut project = Project::new(session, asked, None);
        let forms = file_forms(&file.source, &file.lowered, &all, asked.options)
            .ok_or_else(|| Failure::new(format!("`{target}` is not Python")))?;
        project.add(input, (forms, all.iter().map(|it| it.qualname.clone()).collect()));
        let number = project.file(input).unwrap_or(0);
        let definition = u32::try_from(definition).unwrap_or(0);
        Ok(Self {
            session,
            project,
            shown: target.to_owned(),
            file: number,
            definition,
            options: asked.options,
        })
    }

    fn load(&self, file: u32) -> Result<File, Failure> {
        self.session.load(&self.project.input(file))
    }

    /// The form of a definition or statement.
    fn form(&self, target: &Target) -> Option<&Form> {
        let forms = self.project.forms(target.file());
        match target {
            Target::Definition(_, number) => forms.definitions.get(*number as usize),
            Target::Statement(_, number) => forms.statements.get(*number as usize),
            Target::Variable(..) => None,
        }
    }

    /// What the slots of a target are called.
    fn names(&self, target: &Target) -> Vec<String> {
        let forms = self.project.forms(target.file());
        self.form(target).map_or_else(Vec::new, |it| it.slots.iter().map(|it| slot_name(forms, it)).collect())
    }
}

/// Two definitions that stand in each other's place, and how one came to them.
#[derive(Clone)]
struct Step {
    old: Target,
    new: Target,
    /// What was referred to, from the definitions that were asked about.
    via: Vec<String>,
}

struct Search<'t, 's> {
    old: &'t Tree<'s>,
    new: &'t Tree<'s>,
    old_deep: Deep,
    new_deep: Deep,
    level: Level,
}

impl Search<'_, '_> {
    fn report(&self) -> Result<(String, bool), Failure> {
        let (old, new) = (
            Target::Definition(self.old.file, self.old.definition),
            Target::Definition(self.new.file, self.new.definition),
        );
        let mut out = String::new();
        let append = |out: &mut String, line: &str| {
            out.push_str(line);
            out.push('\n');
        };
        if self.is_equal(&old, &new) {
            append(
                &mut out,
                &format!("equal at level {}: `{}` and `{}`", self.level, self.old.shown, self.new.shown),
            );
            return Ok((out, true));
        }
        let mut open = VecDeque::from([Step { old, new, via: Vec::new() }]);
        let mut seen: HashSet<(Target, Target)> = HashSet::new();
        let mut reasons = 0;
        while let Some(step) = open.pop_front() {
            if !seen.insert((step.old.clone(), step.new.clone())) {
                continue;
            }
            let found = self.step(&step, &mut open)?;
            reasons += found.len();
            for line in found {
                append(&mut out, &line);
            }
            if reasons >= MOST_REASONS {
                append(&mut out, "(there may be more)");
                break;
            }
        }
        if reasons == 0 {
            append(&mut out, "the hashes differ in what was not followed");
        }
        Ok((out, false))
    }

    fn is_equal(&self, old: &Target, new: &Target) -> bool {
        if self.level == Level::Deep {
            return self.old_deep.of(old) == self.new_deep.of(new);
        }
        let hash = |tree: &Tree<'_>, target: &Target| {
            let forms = tree.project.forms(target.file());
            let Target::Definition(_, number) = target else { return None };
            semantic_hashes(forms, tree.options).get(*number as usize).copied()
        };
        hash(self.old, old) == hash(self.new, new)
    }

    /// What differs in two things themselves; what they refer to and differs goes to `open`.
    fn step(&self, step: &Step, open: &mut VecDeque<Step>) -> Result<Vec<String>, Failure> {
        let shape = |it: Option<&Form>| it.map(|it| it.shape);
        if shape(self.old.form(&step.old)) != shape(self.new.form(&step.new)) {
            return Ok(vec![self.node_reason(step)?]);
        }
        let (old, new) = (self.old_deep.targets(&step.old), self.new_deep.targets(&step.new));
        if old.len() != new.len() {
            return Ok(vec![format!("{}: other statements bind or change it", self.subject(step))]);
        }
        let (mut old_names, mut new_names) = (self.old.names(&step.old), self.new.names(&step.new));
        old_names.resize(old.len(), String::new());
        new_names.resize(new.len(), String::new());
        let mut out = Vec::new();
        for ((old, new), (old_name, new_name)) in
            old.into_iter().zip(new).zip(old_names.iter().zip(&new_names))
        {
            let renamed = || {
                let subject = self.subject(step);
                format!("{subject}: refers to `{old_name}` on the old side, to `{new_name}` on the new")
            };
            match (old, new) {
                (Some(old), Some(new)) if self.level == Level::Deep || old_name.starts_with('<') => {
                    if !self.is_equal(&old, &new) {
                        let mut via = step.via.clone();
                        if !matches!(new, Target::Statement(..)) {
                            via.push(self.new.project.shown(&new));
                        }
                        open.push_back(Step { old, new, via });
                    }
                }
                (Some(_), Some(_)) | (None, None) if old_name == new_name => {}
                _ => out.push(renamed()),
            }
        }
        Ok(out)
    }

    /// What a reason is about.
    fn subject(&self, step: &Step) -> String {
        let asked = &self.new.shown;
        match step.via.as_slice() {
            [] => format!("`{asked}` changed"),
            [.., last] => {
                let calls = step.via.len();
                let away = if calls == 1 { String::new() } else { format!(" ({calls} steps away)") };
                format!("`{asked}` changed because `{last}`{away} changed")
            }
        }
    }

    /// The first node that differs, on both sides.
    fn node_reason(&self, step: &Step) -> Result<String, Failure> {
        let (old, new) = (self.old.load(step.old.file())?, self.new.load(step.new.file())?);
        let origin = |it: Option<&Form>| it.map(|it| it.origin);
        let whole =
            Difference { old: origin(self.old.form(&step.old)), new: origin(self.new.form(&step.new)) };
        let found = match (&step.old, &step.new) {
            (Target::Definition(_, one), Target::Definition(_, two)) => {
                difference(&old, *one as usize, &new, *two as usize, self).unwrap_or(whole)
            }
            _ => whole,
        };
        let side = |tree: &Tree<'_>, target: &Target, file: &File, node: Option<u32>| {
            let path = tree.project.input(target.file()).shown;
            place(file, node)
                .map_or_else(|| "(nothing)".to_owned(), |(text, at)| format!("{path}:{at}: {text}"))
        };
        let old = side(self.old, &step.old, &old, found.old);
        let new = side(self.new, &step.new, &new, found.new);
        Ok(format!("{}:\n  - {old}\n  + {new}", self.subject(step)))
    }
}

/// The first node in which two definitions differ.
fn difference(
    old: &File,
    old_at: usize,
    new: &File,
    new_at: usize,
    search: &Search<'_, '_>,
) -> Option<Difference> {
    let (old_all, new_all) =
        (astkit::ast::definitions(&old.lowered.tree), astkit::ast::definitions(&new.lowered.tree));
    let old_normal = NormalForm::of(&old.lowered.tree, search.old.options)?;
    let new_normal = NormalForm::of(&new.lowered.tree, search.new.options)?;
    let old = Side { normal: &old_normal, node: old_normal.definition(old_all.get(old_at)?.node)? };
    let new = Side { normal: &new_normal, node: new_normal.definition(new_all.get(new_at)?.node)? };
    let names = search.level != Level::Deep;
    [false, true].into_iter().find_map(|nested| first_difference(old, new, Compared { names, nested }))
}

/// The text of a node and its line and column.
fn place(file: &File, node: Option<u32>) -> Option<(String, String)> {
    let node = astkit::hash::normal::node_at(&file.lowered.tree, node?)?;
    let span: Span = file.lowered.span(node);
    let text = file.source.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    let at = file.source.position(span.start);
    Some((short, format!("{}:{}", at.line, at.col + 1)))
}
