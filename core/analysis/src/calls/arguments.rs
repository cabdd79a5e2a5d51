//! Arguments flow into parameters.

use super::Code;
use super::objects::{Object, ObjectId, Place, PlaceId, Word};
use super::solver::{Given, Origin, Site, Slots, Solver, Trigger};

impl Solver<'_> {
    /// Lets a call's arguments flow into a function's parameters, the receiver first.
    pub(super) fn give(
        &mut self,
        code: Code,
        receiver: Option<ObjectId>,
        arguments: &[(Given, PlaceId)],
        origin: Origin,
    ) {
        let Some(slots) = self.slots.get(&code).cloned() else { return };
        let mut next = 0;
        if let Some(receiver) = receiver {
            match slots.positional.first() {
                Some((_, place)) => self.put(*place, receiver),
                None => {
                    if let Some(rest) = slots.vararg {
                        let items = self.place(Place::Any(rest));
                        self.put(items, receiver);
                    }
                }
            }
            next = 1;
        }
        for (given, from) in arguments {
            match given {
                Given::Positional => {
                    self.positional(&slots, next, *from);
                    next += 1;
                }
                Given::Star => self.starred(&slots, next, *from, origin),
                Given::Keyword(name) => self.keyword(&slots, *name, *from),
                Given::DoubleStar => self.double_starred(&slots, *from, origin),
            }
        }
    }

    fn positional(&mut self, slots: &Slots, at: usize, from: PlaceId) {
        if let Some((_, to)) = slots.positional.get(at) {
            self.copy(from, *to);
        } else if let Some(rest) = slots.vararg {
            let key = self.index(at - slots.positional.len());
            self.fill(rest, Some(key), from);
        }
    }

    /// What is iterated over may come to any parameter from here on.
    fn starred(&mut self, slots: &Slots, at: usize, from: PlaceId, origin: Origin) {
        for (offset, (_, to)) in slots.positional.iter().skip(at).enumerate() {
            let key = self.index(offset);
            self.on(from, Trigger::Item { key: Some(key), to: *to, origin });
        }
        if let Some(rest) = slots.vararg {
            let item = self.temporary();
            self.on(from, Trigger::Iterate { to: item, origin });
            self.fill(rest, None, item);
        }
    }

    fn keyword(&mut self, slots: &Slots, name: Word, from: PlaceId) {
        if let Some((_, to)) = slots.by_name.iter().find(|it| it.0 == name) {
            self.copy(from, *to);
        } else if let Some(rest) = slots.kwarg {
            self.fill(rest, Some(name), from);
        }
    }

    fn double_starred(&mut self, slots: &Slots, from: PlaceId, origin: Origin) {
        for (name, to) in &slots.by_name {
            self.on(from, Trigger::Item { key: Some(*name), to: *to, origin });
        }
        if let Some(rest) = slots.kwarg {
            let item = self.temporary();
            self.on(from, Trigger::Item { key: None, to: item, origin });
            self.fill(rest, None, item);
        }
    }

    /// The key of a position.
    pub(super) fn index(&mut self, at: usize) -> Word {
        // No text is like that: `1` and `"1"` are different keys.
        self.word(&format!("\0{at}"))
    }

    /// Puts something into a container, under a constant key or an unknown one.
    pub(super) fn fill(&mut self, container: ObjectId, key: Option<Word>, from: PlaceId) {
        let at = match key {
            Some(key) => Place::Item(container, key),
            None => Place::Items(container),
        };
        let (at, any) = (self.place(at), self.place(Place::Any(container)));
        self.copy(from, at);
        self.copy(from, any);
    }

    /// The n-th positional argument of a call.
    pub(super) fn argument(site: &Site, at: usize) -> Option<PlaceId> {
        let mut positional = site.arguments.iter().filter(|it| it.0 == Given::Positional);
        positional.nth(at).map(|it| it.1)
    }

    /// An argument that is given by name.
    pub(super) fn named(&mut self, site: &Site, name: &str) -> Option<PlaceId> {
        let name = self.word(name);
        site.arguments.iter().find(|it| it.0 == Given::Keyword(name)).map(|it| it.1)
    }

    /// Calls what reaches a place, on behalf of some code; nobody is told if nothing does.
    pub(super) fn call_back(
        &mut self,
        callee: PlaceId,
        arguments: Vec<(Given, PlaceId)>,
        origin: Origin,
    ) -> PlaceId {
        let result = self.temporary();
        self.call(Site { origin, arguments, result, is_written: false, callee });
        result
    }

    /// A place that holds one object.
    pub(super) fn holding(&mut self, object: Object) -> PlaceId {
        let place = self.temporary();
        self.put_object(place, object);
        place
    }
}
