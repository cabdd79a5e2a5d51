//! What astkit does with a language that it does not know.

use std::process::Command;

use astkit::ast::check::check;
use astkit::ast::{definitions, lower};
use astkit::diff::{FilePair, Side, diff_files};
use astkit::hash::{Level, definition_hashes};
use astkit::{Lowered, Options, SourceText};
use toy_language::Toy;

const OLD: &str = "# areas\nlet unit = 2;\nfun area(w, h) = w * h + unit;\nfun two(x) = area(x, 2);\n";

fn read(text: &str) -> (SourceText, Lowered) {
    let source = SourceText::from_text(text);
    let lowered = lower(&Toy, &source, &Options::default()).unwrap();
    assert_eq!(check(&lowered), [], "{text}");
    (source, lowered)
}

/// Definitions with their hashes.
fn hashes(text: &str) -> Vec<(String, String)> {
    let (source, lowered) = read(text);
    let all = definitions(&lowered.tree);
    let hashes = definition_hashes(Level::Ast, &source, &lowered, &all);
    all.iter().zip(hashes).map(|(it, hash)| (it.qualname.clone(), hash.to_string())).collect()
}

#[test]
fn layout_and_comments_do_not_count_and_everything_else_does() {
    let old = hashes(OLD);
    assert_eq!(old.iter().map(|it| &*it.0).collect::<Vec<_>>(), ["<module>", "area", "two"]);
    assert_eq!(old, hashes(&OLD.replace("w * h", "(w  *  h)").replace("# areas", "# other")));
    let new = hashes(&OLD.replace("w * h", "w / h"));
    assert!(old[0] != new[0] && old[1] != new[1] && old[2] == new[2]);
}

#[test]
fn a_diff_names_the_functions_that_changed() {
    let (old, new) = (read(OLD), read(&OLD.replace("w * h", "w - h").replace("two", "twice")));
    let sides = [&old, &new].map(|it| Side::new(&it.0, &it.1));
    let [before, after] = sides;
    let pair = FilePair { name: "areas.toy", before: Some(before), after: Some(after) };
    let diff = diff_files(&[pair]).remove(0);
    let names = diff.definitions.iter().map(|it| {
        let name = |side: &Option<astkit::diff::DefinitionSide>| side.as_ref().map(|it| it.qualname.clone());
        (name(&it.before), name(&it.after))
    });
    let (area, two, twice) = (Some("area".to_owned()), Some("two".to_owned()), Some("twice".to_owned()));
    let changed: Vec<_> = names.collect();
    assert!(changed.contains(&(area.clone(), area)), "{changed:?}");
    assert!(changed.contains(&(two, twice)), "{changed:?}");
}

#[test]
fn broken_text_keeps_the_definitions_around_it() {
    let (_, lowered) = read("fun a() = 1;\nfun b( = ;\nfun c(x) = x;\n");
    assert!(lowered.is_partial());
    let names: Vec<_> = definitions(&lowered.tree).into_iter().map(|it| it.qualname).collect();
    assert_eq!(names, ["<module>", "a", "c"]);
    read(&format!("let x = {};", "(".repeat(100_000)));
}

#[test]
fn the_command_line_hashes_and_compares() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    std::fs::write(format!("{folder}/old.toy"), OLD).unwrap();
    std::fs::write(format!("{folder}/new.toy"), OLD.replace("w * h", "w - h")).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_toy-language"));
        let output = command.current_dir(folder).arg("--no-cache").args(arguments).output().unwrap();
        assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let area = |file: &str| run(&["hash", &format!("{file}::area")]);
    let two = |file: &str| run(&["hash", &format!("{file}::two")]).split(' ').next().unwrap().to_owned();
    assert_ne!(area("old.toy"), area("new.toy"));
    assert_eq!(two("old.toy"), two("new.toy"));
    let diff = run(&["diff", "old.toy", "new.toy"]);
    assert!(diff.contains("area") && !diff.contains("two"), "{diff}");
}
