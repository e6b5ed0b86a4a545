//! A name for bytes: tells builds apart in an address.

/// FNV-1a, 64 bits: tells builds apart in an address. Nothing rests on it being hard to forge.
pub(super) struct Hash(u64);

impl Hash {
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(super) fn text(&self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_the_published_function() {
        let mut hash = Hash::new();
        hash.add(b"foobar");
        assert_eq!(hash.text(), "85944171f73967e8");
    }
}
