//! Several boxes in one cell, each with a text beside it: clinics or roles of which the ticked ones count.

/// Returns the texts beside the boxes that are ticked, one a line; `None` if nobody knows which text belongs to which box, or none is ticked:
/// a page keeps boxes as they were loaded. `boxes` have their places in the text.
pub(super) fn ticked(text: &str, boxes: &[(usize, bool)]) -> Option<String> {
    let mut pieces: Vec<&str> = Vec::new();
    let mut from = 0;
    for at in boxes.iter().map(|(at, _)| *at).chain([text.len()]) {
        pieces.push(text.get(from..at)?.trim());
        from = at;
    }
    let (first, after) = pieces.split_first()?;
    let (last, before) = pieces.split_last()?;
    let beside = if first.is_empty() && after.iter().all(|piece| !piece.is_empty()) {
        after
    } else if last.is_empty() && before.iter().all(|piece| !piece.is_empty()) {
        before
    } else {
        return None;
    };
    let ticked: Vec<&str> = boxes.iter().zip(beside).filter(|((_, ticked), _)| *ticked).map(|(_, text)| *text).collect();
    (!ticked.is_empty()).then(|| ticked.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::ticked;

    #[test]
    fn the_texts_beside_ticked_boxes_count() {
        assert_eq!(ticked(" North  South", &[(0, true), (7, false)]).as_deref(), Some("North"));
        assert_eq!(ticked("North  South ", &[(6, false), (13, true)]).as_deref(), Some("South"));
        assert_eq!(ticked(" North  South", &[(0, true), (7, true)]).as_deref(), Some("North\nSouth"));
        for (text, boxes) in
            [(" North  South", [(0, false), (7, false)]), (" North ", [(0, true), (7, true)]), ("", [(0, true), (9, true)])]
        {
            assert_eq!(ticked(text, &boxes), None, "{text}");
        }
    }
}
