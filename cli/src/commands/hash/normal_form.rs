//! `astkit hash --normal-form`: the text that `semantic` is made of.

use anyhow::Result;
use astkit::hash::normal::{Names, NormalForm, NormalOptions};

use crate::definitions;
use crate::exit_status::ExitStatus;
use crate::failure::Failure;
use crate::session::{File, Report, Session};
use crate::targets::Input;

/// Prints the normal form of each target.
///
/// # Errors
/// Bad use, or a result that can't be written.
pub(super) fn run(session: &Session, targets: &[String], options: NormalOptions) -> Result<ExitStatus> {
    session.run_targets(targets, |input| {
        let file = match session.load(input) {
            Ok(file) => file,
            Err(failure) => return session.failed(&failure),
        };
        let mut report = session.report(&input.shown, &file);
        match text(input, &file, options) {
            Ok(text) => report.out = text.into_bytes(),
            Err(failure) => {
                let failed: Report = session.failed(&failure);
                report.log += &failed.log;
                report.status = failed.status;
            }
        }
        report
    })
}

fn text(input: &Input, file: &File, options: NormalOptions) -> Result<String, Failure> {
    let all = astkit::ast::definitions(&file.lowered.tree);
    let wanted = match &input.qualname {
        Some(qualname) => definitions::find(&all, &input.shown, qualname)?,
        None => &all[0],
    };
    let shown = &input.shown;
    let normal = NormalForm::of(&file.lowered.tree, options)
        .ok_or_else(|| Failure::new(format!("`{shown}` is not Python: only Python has a normal form")))?;
    let node = normal
        .definition(wanted.node)
        .ok_or_else(|| Failure::new(format!("`{shown}`: `{}` has no normal form", wanted.qualname)))?;
    let mut text = normal.to_source(node, Names::Meaning).map_err(|_| {
        let name = &wanted.qualname;
        Failure::new(format!("`{shown}`: text of `{name}` can't be understood, and has no normal form"))
            .hint("definitions of the file without such text have one: PATH::QUALNAME")
    })?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}
