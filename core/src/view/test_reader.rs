//! Readers for tests: bytes in memory, and details written by hand.

use super::Reader;
use crate::model::{Details, Place};
use rustc_hash::FxHashMap;

fn range(bytes: &[u8], place: Place) -> Vec<u8> {
    let from = (place.start as usize).min(bytes.len());
    let to = (place.end() as usize).min(bytes.len());
    bytes[from..to].to_vec()
}

/// A file without steps.
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Reader for Bytes {
    fn bytes(&self, place: Place) -> Result<Vec<u8>, String> {
        Ok(range(&self.0, place))
    }
    fn len(&self, _: u16) -> u64 {
        self.0.len() as u64
    }
    fn details(&self, _: u32, step: u32) -> Result<Details, String> {
        Err(format!("step {step} has no details"))
    }
}

/// A file whose steps are told one by one.
#[derive(Default)]
#[allow(dead_code)] // For tests of views that read details.
pub(crate) struct Told {
    pub(crate) bytes: Vec<u8>,
    pub(crate) details: FxHashMap<u32, Details>,
}

impl Reader for Told {
    fn bytes(&self, place: Place) -> Result<Vec<u8>, String> {
        Ok(range(&self.bytes, place))
    }
    fn len(&self, _: u16) -> u64 {
        self.bytes.len() as u64
    }
    fn details(&self, _: u32, step: u32) -> Result<Details, String> {
        Ok(self.details.get(&step).cloned().unwrap_or_default())
    }
}
