//! Generates the enums: kinds, roles and scalars.

use std::fmt::Write;

use astkit_schema::Schema;

use super::names::type_name;

pub(crate) fn generate(schema: &Schema) -> String {
    let mut out = String::from("//! Kinds, roles and scalars of Python's schema as enums.\n");
    out.push_str("use crate::tree::{KindId, RoleId};\n\n");
    let kinds: Vec<_> = schema.kinds.iter().map(|it| it.name.as_str()).collect();
    enumeration(&mut out, "Kind", "A node kind of Python's schema.", "u16", 0, &kinds);
    out.push_str(
        "impl Kind { /// The kind with this id, if it is one of Python's.
         pub fn from_id(id: KindId) -> Option<Self> { Self::ALL.get(usize::from(id.0)).copied() } }\n
         impl From<Kind> for KindId { fn from(kind: Kind) -> Self { KindId(kind as u16) } }\n\n",
    );
    let roles: Vec<_> = schema.roles.iter().skip(1).map(String::as_str).collect();
    enumeration(
        &mut out,
        "Role",
        "A child's place in its parent: the name of the parent's field.",
        "u8",
        1,
        &roles,
    );
    out.push_str("impl From<Role> for RoleId { fn from(role: Role) -> Self { RoleId(role as u8) } }\n\n");
    for it in &schema.enums {
        let values: Vec<_> = it.values.iter().map(String::as_str).collect();
        let name = type_name(&it.name);
        enumeration(&mut out, &name, &format!("The schema's `{}`.", it.name), "u8", 1, &values);
        let _ = write!(
            out,
            "impl {name} {{ /// The value stored as `flag`; `None` for 0.
             pub fn from_flag(flag: u8) -> Option<Self> {{ Self::ALL.get(usize::from(flag).checked_sub(1)?).copied() }} }}\n\n"
        );
    }
    out
}

fn enumeration(out: &mut String, name: &str, doc: &str, repr: &str, first: usize, values: &[&str]) {
    let _ = write!(
        out,
        "/// {doc}\n#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]\n#[repr({repr})]\npub enum {name} {{\n"
    );
    for (at, value) in (first..).zip(values) {
        let _ = writeln!(out, "/// `{value}`.\n{} = {at},", type_name(value));
    }
    let _ = write!(
        out,
        "}}\n\nimpl {name} {{ /// Every value, in the order of the schema.\npub const ALL: [Self; {}] = [",
        values.len()
    );
    for value in values {
        let _ = write!(out, "Self::{}, ", type_name(value));
    }
    out.push_str("];\n\n/// The name in the schema.\npub fn name(self) -> &'static str { match self {");
    for value in values {
        let _ = writeln!(out, "Self::{} => \"{value}\",", type_name(value));
    }
    out.push_str("} } }\n\n");
}
