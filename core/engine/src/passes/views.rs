//! Views: what transformations make of modules.
//!
//! A transformation changes nothing: applying it makes another view, whose tree is a function of the view below.
//! Steps that change nothing are left out of a view before anybody looks at it, so what they would have preserved is
//! simply there.

use std::sync::Arc;

use astkit_ast::{NodeId, SourceText, Tree};
use astkit_transform::{Applied, Edits};

use super::context::Cx;
use super::definitions::definitions_of;
use super::error::PassError;
use super::events::{Outcome, PassEvent};
use super::pipeline::{Pipeline, Step};
use super::target::{Def, On, TargetKind, View};
use super::transformation::AnyT;
use super::trees::{Source, def_code, file_source, view_tree};
use crate::db::Db;

/// A view after the steps of a pipeline.
pub(crate) fn through(db: &dyn Db, view: View, pipeline: &Pipeline) -> View {
    if pipeline.is_empty() {
        return view;
    }
    let tables = &db.shared().passes;
    let whole = tables.pipelines.value(view.pipeline).and(pipeline);
    View { pipeline: tables.pipelines.number(Arc::new(whole)), ..view }
}

/// The same, unless these are the last steps of the view already.
pub(crate) fn through_once(db: &dyn Db, view: View, pipeline: &Pipeline) -> View {
    if pipeline.is_empty() || db.shared().passes.pipelines.value(view.pipeline).ends_with(pipeline) {
        return view;
    }
    through(db, view, pipeline)
}

/// The view with the same tree that has only steps that change something.
pub(crate) fn effective(db: &dyn Db, view: View) -> Result<View, PassError> {
    if view.is_source() {
        return Ok(view);
    }
    let pipeline = db.shared().passes.pipelines.value(view.pipeline);
    walk(db, View { pipeline: 0, ..view }, &pipeline)
}

fn walk(db: &dyn Db, mut view: View, pipeline: &Pipeline) -> Result<View, PassError> {
    for step in pipeline.steps() {
        match step {
            Step::Apply(by) => view = after(db, view, by)?,
            Step::Repeat(most, inner) => {
                for _ in 0..*most {
                    let before = view;
                    view = walk(db, view, inner)?;
                    if view == before {
                        break;
                    }
                }
            }
        }
    }
    Ok(view)
}

/// The view after one transformation: the same, if that changes nothing.
fn after(db: &dyn Db, below: View, by: &AnyT) -> Result<View, PassError> {
    match new_tree(db, StepKey::new(db, below, by.clone())) {
        Err(error) => Err(error.clone()),
        Ok(None) => Ok(below),
        Ok(Some(_)) => Ok(through(db, below, &Pipeline::default().with(Step::Apply(by.clone())))),
    }
}

/// The transformation that made an effective view, and the view below it.
pub(crate) fn last_step(db: &dyn Db, view: View) -> Option<(View, AnyT)> {
    let tables = &db.shared().passes;
    let pipeline = tables.pipelines.value(view.pipeline);
    let (before, Step::Apply(by)) = pipeline.split_last()? else { return None };
    let below = View { pipeline: tables.pipelines.number(Arc::new(before)), ..view };
    Some((below, by.clone()))
}

/// The tree of a view that is no source.
pub(crate) fn tree(db: &dyn Db, view: View) -> Result<&Tree, PassError> {
    let view = effective(db, view)?;
    match last_step(db, view) {
        None => view_tree(db, view),
        Some((below, by)) => match new_tree(db, StepKey::new(db, below, by)) {
            Ok(Some(it)) => Ok(&it.0.applied.tree),
            Ok(None) => view_tree(db, below),
            Err(error) => Err(error.clone()),
        },
    }
}

/// Works with what became of the nodes of the view below an effective view.
pub(crate) fn with_node_map<R>(
    db: &dyn Db,
    view: View,
    work: impl FnOnce(&dyn Fn(NodeId) -> Option<NodeId>) -> R,
) -> Result<R, PassError> {
    let (below, by) = last_step(db, view).ok_or(PassError::Gone)?;
    match transformed(db, StepKey::new(db, below, by)) {
        Err(error) => Err(error.clone()),
        Ok(None) => Ok(work(&Some)),
        Ok(Some(it)) => Ok(work(&|node| it.applied.new_node(node))),
    }
}

/// A transformation of a view.
#[salsa::interned(revisions = usize::MAX)]
pub(crate) struct StepKey<'db> {
    #[returns(copy)]
    below: View,
    by: AnyT,
}

/// What a transformation made of a tree.
#[derive(Debug)]
struct Transformed {
    /// The hash of the tree that it was made of: the node map speaks of its nodes.
    before: u128,
    edits: Edits,
    applied: Applied,
}

impl PartialEq for Transformed {
    fn eq(&self, other: &Self) -> bool {
        self.before == other.before && self.edits == other.edits
    }
}

type Outcomes = Result<Option<Arc<Transformed>>, PassError>;

/// What a transformation makes of a view; nothing, if the tree stays what it is.
#[salsa::tracked(returns(ref), cycle_initial = in_cycle, cycle_fn = stays)]
fn transformed<'db>(db: &'db dyn Db, key: StepKey<'db>) -> Outcomes {
    let (below, by) = (key.below(db), key.by(db));
    let tree = view_tree(db, below)?;
    let edits = match by.0.target() {
        TargetKind::Definition => edits_of_definitions(db, key)?,
        TargetKind::Project | TargetKind::Module | TargetKind::Node => run(db, by, On::Module(below), tree)?,
    };
    if edits.is_empty() {
        return Ok(None);
    }
    let applied = edits.apply(tree);
    let event = || PassEvent::ModuleTransformed {
        pass: by.name(),
        view: below,
        update: applied.is_updated,
        added: applied.added.len(),
        removed: applied.removed.len(),
    };
    db.shared().listeners.tell(event);
    let is_updated = applied.is_updated;
    Ok(is_updated.then(|| Arc::new(Transformed { before: tree.hash(), edits, applied })))
}

/// What a transformation made of a tree, of which only the new tree is looked at: it is the same when what was taken
/// out of the old one is another.
#[derive(Clone, Debug)]
struct ByTree(Arc<Transformed>);

impl PartialEq for ByTree {
    fn eq(&self, other: &Self) -> bool {
        self.0.applied.tree == other.0.applied.tree
    }
}

#[salsa::tracked(returns(ref), cycle_initial = tree_in_cycle, cycle_fn = tree_stays)]
fn new_tree<'db>(db: &'db dyn Db, key: StepKey<'db>) -> Result<Option<ByTree>, PassError> {
    transformed(db, key).as_ref().map(|it| it.clone().map(ByTree)).map_err(Clone::clone)
}

fn tree_in_cycle(_: &dyn Db, _: salsa::Id, _: StepKey<'_>) -> Result<Option<ByTree>, PassError> {
    Err(PassError::Cycle)
}

fn tree_stays(
    _: &dyn Db,
    _: &salsa::Cycle<'_>,
    _: &Result<Option<ByTree>, PassError>,
    _: Result<Option<ByTree>, PassError>,
    _: StepKey<'_>,
) -> Result<Option<ByTree>, PassError> {
    Err(PassError::Cycle)
}

fn in_cycle(_: &dyn Db, _: salsa::Id, _: StepKey<'_>) -> Outcomes {
    Err(PassError::Cycle)
}

fn stays(_: &dyn Db, _: &salsa::Cycle<'_>, _: &Outcomes, _: Outcomes, _: StepKey<'_>) -> Outcomes {
    Err(PassError::Cycle)
}

/// The edits of all definitions together, in the numbers of the file's tree.
fn edits_of_definitions<'db>(db: &'db dyn Db, key: StepKey<'db>) -> Result<Edits, PassError> {
    let below = key.below(db);
    let all = definitions_of(db, below)?;
    let mut out = Edits::new();
    for (at, entry) in (0..).zip(&all.list) {
        let def = Def { view: below, path: entry.path };
        let own = definition_edits(db, DefStepKey::new(db, def, key.by(db).clone())).as_ref();
        let own = own.map_err(Clone::clone)?;
        if !own.is_empty() {
            let code = def_code(db, def)?;
            // Nested definitions have no nodes of their own in here, but their names' places.
            let in_file = |id: NodeId| code.in_file(id, astkit_ast::DefId(at), &entry.children);
            out.merge(own.moved(&in_file));
        }
    }
    Ok(out)
}

/// A transformation of a definition.
#[salsa::interned(revisions = usize::MAX)]
struct DefStepKey<'db> {
    #[returns(copy)]
    def: Def,
    by: AnyT,
}

#[salsa::tracked(returns(ref), cycle_initial = def_in_cycle, cycle_fn = def_stays)]
fn definition_edits<'db>(db: &'db dyn Db, key: DefStepKey<'db>) -> Result<Edits, PassError> {
    let def = key.def(db);
    run(db, key.by(db), On::Def(def), def_code(db, def)?.tree())
}

fn def_in_cycle(_: &dyn Db, _: salsa::Id, _: DefStepKey<'_>) -> Result<Edits, PassError> {
    Err(PassError::Cycle)
}

fn def_stays(
    _: &dyn Db,
    _: &salsa::Cycle<'_>,
    _: &Result<Edits, PassError>,
    _: Result<Edits, PassError>,
    _: DefStepKey<'_>,
) -> Result<Edits, PassError> {
    Err(PassError::Cycle)
}

fn run(db: &dyn Db, by: &AnyT, on: On, tree: &Tree) -> Result<Edits, PassError> {
    let (pass, listeners) = (by.name(), &db.shared().listeners);
    listeners.tell(|| PassEvent::RunningTransform { pass, on });
    let started = listeners.now();
    let once = || {
        let cx = Cx::new(db, pass, by.0.reach(), on);
        let edits = by.0.run(&cx, on, tree);
        cx.fatal().map_or(edits, Err)
    };
    let edits = once();
    if db.shared().passes.verifies && once() != edits {
        listeners.tell(|| PassEvent::Impure { pass, on });
    }
    listeners.tell(|| PassEvent::TransformEnded {
        pass,
        on,
        outcome: if edits.is_ok() { Outcome::Done } else { Outcome::Failed },
        micros: listeners.micros_since(started),
    });
    edits
}

/// The text of a view, with its tree and positions: untouched statements keep theirs.
pub(crate) fn source(db: &dyn Db, view: View) -> Result<Arc<Source>, PassError> {
    let view = effective(db, view)?;
    match last_step(db, view) {
        None => file_source(db, view.file.0).map_err(PassError::Unreadable),
        Some((below, by)) => printed(db, StepKey::new(db, below, by)),
    }
}

/// The tree of a text, read as a view's file is.
pub(super) fn parse(db: &dyn Db, view: View, text: &str) -> Result<Tree, PassError> {
    let file = view.file.0;
    let read = db.shared().summaries.lower(file.path(db), text.as_bytes(), file.root(db).python(db));
    read.map(|it| it.1.tree).map_err(PassError::Unreadable)
}

#[salsa::tracked(returns(clone), no_eq, lru = 128)]
fn printed<'db>(db: &'db dyn Db, key: StepKey<'db>) -> Result<Arc<Source>, PassError> {
    let below = source(db, key.below(db))?;
    let Some(step) = transformed(db, key).as_ref().map_err(Clone::clone)? else { return Ok(below) };
    let text = step.edits.print(&below.text, &below.lowered);
    let text = text.map_err(|error| PassError::Edits(error.to_string().into()))?;
    let file = key.below(db).file.0;
    let python = file.root(db).python(db);
    // A text that its codec lacks characters for can't be read back either.
    let bytes = below.text.encode(&text).unwrap_or_else(|| text.into_bytes());
    let read = db.shared().summaries.lower(file.path(db), &bytes, python);
    let (text, lowered): (SourceText, _) = read.map_err(PassError::Unreadable)?;
    if lowered.tree != step.applied.tree {
        return Err(PassError::Edits("the printed text reads differently".into()));
    }
    Ok(Arc::new(Source { text, lowered }))
}
