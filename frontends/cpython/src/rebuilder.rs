//! From a worker's answer to nodes of the common tree.
//!
//! The answer lists the nodes in postorder with the number of their children, which is the order in which a
//! [`TreeBuilder`] wants them; so each is closed over the last so many subtrees, and nothing recurses.

use astkit_ast::builder::Mark;
use astkit_ast::schema::{Arity, Field, FieldType, KindDef, Schema, Storage};
use astkit_ast::tree::NONE;
use astkit_ast::{KindId, RoleId, Span, TreeBuilder};

use crate::marshal::{Malformed, Reader};

/// Builds the tree that `answer` describes.
pub(crate) fn rebuild(
    answer: &[u8],
    schema: &'static Schema,
    builder: &mut TreeBuilder<'_>,
) -> Result<(), Malformed> {
    let mut reader = Reader::new(answer);
    let scalars: Vec<Vec<&Field>> = schema.kinds.iter().map(scalars).collect();
    let mut roots = Vec::new();
    for _ in 0..reader.sequence()? {
        reader.sequence()?;
        let head = reader.natural()?;
        let (kind, role) = (head & 0xff, head >> 8);
        let span = span(&mut reader, builder)?;
        let children = reader.natural()? as usize;
        let mark = open(&mut roots, children, builder)?;
        let fields = scalars.get(kind as usize).ok_or(Malformed)?;
        let (flag, aux) = read_scalars(&mut reader, fields, builder)?;
        let kind = KindId(u16::try_from(kind).map_err(|_| Malformed)?);
        builder.close(mark, kind, span, flag, aux);
        builder.role(RoleId(u8::try_from(role).map_err(|_| Malformed)?));
        roots.push(mark);
    }
    if roots.len() == 1 { Ok(()) } else { Err(Malformed) }
}

/// The fields of a kind that are transmitted as values.
fn scalars(kind: &KindDef) -> Vec<&Field> {
    let is_scalar = |it: &&Field| !matches!(it.storage, Storage::Child(_) | Storage::Nowhere);
    kind.fields.iter().filter(is_scalar).collect()
}

/// The mark of a node over the last `children` subtrees.
fn open(roots: &mut Vec<Mark>, children: usize, builder: &TreeBuilder<'_>) -> Result<Mark, Malformed> {
    if children == 0 {
        return Ok(builder.mark());
    }
    let first = roots.len().checked_sub(children).ok_or(Malformed)?;
    let mark = roots[first];
    roots.truncate(first);
    Ok(mark)
}

fn span(reader: &mut Reader<'_>, builder: &TreeBuilder<'_>) -> Result<Span, Malformed> {
    let source = builder.source();
    let (line, col) = (reader.natural()?, reader.natural()?);
    let (end_line, end_col) = (reader.natural()?, reader.natural()?);
    if line == 0 {
        // Kinds without a place of their own; for all but the file's root, it follows from their children.
        return Ok(Span::new(0, source.len()));
    }
    Ok(Span::new(source.offset(line, col), source.offset(end_line, end_col)))
}

/// A node's byte and word.
fn read_scalars(
    reader: &mut Reader<'_>,
    fields: &[&Field],
    builder: &mut TreeBuilder<'_>,
) -> Result<(u8, u32), Malformed> {
    let (mut flag, mut aux) = (0, NONE);
    let in_record = fields.iter().any(|it| matches!(it.storage, Storage::Record(_)));
    if in_record {
        aux = builder.record();
    }
    for field in fields {
        match field.storage {
            Storage::Flag => flag = read_flag(reader, field)?,
            Storage::Aux => aux = read_word(reader, &field.ty, builder)?,
            Storage::Record(_) if field.arity == Arity::Many => {
                let count = reader.sequence()?;
                let words = (0..count).map(|_| read_word(reader, &field.ty, builder));
                let words = words.collect::<Result<Vec<_>, _>>()?;
                builder.record_list(words.into_iter());
            }
            Storage::Record(_) => {
                let word = read_word(reader, &field.ty, builder)?;
                builder.record_word(word);
            }
            Storage::Child(_) | Storage::Nowhere => {}
        }
    }
    Ok((flag, aux))
}

fn read_flag(reader: &mut Reader<'_>, field: &Field) -> Result<u8, Malformed> {
    let number = reader.number()?;
    match field.ty {
        FieldType::Enum(_) => u8::try_from(number).map_err(|_| Malformed),
        FieldType::Tiny => Ok(i8::try_from(number).map_err(|_| Malformed)?.cast_unsigned()),
        FieldType::Node(_)
        | FieldType::AnyNode
        | FieldType::Identifier
        | FieldType::Constant
        | FieldType::Int
        | FieldType::Null => Err(Malformed),
    }
}

fn read_word(
    reader: &mut Reader<'_>,
    ty: &FieldType,
    builder: &mut TreeBuilder<'_>,
) -> Result<u32, Malformed> {
    match ty {
        FieldType::Identifier => Ok(reader.text()?.map_or(NONE, |it| builder.name(it).0)),
        FieldType::Constant => Ok(builder.constant(reader.constant()?).0),
        FieldType::Int | FieldType::Enum(_) => reader.natural(),
        FieldType::Node(_) | FieldType::AnyNode | FieldType::Tiny | FieldType::Null => Err(Malformed),
    }
}
