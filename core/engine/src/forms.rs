//! Normal forms in the store: what the levels `semantic` and `deep` need of a file, as bytes and back.
//!
//! They are a record of their own beside the summary's, because most questions do not need them. Numbers take as many
//! bytes as they need, seven bits each; texts are numbered, each once. Reading is total: bytes that nothing wrote
//! give nothing.

use astkit_hash::form::{Binding, Class, FileForms, Form, Slot};
use astkit_hash::normal::{NormalOptions, Root};
use astkit_hash::{Hash, SCHEME};
use rustc_hash::FxHashMap;

use crate::store::Record;
use crate::summary::SummaryKey;

/// Version of the layout.
const FORMAT: u32 = 3;

const OTHER_LANGUAGE: u32 = 0;
const PYTHON: u32 = 1;

/// The name of a file's forms in the store.
pub(crate) fn forms_key(summary: &SummaryKey, options: NormalOptions) -> SummaryKey {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&summary.0).update(format!("astkit forms {FORMAT} {SCHEME} {options}").as_bytes());
    SummaryKey(*hasher.finalize().as_bytes())
}

/// What the store keeps of a file's forms; files of other languages have none.
pub fn encode(forms: Option<&FileForms>) -> Record {
    let mut writer = Writer::default();
    let Some(forms) = forms else { return writer.finish(OTHER_LANGUAGE) };
    let FileForms { roots, paths, definitions, statements, names, stars, classes } = forms;
    writer.list(roots, Writer::root);
    writer.list(paths, |writer, path| writer.list(path, |writer, it| writer.text(it)));
    writer.list(definitions, Writer::form);
    writer.list(statements, Writer::form);
    writer.list(names, |writer, (name, binding)| {
        writer.text(name);
        writer.binding(binding);
    });
    writer.list(stars, |writer, (level, module)| {
        writer.number(*level);
        writer.text(module);
    });
    writer.list(classes, |writer, Class { definition, bases, members }| {
        writer.number(*definition);
        writer.list(bases, |writer, (root, path)| {
            writer.number(*root);
            writer.list(path, |writer, it| writer.text(it));
        });
        writer.list(members, |writer, (name, member)| {
            writer.text(name);
            writer.number(*member);
        });
    });
    writer.finish(PYTHON)
}

/// Reads what [`encode`] wrote; none if it can't be that.
pub fn decode(record: &Record) -> Option<Option<FileForms>> {
    let mut reader = Reader { bytes: record, texts: Vec::new() };
    if reader.number()? == OTHER_LANGUAGE {
        return Some(None);
    }
    let count = reader.count()?;
    for _ in 0..count {
        let len = reader.number()? as usize;
        let text = std::str::from_utf8(reader.take(len)?).ok()?;
        reader.texts.push(text);
    }
    Some(Some(FileForms {
        roots: reader.list(Reader::root)?,
        paths: reader.list(|it| Some(it.list(Reader::text)?.into()))?,
        definitions: reader.list(Reader::form)?,
        statements: reader.list(Reader::form)?,
        names: reader.list(|it| Some((it.text()?, it.binding()?)))?,
        stars: reader.list(|it| Some((it.number()?, it.text()?)))?,
        classes: reader.list(|it| {
            let definition = it.number()?;
            let bases = it.list(|it| Some((it.number()?, it.list(Reader::text)?.into())))?;
            let members = it.list(|it| Some((it.text()?, it.number()?)))?;
            Some(Class { definition, bases, members })
        })?,
    }))
}

#[derive(Default)]
struct Writer<'f> {
    bytes: Vec<u8>,
    texts: Vec<&'f str>,
    numbers: FxHashMap<&'f str, u32>,
}

impl<'f> Writer<'f> {
    fn number(&mut self, number: u32) {
        write_number(&mut self.bytes, number);
    }

    fn text(&mut self, text: &'f str) {
        let next = len(self.texts.len());
        let number = *self.numbers.entry(text).or_insert(next);
        if number == next {
            self.texts.push(text);
        }
        self.number(number);
    }

    fn list<T>(&mut self, list: &'f [T], mut write: impl FnMut(&mut Self, &'f T)) {
        self.number(len(list.len()));
        for it in list {
            write(self, it);
        }
    }

    fn root(&mut self, root: &'f Root) {
        match root {
            Root::Global(name) => {
                self.number(0);
                self.text(name);
            }
            Root::Module { module } => {
                self.number(1);
                self.text(module);
            }
            Root::From { level, module, name } => {
                self.number(2);
                self.number(*level);
                self.text(module);
                self.text(name);
            }
        }
    }

    fn form(&mut self, form: &'f Form) {
        self.bytes.extend_from_slice(form.shape.as_bytes());
        self.list(&form.slots, Self::slot);
        self.list(&form.places, |writer, it| writer.number(*it));
        self.number(form.origin);
    }

    fn slot(&mut self, slot: &'f Slot) {
        match slot {
            Slot::Child(child) => {
                self.number(0);
                self.number(*child);
            }
            Slot::Name { root, path } => {
                self.number(1);
                self.number(*root);
                self.number(*path);
            }
            Slot::Member { class, path, is_super } => {
                self.number(2 + u32::from(*is_super));
                self.number(*class);
                self.number(*path);
            }
            Slot::Around(around) => {
                self.number(4);
                self.number(*around);
            }
            Slot::Pin { root, path } => {
                self.number(5);
                self.number(*root);
                self.number(*path);
            }
            Slot::Text(text) => {
                self.number(6);
                self.number(*text);
            }
        }
    }

    fn binding(&mut self, binding: &'f Binding) {
        match binding {
            Binding::Definition(number) => {
                self.number(0);
                self.number(*number);
            }
            Binding::Import(root) => {
                self.number(1);
                self.root(root);
            }
            Binding::Variable(statements) => {
                self.number(2);
                self.list(statements, |writer, it| writer.number(*it));
            }
        }
    }

    fn finish(self, language: u32) -> Record {
        let mut out = Vec::with_capacity(self.bytes.len());
        write_number(&mut out, language);
        if language == PYTHON {
            write_number(&mut out, len(self.texts.len()));
            for text in self.texts {
                write_number(&mut out, len(text.len()));
                out.extend_from_slice(text.as_bytes());
            }
        }
        out.extend_from_slice(&self.bytes);
        out.into()
    }
}

fn len(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn write_number(bytes: &mut Vec<u8>, mut number: u32) {
    while let [low, _, _, _] = number.to_le_bytes()
        && number >= 0x80
    {
        bytes.push(low | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

struct Reader<'r> {
    bytes: &'r [u8],
    texts: Vec<&'r str>,
}

impl<'r> Reader<'r> {
    fn take(&mut self, len: usize) -> Option<&'r [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = *self.take(1)? else { return None };
            number |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number of things, each of which takes a byte at least.
    fn count(&mut self) -> Option<usize> {
        let count = self.number()? as usize;
        (count <= self.bytes.len()).then_some(count)
    }

    fn text(&mut self) -> Option<Box<str>> {
        let number = self.number()? as usize;
        self.texts.get(number).map(|it| Box::from(*it))
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        let mut out = Vec::with_capacity(count);
        for _ in 0..count {
            out.push(read(self)?);
        }
        Some(out)
    }

    fn root(&mut self) -> Option<Root> {
        Some(match self.number()? {
            0 => Root::Global(self.text()?),
            1 => Root::Module { module: self.text()? },
            2 => Root::From { level: self.number()?, module: self.text()?, name: self.text()? },
            _ => return None,
        })
    }

    fn form(&mut self) -> Option<Form> {
        let shape = Hash::from_bytes(self.take(32)?.try_into().ok()?);
        let slots = self.list(Self::slot)?;
        let places = self.list(Self::number)?;
        let origin = self.number()?;
        (places.len() == slots.len()).then_some(Form { shape, slots, places, origin })
    }

    fn slot(&mut self) -> Option<Slot> {
        Some(match self.number()? {
            0 => Slot::Child(self.number()?),
            1 => Slot::Name { root: self.number()?, path: self.number()? },
            is_super @ (2 | 3) => {
                Slot::Member { class: self.number()?, path: self.number()?, is_super: is_super == 3 }
            }
            4 => Slot::Around(self.number()?),
            5 => Slot::Pin { root: self.number()?, path: self.number()? },
            6 => Slot::Text(self.number()?),
            _ => return None,
        })
    }

    fn binding(&mut self) -> Option<Binding> {
        Some(match self.number()? {
            0 => Binding::Definition(self.number()?),
            1 => Binding::Import(self.root()?),
            2 => Binding::Variable(self.list(Self::number)?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use astkit_ast::{Options, SourceText, definitions, lower};
    use astkit_hash::form::file_forms;
    use astkit_python_ast::PythonAst;

    use super::*;

    const TEXT: &str = "\
import os.path, a as b
from ..c import d as e, f
from g import *
X = os.path.join(e.y, 'z') or [it for it in X]
class K(b.Base[int], metaclass=f):
    def m(self, x=X):
        return super().m(x) + self.n() + os.getcwd()
    def n(self):
        def inner(): return x
        x = lambda: self.m
        return inner
class L(K): m = K.m
X += 1
";

    fn forms() -> FileForms {
        let source = SourceText::from_text(TEXT);
        let lowered = lower(&PythonAst, &source, &Options::default()).unwrap();
        file_forms(&source, &lowered, &definitions(&lowered.tree), NormalOptions::default()).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let forms = forms();
        let slots = || forms.definitions.iter().flat_map(|it| &it.slots);
        assert!(slots().any(|it| matches!(it, Slot::Member { is_super: true, .. })));
        assert!(slots().any(|it| matches!(it, Slot::Child(_))));
        assert!(!forms.classes.is_empty() && !forms.statements.is_empty() && !forms.stars.is_empty());
        assert_eq!(decode(&encode(Some(&forms))), Some(Some(forms)));
        assert_eq!(decode(&encode(None)), Some(None));
    }

    #[test]
    fn damage_is_noticed_or_read() {
        let record = encode(Some(&forms()));
        for at in 0..record.len() {
            assert_eq!(decode(&record.part(0..at)), None);
            let mut bytes = record.to_vec();
            bytes[at] ^= 0xFF;
            // Whatever it says, it says it without a panic.
            drop(decode(&bytes.into()));
        }
    }

    #[test]
    fn numbers_of_all_sizes() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u32::MAX - 1, u32::MAX] {
            let mut bytes = Vec::new();
            write_number(&mut bytes, number);
            assert_eq!(Reader { bytes: &bytes, texts: Vec::new() }.number(), Some(number));
        }
    }
}
