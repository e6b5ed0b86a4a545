//! Hashes of what is no container: strings, numbers, words like `true`; and the sketch of a value's words.

use crate::diff::noise::{self, Key, token};

const A: u64 = 0x9E37_79B9_7F4A_7C15;
const B: u64 = 0xD1B5_4A32_D192_ED03;
/// What stands for noise among items, and within texts.
pub(crate) const NOISE: u64 = 0xA076_1D64_78BD_642F;

/// Mixes two numbers into one.
#[inline]
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let wide = u128::from(a ^ 0x2D35_8DCC_AA6C_78A5).wrapping_mul(u128::from(b ^ 0x8BB8_4B93_962E_ACC9));
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// A hash of bytes. Words are short: no loop for those.
#[inline]
pub(crate) fn bytes(seed: u64, bytes: &[u8]) -> u64 {
    let seed = seed ^ bytes.len() as u64;
    if let (Some(head), Some(tail)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        let mut hash = mix(seed, u64::from_le_bytes(*head));
        let (eights, _) = bytes.get(8..).unwrap_or(&[]).as_chunks::<8>();
        for eight in eights {
            hash = mix(hash, u64::from_le_bytes(*eight));
        }
        return mix(hash, u64::from_le_bytes(*tail));
    }
    let few = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(head), Some(tail)) => u64::from(u32::from_le_bytes(*head)) << 32 | u64::from(u32::from_le_bytes(*tail)),
        _ => bytes.iter().fold(0, |few, &byte| few << 8 | u64::from(byte)),
    };
    mix(seed, few)
}

/// The least hashes of words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    /// Ascending; what is not filled yet is the greatest number.
    least: [u32; 8],
}

impl Default for Words {
    fn default() -> Self {
        Words { least: [u32::MAX; 8] }
    }
}

impl Words {
    #[inline]
    pub(crate) fn add(&mut self, hash: u64) {
        let word = ((hash >> 32) as u32).max(1);
        if word < self.least[7] {
            self.insert(word);
        }
    }

    fn insert(&mut self, word: u32) {
        let at = self.least.partition_point(|&other| other < word);
        if self.least.get(at) != Some(&word)
            && let Some(tail) = self.least.get_mut(at..)
        {
            tail.rotate_right(1);
            if let Some(slot) = tail.first_mut() {
                *slot = word;
            }
        }
    }

    pub(crate) fn sketch(self) -> [u32; 8] {
        self.least.map(|word| if word == u32::MAX { 0 } else { word })
    }
}

/// The hashes of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Equal for equal values only.
    pub(crate) strict: u64,
    /// Equal for values that differ in noise alone.
    pub(crate) loose: u64,
}

/// What is no container.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    pub(crate) strict: u64,
    pub(crate) loose: u64,
    /// Noise as a whole.
    pub(crate) noise: bool,
}

impl Leaf {
    /// The hashes where the leaf stands for itself.
    pub(crate) fn sums(self) -> Sums {
        Sums { strict: self.strict, loose: if self.noise { NOISE } else { self.loose } }
    }
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const HIGH: u8 = 4;
/// First byte of a three-byte character from U+3000 to U+DFFF: each such character is a word.
const WIDE: u8 = 8;

const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            0xE3..=0xED => WIDE,
            0x80.. => HIGH,
            _ => 0,
        };
        byte += 1;
    }
    class
};

#[inline]
fn class(byte: u8) -> u8 {
    CLASS[byte as usize]
}

/// A text whose ids and times are left out.
struct Scanned {
    hash: u64,
    /// How many were left out.
    masked: usize,
    /// Whether that was all, but for a prefix.
    whole: bool,
}

fn scan(text: &[u8], mask: bool, mut words: Option<&mut Words>) -> Scanned {
    let mut hash = text.first().map_or(A, |_| B);
    let mut i = 0;
    let mut masked = (0usize, 0, 0);
    while let Some(&first) = text.get(i) {
        let start = i;
        let mut flags = class(first);
        if flags == 0 {
            i += 1;
            while text.get(i).is_some_and(|&byte| class(byte) == 0) {
                i += 1;
            }
            // One space between two words is understood.
            let plain = |at: Option<&u8>| at.is_some_and(u8::is_ascii);
            if first == b' ' && i == start + 1 && start > 0 && plain(text.get(i)) && plain(text.get(start - 1)) {
                continue;
            }
            hash = mix(hash, bytes(A, text.get(start..i).unwrap_or(&[])));
            continue;
        }
        if flags == WIDE {
            i = (i + 3).min(text.len());
        } else {
            i += 1;
            while let Some(&byte) = text.get(i) {
                let class = class(byte);
                if class == 0 || class == WIDE {
                    break;
                }
                flags |= class;
                i += 1;
            }
            if mask
                && flags & HIGH == 0
                && token::possible(text, start, i, flags & DIGIT != 0)
                && let Some((end, _)) = token::at_word(text, start, i)
            {
                i = end.max(i);
                masked = (masked.0 + 1, start, i);
                hash = mix(hash, NOISE);
                continue;
            }
        }
        let word = bytes(B, text.get(start..i).unwrap_or(&[]));
        if let Some(words) = words.as_deref_mut() {
            words.add(word);
        }
        hash = mix(hash, word);
    }
    let (count, from, to) = masked;
    let named = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let whole = count == 1 && to == text.len() && from <= 24 && text.iter().take(from).all(named);
    Scanned { hash, masked: count, whole }
}

/// A string, decoded.
pub(crate) fn string(text: &[u8], key: Key, noise_counts: bool, words: Option<&mut Words>) -> Leaf {
    let strict = |text: &[u8]| bytes(NOISE, text);
    if !noise_counts && !key.is_plain() && noise::string(text, key).is_some() {
        return Leaf { strict: strict(text), loose: NOISE, noise: true };
    }
    let scanned = scan(text, !noise_counts && !key.is(Key::HASH), words);
    Leaf {
        // Where nothing is left out, the one hash serves for both.
        strict: if scanned.masked > 0 { strict(text) } else { scanned.hash },
        loose: scanned.hash,
        noise: scanned.whole,
    }
}

/// From here on whole numbers may not be exact.
const EXACT: f64 = 9_007_199_254_740_992.0;
const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// What a number comes to. Two numbers are the same when they are written the same, or when both are the same finite
/// 64-bit float and neither is a whole number of 2^53 or more written in digits: so `1` and `1.0` are the same, and two
/// neighbouring 64-bit ids are not.
pub(crate) fn number_value(text: &str) -> Result<u64, &str> {
    let (digits, negative) = text.strip_prefix('-').map_or((text, false), |digits| (digits, true));
    // Fifteen digits are exact, and so is the power of ten below them: one division rounds as reading does.
    let (mut whole, mut value, mut behind, mut point) = (!digits.is_empty(), 0u64, 0usize, false);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                value = value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                behind += usize::from(point);
            }
            b'.' if !point => point = true,
            _ => {
                whole = false;
                break;
            }
        }
    }
    if whole && digits.len() - usize::from(point) <= 15 && digits.len() > usize::from(point) {
        let value = value as f64 / POWERS.get(behind).copied().unwrap_or(1.0);
        return Ok(if value == 0.0 || !negative { value } else { -value }.to_bits());
    }
    let whole = whole && !point;
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && !(whole && value.abs() >= EXACT) => {
            Ok(if value == 0.0 { 0.0 } else { value }.to_bits())
        }
        _ => Err(text),
    }
}

/// A number, or a word like `NaN`.
pub(crate) fn number(text: &str, key: Key, noise_counts: bool, words: Option<&mut Words>) -> Leaf {
    let hash = match number_value(text) {
        Ok(value) => mix(A, value),
        Err(text) => bytes(B ^ A, text.as_bytes()),
    };
    let noise = !noise_counts && !key.is_plain() && noise::number(text, key).is_some();
    if let Some(words) = words.filter(|_| !noise) {
        words.add(bytes(B, text.as_bytes()));
    }
    Leaf { strict: hash, loose: hash, noise }
}

/// `true`, `false` or `null`.
pub(crate) fn word(value: Option<bool>) -> Leaf {
    let hash = match value {
        None => mix(1, 1),
        Some(false) => mix(2, 2),
        Some(true) => mix(3, 3),
    };
    Leaf { strict: hash, loose: hash, noise: false }
}

/// Adds the words of a text.
pub(crate) fn sample(text: &[u8], words: &mut Words) {
    scan(text, false, Some(words));
}
