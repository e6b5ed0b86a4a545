//! Hashes of containers, folded from their members and items as they come; no stack but a list.
//!
//! Who walks the value says what comes: [`Fold::key`] or [`Fold::item`], then a leaf, or [`Fold::open`] and, after what
//! is inside, [`Fold::close`]. What a rule names is left out wherever it stands. Noise is left out of objects; among
//! items it stands for itself, since their number means something.

use super::leaf::{self, Leaf, NOISE, Sums, Words, mix};
use super::{Meaning, Options};
use crate::diff::noise::Key;
use crate::diff::rules::State;

const OBJECT: u64 = 0x8EBC_6AF0_9C88_C6E3;
const ARRAY: u64 = 0x5899_65CC_7537_4CC3;
const DECODED: u64 = 0x1D8E_4E27_C47D_124F;
/// Objects with more members than this are sorted to find keys that are repeated.
const FEW: usize = 12;
/// Remembered keys; a power of two.
const REMEMBERED: usize = 64;

/// The place of a value: what its key says, and how far the rules have come.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spot {
    /// Hash of the key; 0 for items.
    pub(crate) name: u64,
    pub(crate) key: Key,
    pub(crate) state: State,
}

#[derive(Debug)]
struct Frame {
    object: bool,
    spot: Spot,
    /// Its members begin here.
    members: usize,
    strict: u64,
    loose: u64,
    items: u32,
    node: u32,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    name: u64,
    order: u32,
    node: u32,
    strict: u64,
    loose: u64,
    /// Left out of the loose hash.
    out: bool,
}

/// Folds one value at a time.
#[derive(Debug)]
pub(crate) struct Fold<'o> {
    options: &'o Options,
    ruling: bool,
    frames: Vec<Frame>,
    members: Vec<Member>,
    here: Spot,
    known: Vec<(u64, Key)>,
    words: Option<Words>,
    /// Members that count for nothing because their key comes again.
    pub(crate) shadowed: Vec<u32>,
}

impl<'o> Fold<'o> {
    pub(crate) fn new(options: &'o Options, words: bool) -> Self {
        Fold {
            options,
            ruling: !options.rules.is_empty(),
            frames: Vec::new(),
            members: Vec::new(),
            here: Spot::default(),
            known: vec![(0, Key::default()); REMEMBERED],
            words: words.then(Words::default),
            shadowed: Vec::new(),
        }
    }

    /// Begins a value at this spot; returns the one before, for [`Fold::leave`].
    pub(crate) fn enter(&mut self, spot: Spot) -> Spot {
        std::mem::replace(&mut self.here, spot)
    }

    pub(crate) fn leave(&mut self, spot: Spot) {
        self.here = spot;
    }

    /// Where the next value stands.
    pub(crate) fn spot(&self) -> Spot {
        self.here
    }

    /// The next value is a member; the key decoded.
    pub(crate) fn key(&mut self, key: &[u8]) {
        let name = leaf::bytes(OBJECT, key);
        let mut spot = Spot { name, key: self.says(name, key), state: State::default() };
        if self.ruling
            && let Some(around) = self.frames.last()
        {
            spot.state = self.options.rules.member(&around.spot.state, &String::from_utf8_lossy(key));
        }
        self.here = spot;
    }

    fn says(&mut self, name: u64, key: &[u8]) -> Key {
        if self.options.noise {
            return Key::default();
        }
        let read = |key: &[u8]| std::str::from_utf8(key).map_or(Key::default(), Key::of);
        match self.known.get_mut(name as usize % REMEMBERED) {
            Some(known) if known.0 == name => known.1,
            Some(known) => {
                *known = (name, read(key));
                known.1
            }
            None => read(key),
        }
    }

    /// The next value is an item of the innermost container; its key is that of the list.
    pub(crate) fn item(&mut self) {
        let Some(around) = self.frames.last() else { return };
        let mut spot = Spot { name: 0, key: around.spot.key, state: State::default() };
        if self.ruling {
            spot.state = self.options.rules.item(&around.spot.state, around.items);
        }
        self.here = spot;
    }

    fn words(&mut self) -> Option<&mut Words> {
        let ruled = self.here.state.ruled;
        self.words.as_mut().filter(|_| !ruled)
    }

    /// The hashes of a string that is a text.
    pub(crate) fn text(&mut self, text: &[u8], key: Key) -> Leaf {
        let noise = self.options.noise;
        leaf::string(text, key, noise, self.words())
    }

    /// The hashes of a number.
    pub(crate) fn number(&mut self, text: &str) -> Leaf {
        let (noise, key) = (self.options.noise, self.here.key);
        leaf::number(text, key, noise, self.words())
    }

    /// The hashes of a string that holds JSON.
    pub(crate) fn decoded(sums: Sums) -> Leaf {
        Leaf { strict: mix(DECODED, sums.strict), loose: mix(DECODED, sums.loose), noise: false }
    }

    /// A value without parts.
    pub(crate) fn leaf(&mut self, leaf: Leaf, node: u32) {
        let Spot { name, state, .. } = self.here;
        let Some(frame) = self.frames.last_mut() else { return };
        frame.items = frame.items.wrapping_add(1);
        if frame.object {
            let Leaf { strict, loose, noise } = leaf;
            let out = noise || state.ruled;
            self.members.push(Member { name, order: frame.items, node, strict, loose, out });
            return;
        }
        frame.strict = mix(frame.strict, leaf.strict);
        if !state.ruled {
            frame.loose = mix(frame.loose, if leaf.noise { NOISE } else { leaf.loose });
        }
    }

    /// A container that was closed, or JSON that was read apart.
    pub(crate) fn container(&mut self, sums: Sums, node: u32) {
        self.leaf(Leaf { strict: sums.strict, loose: sums.loose, noise: false }, node);
    }

    /// A container begins.
    pub(crate) fn open(&mut self, object: bool, node: u32) {
        let (spot, members) = (self.here, self.members.len());
        self.frames.push(Frame { object, spot, members, strict: ARRAY, loose: ARRAY, items: 0, node });
    }

    /// How many containers are open.
    pub(crate) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Forgets what was begun beyond this depth.
    pub(crate) fn cut(&mut self, depth: usize) {
        if let Some(frame) = self.frames.get(depth) {
            self.members.truncate(frame.members);
        }
        self.frames.truncate(depth);
    }

    /// The innermost container ends; its node, its hashes and whether it is ruled. Its parent does not have it yet:
    /// see [`Fold::leaf`].
    pub(crate) fn close(&mut self) -> Option<(u32, Sums)> {
        let mut frame = self.frames.pop()?;
        if frame.object {
            let members = self.members.get_mut(frame.members..).unwrap_or(&mut []);
            if members.len() > FEW {
                members.sort_unstable_by_key(|member| (member.name, member.order));
            }
            let (mut strict, mut loose) = (0u64, 0u64);
            for (index, member) in members.iter().enumerate() {
                let further = members.get(index + 1..).unwrap_or(&[]);
                let near = if members.len() > FEW { 1 } else { FEW };
                if further.iter().take(near).any(|later| later.name == member.name) {
                    self.shadowed.push(member.node);
                    continue;
                }
                strict = strict.wrapping_add(mix(member.name, member.strict));
                if !member.out {
                    loose = loose.wrapping_add(mix(member.name, member.loose));
                }
            }
            (frame.strict, frame.loose) = (mix(strict, OBJECT), mix(loose, OBJECT));
            self.members.truncate(frame.members);
        }
        self.here = frame.spot;
        Some((frame.node, Sums { strict: frame.strict, loose: frame.loose }))
    }

    pub(crate) fn meaning(&self, sums: Sums) -> Meaning {
        Meaning { hash: sums.loose.max(1), words: self.words.unwrap_or_default().sketch() }
    }
}
