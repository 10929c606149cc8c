//! Reads the pages of a file that a browser saved with everything in it (MHTML): the page itself, and the frames in it.

use std::borrow::Cow;

use crate::list::problem::Cause;

/// The most parts that such a file can have.
const PARTS: usize = 10_000;

/// Returns whether bytes begin as such a file does: with the headers of a mail of several parts.
pub(in crate::list) fn is_archive(head: &[u8]) -> bool {
    let has = |word: &[u8]| head.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    has(b"MIME-Version:") && has(b"multipart/related")
}

/// Returns the bytes of the pages in a file, in its order.
pub(in crate::list) fn pages(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Cause> {
    let (head, body) = split(bytes).ok_or(Cause::Damaged)?;
    let boundary = parameter(&header(head, "content-type").ok_or(Cause::Damaged)?, "boundary").ok_or(Cause::Damaged)?;
    let mut pages = Vec::new();
    for part in parts(body, format!("--{boundary}").as_bytes()).take(PARTS) {
        let Some((head, body)) = split(part) else { continue };
        let kind = header(head, "content-type").unwrap_or_default().to_lowercase();
        if !kind.starts_with("text/html") && !kind.starts_with("application/xhtml") {
            continue;
        }
        let encoding = header(head, "content-transfer-encoding").unwrap_or_default().to_lowercase();
        pages.push(match encoding.trim() {
            "quoted-printable" => quoted_printable(body),
            "base64" => base64(body).ok_or(Cause::Damaged)?,
            _ => body.to_vec(),
        });
    }
    if pages.is_empty() { Err(Cause::NoTable { frames: Vec::new() }) } else { Ok(pages) }
}

/// Splits headers from what follows the blank line after them.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = |end: &[u8]| bytes.windows(end.len()).position(|part| part == end).map(|at| (at, end.len()));
    let (at, length) = [at(b"\r\n\r\n"), at(b"\n\n")].into_iter().flatten().min()?;
    Some((bytes.get(..at)?, bytes.get(at + length..)?))
}

/// Returns the value of a header, on one line.
fn header(head: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(head).replace("\r\n", "\n");
    // A line that begins with a space belongs to the one before it.
    let text: Cow<'_, str> = text.replace("\n\t", " ").replace("\n ", " ").into();
    let value = |line: &str| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    };
    text.lines().find_map(value)
}

/// Returns a parameter of a header.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Lists the parts between lines that begin with a boundary.
fn parts<'b>(body: &'b [u8], boundary: &'b [u8]) -> impl Iterator<Item = &'b [u8]> {
    let starts = body
        .windows(boundary.len().max(1))
        .enumerate()
        .filter(|(at, part)| *part == boundary && at.checked_sub(1).is_none_or(|before| body.get(before) == Some(&b'\n')));
    let starts: Vec<usize> = starts.map(|(at, _)| at).take(PARTS).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([body.len()]).collect();
    starts.into_iter().zip(ends).filter_map(move |(start, end)| {
        let part = body.get(start + boundary.len()..end)?;
        let line = part.iter().position(|b| *b == b'\n')?;
        part.get(line + 1..)
    })
}

/// Decodes quoted-printable; what is not well formed stays as it is.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            out.push(*first);
            continue;
        }
        match after {
            [b'\r', b'\n', next @ ..] | [b'\n', next @ ..] => rest = next,
            [high, low, next @ ..] => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high * 16 + low);
                    rest = next;
                }
                (_, _) => out.push(b'='),
            },
            _ => out.push(b'='),
        }
    }
    out
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Decodes base64; `None` if it has other signs.
fn base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut held, mut bits) = (Vec::with_capacity(bytes.len() / 4 * 3), 0_u32, 0_u32);
    for byte in bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xff).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(encoding: &str, page: &str) -> String {
        format!(
            "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----B--x----\"\r\n\r\n\r\n------B--x----\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{page}\r\n------B--x----\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n------B--x------\r\n"
        )
    }

    fn texts(bytes: &[u8]) -> Vec<String> {
        pages(bytes).unwrap().into_iter().map(|page| String::from_utf8(page).unwrap().trim_end().to_owned()).collect()
    }

    #[test]
    fn the_page_is_found_in_each_encoding() {
        let quoted = "<td class=3D\"x\">Zo=C3=AB Ru=\r\niz</td>";
        for (encoding, page, text) in [
            ("quoted-printable", quoted, "<td class=\"x\">Zoë Ruiz</td>"),
            ("base64", "PHRkPlpvw6s8L3Rk\r\nPg==", "<td>Zoë</td>"),
            ("8bit", "<td>Zoë</td>", "<td>Zoë</td>"),
        ] {
            let bytes = archive(encoding, page);
            assert!(is_archive(bytes.as_bytes()));
            assert_eq!(texts(bytes.as_bytes()), [text], "{encoding}");
        }
    }

    #[test]
    fn damaged_archives_are_refused() {
        assert_eq!(pages(b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\nx"), Err(Cause::Damaged));
        assert_eq!(pages(b"MIME-Version: 1.0"), Err(Cause::Damaged));
        assert_eq!(pages(archive("base64", "PHRk*").as_bytes()), Err(Cause::Damaged));
    }
}
