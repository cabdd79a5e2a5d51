//! How names of the schema are written in Rust.

/// `match_case` → `MatchCase`, `FunctionDef` stays.
pub(crate) fn type_name(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map_or(String::new(), |it| it.to_uppercase().chain(chars).collect())
        })
        .collect()
}

/// `AsyncFunctionDef` → `async_function_def`, `match_case` stays.
pub(crate) fn fn_name(name: &str) -> String {
    let mut out = String::new();
    for (at, it) in name.char_indices() {
        if it.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(it.to_lowercase());
    }
    escape(&out)
}

/// Adds the underscore that Rust's keywords need (`type` → `type_`).
pub(crate) fn escape(name: &str) -> String {
    match name {
        "type" | "match" | "return" | "if" | "for" | "while" | "try" | "yield" | "await" | "break"
        | "continue" => {
            format!("{name}_")
        }
        _ => name.to_owned(),
    }
}

/// `A` or `An` before a kind's name in documentation.
pub(crate) fn article(name: &str) -> &'static str {
    if name.starts_with(|it: char| "AEIOUaeiou".contains(it)) { "An" } else { "A" }
}
