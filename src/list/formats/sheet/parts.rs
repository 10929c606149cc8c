//! The parts of a packed file, unpacked within limits while they are read.

use std::cell::Cell;
use std::io::{BufRead as _, BufReader, Cursor, Read as _};
use std::rc::Rc;

use zip::ZipArchive;

use super::xml::Xml;
use crate::list::problem::{Cause, Limit};

/// The most parts that a workbook can have.
const PARTS: usize = 5_000;

/// The bytes of a part in UTF-16, which is decoded as a whole: no program is known that writes one.
const MOST_UTF16: u64 = 16 * 1024 * 1024;

/// The parts of a packed file.
pub(super) struct Parts<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    unpacked: Rc<Cell<u64>>,
}

impl<'b> Parts<'b> {
    /// Opens a packed file. `unpacked` counts the bytes of the parts of all files.
    pub(super) fn open(bytes: &'b [u8], unpacked: &Rc<Cell<u64>>) -> Result<Self, Cause> {
        // The list of parts is read as a whole, so they are counted before.
        if bytes.windows(4).filter(|four| four == b"PK\x01\x02").count() > PARTS {
            return Err(Cause::TooLarge(Limit::Unpacked));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Cause::Damaged)?;
        Ok(Self { archive, unpacked: Rc::clone(unpacked) })
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

    /// Begins to unpack a part; `None` if there is none with this name. The size that the file states is not believed.
    pub(super) fn xml(&mut self, name: &str) -> Result<Option<Xml<'_>>, Cause> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let mut part = BufReader::new(self.archive.by_index(index).map_err(|_| Cause::Damaged)?);
        let head = part.fill_buf().map_err(|_| Cause::Damaged)?;
        if !head.starts_with(&[0xff, 0xfe]) && !head.starts_with(&[0xfe, 0xff]) {
            return Ok(Some(Xml::new(Box::new(part), &self.unpacked)));
        }
        let mut bytes = Vec::new();
        part.take(MOST_UTF16 + 1).read_to_end(&mut bytes).map_err(|_| Cause::Damaged)?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_UTF16 {
            return Err(Cause::TooLarge(Limit::Unpacked));
        }
        let text = crate::list::encoding::decode(&bytes).text.into_owned();
        Ok(Some(Xml::new(Box::new(Cursor::new(text.into_bytes())), &self.unpacked)))
    }
}
