//! The looks of the cells of an Excel workbook, as far as they can mean that somebody has left: struck through, gray or red.

use std::collections::{BTreeMap, BTreeSet};

use crate::list::limits;
use crate::list::problem::{Cause, Limit};

use super::xml::{Tag, Xml, XmlPart};

/// The looks that the cell styles of a workbook have, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// Those whose font is struck through.
    struck: BTreeSet<usize>,
    /// The colors of those whose font is gray or red.
    colors: BTreeMap<usize, &'static str>,
}

/// A font that is being read.
#[derive(Clone, Copy, Debug, Default)]
struct Font {
    is_struck: bool,
    color: Option<&'static str>,
}

impl Looks {
    /// Reads them from the part with the styles.
    pub(super) fn read(mut xml: Xml<'_>) -> Result<Self, Cause> {
        let (mut fonts, mut styles): (Vec<Font>, Vec<usize>) = (Vec::new(), Vec::new());
        let (mut is_fonts, mut is_cells) = (false, false);
        while let Some(part) = xml.next()? {
            match part {
                XmlPart::Open(tag, is_closed) => match tag.name().as_str() {
                    "fonts" => is_fonts = !is_closed,
                    "cellXfs" => is_cells = !is_closed,
                    "font" if is_fonts => fonts.push(Font::default()),
                    "strike" if is_fonts => fonts.last_mut().into_iter().for_each(|font| font.is_struck = is_on(&tag)),
                    "color" if is_fonts => fonts.last_mut().into_iter().for_each(|font| font.color = color(&tag)),
                    "xf" if is_cells => {
                        styles.push(tag.number("fontId").and_then(|font| usize::try_from(font).ok()).unwrap_or_default());
                    }
                    _ => {}
                },
                XmlPart::Close(name) => match name.as_str() {
                    "fonts" => is_fonts = false,
                    "cellXfs" => is_cells = false,
                    _ => {}
                },
                XmlPart::Text(_) => {}
            }
            if fonts.len() > limits::CELLS || styles.len() > limits::CELLS {
                return Err(Cause::TooLarge(Limit::Cells));
            }
        }
        let font = |number: &usize| fonts.get(*number).copied().unwrap_or_default();
        let struck = styles.iter().enumerate().filter(|(_, number)| font(number).is_struck).map(|(style, _)| style).collect();
        let colors = styles.iter().enumerate().filter_map(|(style, number)| Some((style, font(number).color?))).collect();
        Ok(Self { struck, colors })
    }

    /// Returns whether a style strikes the text through.
    pub(super) fn strikes(&self, style: usize) -> bool {
        self.struck.contains(&style)
    }

    /// Returns the color of a style's text if it is gray or red.
    pub(super) fn color(&self, style: usize) -> Option<&'static str> {
        self.colors.get(&style).copied()
    }
}

/// Returns whether the tag of a property turns it on.
pub(super) fn is_on(tag: &Tag) -> bool {
    tag.attribute("val").is_none_or(|value| !matches!(value.as_str(), "0" | "false"))
}

/// The largest difference between the parts of a gray, of 255.
const NEAR: u8 = 16;
/// A gray that is darker is black to the eye.
const DARK: u8 = 48;
/// By so much a red has more of red than of the other two.
const FAR: u8 = 96;

/// Returns the name of a font's color if it is gray or red. Other colors are those of links and headings. Themes have white as color 0 and
/// black as color 1, and a gray is one of them with a tint (ECMA-376, 18.8.19).
fn color(tag: &Tag) -> Option<&'static str> {
    let theme = tag.attribute("theme");
    let tint: f64 = tag.attribute("tint").and_then(|tint| tint.parse().ok()).unwrap_or_default();
    match theme.as_deref() {
        Some("0") if tint < 0.0 => return Some("gray"),
        Some("1") if tint > 0.0 => return Some("gray"),
        _ => {}
    }
    name_of(&tag.attribute("rgb")?)
}

/// Returns the name of a color in hexadecimal digits if it is gray or red.
pub(super) fn name_of(digits: &str) -> Option<&'static str> {
    let number = u32::from_str_radix(digits.trim_start_matches('#'), 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    let (least, most) = (red.min(green).min(blue), red.max(green).max(blue));
    if most - least <= NEAR {
        return (least >= DARK && most < u8::MAX).then_some("gray");
    }
    (red == most && red - green.max(blue) >= FAR).then_some("red")
}
