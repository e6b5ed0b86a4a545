//! Names of steps, outputs and sources as numbers: the same name is the same number, whatever element it stands in and
//! however often the text changes. Comparing and looking up then costs nothing.

use rustc_hash::FxHashMap;
use std::rc::Rc;

/// A name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Name(u32);

impl Name {
    /// The name without a letter.
    pub(super) const EMPTY: Name = Name(0);

    /// For tables: names are numbered from 0 on.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// All names so far.
#[derive(Debug)]
pub(super) struct Names {
    texts: Vec<Rc<str>>,
    known: FxHashMap<Rc<str>, Name>,
}

impl Names {
    /// A table with room for some names.
    pub(super) fn with_room(names: usize) -> Names {
        let known = FxHashMap::with_capacity_and_hasher(names, rustc_hash::FxBuildHasher);
        let mut names = Names { texts: Vec::with_capacity(names), known };
        names.add("");
        names
    }

    /// The number of a name, a new one if it has none yet.
    pub(super) fn add(&mut self, text: &str) -> Name {
        if let Some(name) = self.known.get(text) {
            return *name;
        }
        let name = Name(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text: Rc<str> = text.into();
        self.texts.push(text.clone());
        self.known.insert(text, name);
        name
    }

    /// The number of a name, if it has one.
    pub(super) fn find(&self, text: &str) -> Option<Name> {
        self.known.get(text).copied()
    }

    /// The name as it is written.
    pub(super) fn text(&self, name: Name) -> &str {
        self.texts.get(name.index()).map_or("", |text| text)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }
}

/// Something for some names. Those without are not in it.
#[derive(Debug)]
pub(super) struct Table<T> {
    slots: Vec<Option<T>>,
    len: usize,
}

impl<T: Copy> Table<T> {
    /// An empty table for the names there are.
    pub(super) fn of(names: &Names) -> Table<T> {
        Table { slots: vec![None; names.len()], len: 0 }
    }

    /// What a name has.
    pub(super) fn get(&self, name: Name) -> Option<T> {
        self.slots.get(name.index()).copied().flatten()
    }

    /// Gives a name something, whatever it had before.
    pub(super) fn put(&mut self, name: Name, value: T) {
        if let Some(slot) = self.slots.get_mut(name.index())
            && slot.replace(value).is_none()
        {
            self.len += 1;
        }
    }

    /// How many names have something.
    pub(super) fn len(&self) -> usize {
        self.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_number() {
        let mut names = Names::with_room(2);
        let [a, b] = ["a", "b"].map(|text| names.add(text));
        assert_eq!((names.add("a"), names.find("b"), names.find("c")), (a, Some(b), None));
        assert_eq!((names.text(b), names.text(Name::EMPTY), names.len()), ("b", "", 3));
        let mut table = Table::of(&names);
        table.put(b, 1);
        table.put(b, 2);
        assert_eq!((table.get(a), table.get(b), table.len()), (None, Some(2), 1));
    }
}
