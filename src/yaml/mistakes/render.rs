//! Displays mistakes and warnings in the style of a compiler.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::mark::Mark;
use crate::yaml::visible::one_line;

/// A message about one place or two.
pub(in crate::yaml) struct PlacedMessage<'m> {
    pub(in crate::yaml) message: &'m str,
    pub(in crate::yaml) hint: Option<&'m str>,
    pub(in crate::yaml) mark: &'m Mark,
    pub(in crate::yaml) also: Option<(&'m Mark, &'static str)>,
    pub(in crate::yaml) is_warning: bool,
}

/// Displays it in the style of a compiler.
pub(in crate::yaml) fn render(said: &PlacedMessage<'_>, color: bool) -> String {
    let level = if said.is_warning { Level::WARNING } else { Level::ERROR };
    let mut group = level.primary_title(said.message).elements(place(said.mark, AnnotationKind::Primary, None));
    if let Some((mark, label)) = said.also {
        group = group.elements(place(mark, AnnotationKind::Context, Some(label)));
    }
    if let Some(hint) = said.hint {
        group = group.element(Level::HELP.message(hint));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let groups: [Group<'_>; 1] = [group];
    renderer.render(&groups)
}

/// Describes the place of a mark, with its line if there is one. A line that was cut counts its columns separately.
fn place<'m>(mark: &'m Mark, kind: AnnotationKind, label: Option<&'m str>) -> Vec<Element<'m>> {
    let origin = Origin::path(one_line(&mark.file));
    if mark.line == 0 {
        return vec![origin.into()];
    }
    let origin = origin.line(mark.line as usize).char_column(mark.column as usize);
    if mark.excerpt.is_empty() {
        return vec![origin.into()];
    }
    let snippet = Snippet::source(mark.excerpt.as_str())
        .line_start(mark.line as usize)
        .annotation(kind.span(mark.marked.0..mark.marked.1).label(label));
    if mark.excerpt.starts_with('…') { vec![origin.into(), snippet.into()] } else { vec![snippet.path(one_line(&mark.file)).into()] }
}
