//! The table of requirements names tests that there are.

#![expect(clippy::disallowed_methods, reason = "the pages and the tests are files")]

use std::fs;
use std::path::Path;

#[test]
fn every_row_names_a_test_that_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join("docs/passes.md")).unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|it| it.starts_with("| ") && it[2..].starts_with(|it: char| it.is_ascii_digit()))
        .map(|it| it.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let numbers: Vec<_> = rows.iter().map(|it| it[0].parse::<u32>().unwrap()).collect();
    assert_eq!(numbers, (1..=63).collect::<Vec<_>>());
    let mut missing = Vec::new();
    for row in &rows {
        let mut file = String::new();
        for code in row[3].split('`').skip(1).step_by(2) {
            if code.contains('/') {
                file = fs::read_to_string(root.join(code)).unwrap_or_default();
                if !root.join(code).exists() {
                    missing.push(code);
                }
            } else if let Some((module, name)) = code.split_once("::") {
                let tests = root.join(format!("core/engine/tests/passes/{module}.rs"));
                let text = fs::read_to_string(tests).unwrap_or_default();
                if !text.contains(&format!("fn {name}()")) && (name != "*" || text.is_empty()) {
                    missing.push(code);
                }
            } else if !file.contains(&format!("fn {code}()")) {
                missing.push(code);
            }
        }
    }
    assert_eq!(missing, [""; 0]);
}
