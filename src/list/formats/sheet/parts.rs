//! The parts of a packed file, unpacked within limits.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use crate::list::limits;
use crate::list::problem::{Cause, Limit};

/// How many parts a workbook can have.
const PARTS: usize = 5_000;

/// The parts of a packed file.
pub(super) struct Parts<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    left: u64,
}

impl<'b> Parts<'b> {
    /// Opens a packed file.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Cause> {
        // The list of parts is read as a whole, so they are counted before.
        if bytes.windows(4).filter(|four| four == b"PK\x01\x02").count() > PARTS {
            return Err(Cause::TooLarge(Limit::Unpacked));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Cause::Damaged)?;
        Ok(Self { archive, left: limits::UNPACKED_BYTES })
    }

    /// Returns the name of the first part that ends like this.
    pub(super) fn named(&self, end: &str) -> Option<String> {
        let names = self.archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned);
        names.filter(|name| name.rsplit('/').next() == Some(end)).min()
    }

    /// Returns whether there is a part with this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// Unpacks a part; `None` if there is none with this name. The size that the file states is not believed.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Cause> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(|_| Cause::Damaged)?;
        let mut bytes = Vec::new();
        file.take(self.left + 1).read_to_end(&mut bytes).map_err(|_| Cause::Damaged)?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(size).ok_or(Cause::TooLarge(Limit::Unpacked))?;
        let text = match bytes.as_slice() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => crate::list::encoding::decode(&bytes).text.into_owned(),
            _ => String::from_utf8(bytes).map_err(|_| Cause::Damaged)?,
        };
        Ok(Some(text))
    }
}
