//! Reading a run from its beginning to its end: steps mostly stand one after the other, so a stretch of the file is read
//! at once and many steps are served from it. A file in a browser costs as much for a hundred bytes as for a million.

use super::Opened;
use crate::model::{Details, Place};
use crate::view::Reader;
use std::cell::RefCell;

/// Bytes read at once.
const STRETCH: u64 = 1 << 18;

/// A document that is read ahead.
pub(super) struct Ahead<'a> {
    opened: &'a Opened,
    /// File, first byte, and what was read from there.
    stretch: RefCell<(u16, u64, Vec<u8>)>,
}

impl<'a> Ahead<'a> {
    pub(super) fn new(opened: &'a Opened) -> Self {
        Ahead { opened, stretch: RefCell::new((0, 0, Vec::new())) }
    }
}

impl Reader for Ahead<'_> {
    fn bytes(&self, place: Place) -> Result<Vec<u8>, String> {
        if place.len > STRETCH / 4 {
            return self.opened.bytes(place);
        }
        let within = |(file, start, bytes): &(u16, u64, Vec<u8>)| {
            let from = usize::try_from(place.start.checked_sub(*start).filter(|_| *file == place.file)?).ok()?;
            let to = from.checked_add(usize::try_from(place.len).ok()?)?;
            bytes.get(from..to).map(<[u8]>::to_vec)
        };
        if let Some(found) = within(&self.stretch.borrow()) {
            return Ok(found);
        }
        let bytes = self.opened.bytes(Place { len: STRETCH, ..place })?;
        let mut stretch = self.stretch.borrow_mut();
        *stretch = (place.file, place.start, bytes);
        // Where the file ends before the place does, what there is of it is read as it would be by itself.
        Ok(within(&stretch).unwrap_or_else(|| stretch.2.clone()))
    }

    fn len(&self, file: u16) -> u64 {
        Reader::len(self.opened, file)
    }

    fn details(&self, run: u32, step: u32) -> Result<Details, String> {
        let run = self.opened.document.runs.get(run as usize).ok_or("There is no such run.")?;
        self.opened.details_from(run, step, &|place| self.bytes(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::open;

    #[test]
    fn what_is_read_ahead_is_what_is_read() {
        let mut text = "{\"chaindebug\":1}\n".to_owned();
        for step in 0..4_000 {
            text.push_str(&format!("{{\"id\":\"{step}\",\"name\":\"s\",\"input\":\"{}\"}}\n", "x".repeat(step % 700)));
        }
        let (session, _) = open(&text);
        let opened = session.opened[0].as_ref().unwrap();
        let ahead = Ahead::new(opened);
        for step in (0..4_000).chain([3_999, 0, 2_000, 1]) {
            let (plain, read) = (Reader::details(opened, 0, step), Reader::details(&ahead, 0, step));
            assert_eq!(format!("{plain:?}"), format!("{read:?}"));
            let place = plain.unwrap().input.unwrap().place;
            assert_eq!(Reader::bytes(opened, place), Reader::bytes(&ahead, place));
        }
    }
}
