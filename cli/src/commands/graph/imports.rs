//! Who imports whom, among the files that were named.

use std::collections::HashMap;
use std::path::Path;

use astkit_analysis::project::{absolute, roots};
use astkit_analysis::{Environment, Import, ScopeId, imports, scopes, unreachable};

use super::model::{Model, Node};
use crate::exit_status::ExitStatus;
use crate::library;
use crate::messages;
use crate::session::{File, Session};
use crate::targets::{Input, Origin};

/// An import: level, module, names taken of it, and when it runs.
type Asked = (u32, String, Vec<String>, &'static str);

/// The files as nodes, and their imports of each other as links: to the module that is named, or, of
/// `from package import module`, to that module.
pub(super) fn model(session: &Session, inputs: &[Input]) -> (Model, ExitStatus) {
    let mut out = Model::new("imports");
    let mut status = ExitStatus::Success;
    let mut all: Vec<(String, bool, Vec<Asked>)> = Vec::new();
    let done: Result<(), std::convert::Infallible> = session.each(
        inputs,
        |input| {
            (
                input.clone(),
                session.load(input).map(|file| (session.report(&input.shown, &file), asked(session, &file))),
            )
        },
        |(input, loaded)| {
            let Origin::File(path) = &input.origin else { return Ok(()) };
            match loaded {
                Ok((report, asked)) => {
                    messages::print(&report.log);
                    status = status.and(report.status);
                    let is_package = path.file_stem().is_some_and(|it| it == "__init__");
                    let name = session.roots.module(path).unwrap_or_else(|| input.shown.clone());
                    out.nodes.push(Node {
                        package: package_of(&name, is_package),
                        id: name.clone(),
                        kind: if is_package { "package" } else { "module" },
                        target: input.shown.clone(),
                    });
                    all.push((name, is_package, asked));
                }
                Err(failure) => {
                    status = status.and(ExitStatus::Error);
                    messages::print(&session.messages.error(&failure));
                }
            }
            Ok(())
        },
    );
    let Ok(()) = done;
    let paths = out.nodes.iter().map(|it| Path::new(&it.target));
    let numbers = roots(paths.zip(all.iter().map(|it| it.0.as_str())));
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, (name, ..)) in all.iter().enumerate() {
        by_name.entry(name).or_default().push(at);
    }
    // Of two modules of one name, the one that is imported from the same folder.
    let named = |from: usize, name: &str| {
        let all = by_name.get(name)?;
        all.iter().find(|it| numbers[**it] == numbers[from]).or(all.last()).copied()
    };
    let mut outside = std::collections::BTreeSet::new();
    for (at, (name, is_package, asked)) in all.iter().enumerate() {
        for (level, module, names, kind) in asked {
            let Some(target) = absolute(name, *is_package, *level, module) else { continue };
            let mut found: Vec<usize> =
                names.iter().filter_map(|it| named(at, &format!("{target}.{it}"))).collect();
            // What is no module itself is taken of the package.
            if found.len() < names.len().max(1) {
                match named(at, &target) {
                    Some(it) => found.push(it),
                    None if found.is_empty() => {
                        outside.insert(target.split('.').next().unwrap_or_default().to_owned());
                    }
                    None => {}
                }
            }
            for it in found.into_iter().filter(|it| *it != at) {
                out.link(at, it, kind, 1);
            }
        }
    }
    if session.messages.verbose() && !outside.is_empty() {
        out.notes.push(format!("{} packages outside of the files are left out", outside.len()));
    }
    out.sort();
    (out, status)
}

/// The package that a module is in; a package is in itself, and a module without one stands alone.
pub(super) fn package_of(module: &str, is_package: bool) -> String {
    if is_package {
        return module.to_owned();
    }
    module.rsplit_once('.').map_or(module, |it| it.0).to_owned()
}

fn asked(session: &Session, file: &File) -> Vec<Asked> {
    let tree = &file.lowered.tree;
    let scopes = scopes(tree, &library::scope_options(session).0);
    let facts = Environment { type_checking: Some(false), ..Environment::default() };
    let dead: Vec<_> = unreachable(tree, &facts).into_iter().map(|it| tree.node(it.node)).collect();
    let kind = |it: &Import| {
        let index = tree.node(it.node).index();
        let is_dead = dead.iter().any(|it| it.index() <= index && index < it.index() + size(*it));
        let mut scope = Some(it.scope);
        let mut is_lazy = false;
        while let Some(at) = scope.filter(|it| *it != ScopeId(0)) {
            is_lazy |= scopes.scope(at).kind != astkit_analysis::scopes::ScopeKind::Class;
            scope = scopes.scope(at).parent;
        }
        match (is_dead, is_lazy) {
            (true, _) => "typing",
            (false, true) => "lazy",
            (false, false) => "import",
        }
    };
    let asked = |it: &Import| {
        let names = it.from.iter().flatten().filter(|it| &***it != "*").map(ToString::to_string);
        (it.level, it.name.as_deref().unwrap_or_default().to_owned(), names.collect(), kind(it))
    };
    imports(tree, &scopes).iter().map(asked).collect()
}

/// How many nodes there are below one, with it.
fn size(node: astkit::ast::Node<'_>) -> u32 {
    let mut count = 1;
    let mut stack: Vec<_> = node.children().collect();
    while let Some(it) = stack.pop() {
        count += 1;
        stack.extend(it.children());
    }
    count
}
