//! Walks through XML while it is unpacked, with entities resolved; a document type is refused, since it can define entities.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::list::limits;
use crate::list::problem::{Cause, Limit};

/// The part that comes next in a document.
pub(super) enum XmlPart {
    /// A tag opens; the flag says that it closes at once.
    Open(Tag, bool),
    /// The tag with this name closes.
    Close(String),
    /// Text between tags.
    Text(String),
}

/// A tag with its attributes.
pub(super) struct Tag(BytesStart<'static>);

/// A document that is being read.
pub(super) struct Xml<'x> {
    reader: Reader<Watched<'x>>,
    buffer: Vec<u8>,
    left: Rc<BytesLeft>,
    /// The number of elements that are open: the reader keeps the names of all of them.
    depth: usize,
}

/// The number of bytes that may still come.
struct BytesLeft {
    /// In what is read next, such as a tag or a comment.
    of_event: Cell<usize>,
    /// The bytes of all parts so far.
    unpacked: Rc<Cell<u64>>,
    exceeded: Cell<Option<Limit>>,
}

/// Bytes that end where a limit is exceeded.
struct Watched<'x> {
    inner: Box<dyn BufRead + 'x>,
    left: Rc<BytesLeft>,
}

impl<'x> Xml<'x> {
    /// Begins a document. `unpacked` counts the bytes of all documents.
    pub(super) fn new(bytes: Box<dyn BufRead + 'x>, unpacked: &Rc<Cell<u64>>) -> Self {
        let left = Rc::new(BytesLeft { of_event: Cell::new(0), unpacked: Rc::clone(unpacked), exceeded: Cell::new(None) });
        let reader = Reader::from_reader(Watched { inner: bytes, left: Rc::clone(&left) });
        Self { reader, buffer: Vec::new(), left, depth: 0 }
    }

    /// Returns what comes next; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<XmlPart>, Cause> {
        loop {
            self.buffer.clear();
            // A longer one would be copied several times.
            self.left.of_event.set(limits::LINE_BYTES);
            let Ok(event) = self.reader.read_event_into(&mut self.buffer) else {
                return Err(self.left.exceeded.get().map_or(Cause::Damaged, Cause::TooLarge));
            };
            if let Event::Start(_) = &event {
                self.depth += 1;
            } else if let Event::End(_) = &event {
                self.depth = self.depth.saturating_sub(1);
            }
            if self.depth > limits::DEPTH {
                return Err(Cause::TooLarge(Limit::Depth));
            }
            return Ok(Some(match event {
                Event::Start(tag) => XmlPart::Open(Tag(tag.into_owned()), false),
                Event::Empty(tag) => XmlPart::Open(Tag(tag.into_owned()), true),
                Event::End(tag) => XmlPart::Close(tag.local_name().as_ref().to_owned()),
                Event::Text(text) => XmlPart::Text(text.xml10_content().into_owned()),
                Event::CData(text) => XmlPart::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(entity) => XmlPart::Text(resolved(&entity)?),
                Event::DocType(_) => return Err(Cause::Damaged),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            }));
        }
    }
}

impl BufRead for Watched<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = &self.left;
        let unpacked = limits::UNPACKED_BYTES.saturating_sub(left.unpacked.get());
        let most = left.of_event.get().min(usize::try_from(unpacked).unwrap_or(usize::MAX));
        let bytes = self.inner.fill_buf()?;
        if most == 0 && !bytes.is_empty() {
            left.exceeded.set(Some(if unpacked == 0 { Limit::Unpacked } else { Limit::Text }));
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(bytes.get(..most.min(bytes.len())).unwrap_or(bytes))
    }

    fn consume(&mut self, count: usize) {
        let BytesLeft { of_event, unpacked, exceeded: _ } = &*self.left;
        of_event.set(of_event.get().saturating_sub(count));
        unpacked.set(unpacked.get().saturating_add(u64::try_from(count).unwrap_or(u64::MAX)));
        self.inner.consume(count);
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

/// The text of an entity.
fn resolved(entity: &BytesRef<'_>) -> Result<String, Cause> {
    if let Some(c) = entity.resolve_char_ref().map_err(|_| Cause::Damaged)? {
        return Ok(c.to_string());
    }
    let text = match entity.xml10_content().as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return Err(Cause::Damaged),
    };
    Ok(text.to_owned())
}

impl Tag {
    /// Returns its name without the namespace.
    pub(super) fn name(&self) -> String {
        self.0.local_name().as_ref().to_owned()
    }

    /// Returns an attribute, by its name without the namespace.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
        Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
    }

    /// Returns a number in an attribute.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.attribute(name)?.trim().parse().ok()
    }
}
