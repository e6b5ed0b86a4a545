//! Where the bytes of a file are: in memory, on a disk, in a browser's `Blob`. Read by range, never as a whole.
//!
//! [`Source`] is implemented here for memory and by the faces for what only they have (files, blobs). What has to be
//! unpacked or recoded first becomes a [`Memory`]: what the bytes are is told in [`unpack`], packed bytes are inflated in
//! [`inflate`], the files of archives are listed in [`archive`], what our own HTML files hold in [`one_file`], and other notations become JSON in [`convert`].

pub mod archive;
pub mod convert;
pub mod inflate;
pub mod one_file;
pub mod unpack;
mod window;

pub use window::Window;

use std::fmt;

/// Bytes that can be read by range.
pub trait Source {
    /// Number of bytes.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads up to `len` bytes at `at` into `out`, which is cleared first; fewer only at the end of the source.
    ///
    /// # Errors
    /// When the bytes cannot be had any more: the file vanished or changed on disk.
    fn read(&self, at: u64, len: usize, out: &mut Vec<u8>) -> Result<(), SourceError>;
}

/// Why bytes could not be read: a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError(pub String);

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SourceError {}

/// Bytes in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory(pub Vec<u8>);

impl Source for Memory {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&self, at: u64, len: usize, out: &mut Vec<u8>) -> Result<(), SourceError> {
        out.clear();
        let start = usize::try_from(at).unwrap_or(usize::MAX).min(self.0.len());
        let end = start.saturating_add(len).min(self.0.len());
        out.extend_from_slice(self.0.get(start..end).unwrap_or(&[]));
        Ok(())
    }
}
