//! Lists known words in a sentence, and finds the one that was probably meant.

use strsim::osa_distance;

/// The known word closest to `word`: at most a third of its letters wrong, the first one where several are as close.
#[must_use]
pub fn nearest<'a, S: AsRef<str>>(word: &str, known: &'a [S]) -> Option<&'a str> {
    let typed = letters(word);
    let length = typed.chars().count();
    let limit = (length.max(3) / 3).max(1);
    known
        .iter()
        // A hostile file has very many words: those whose length alone says no are not compared.
        .filter(|k| k.as_ref().chars().flat_map(char::to_lowercase).count().abs_diff(length) <= limit)
        .map(|k| (osa_distance(&typed, &k.as_ref().to_lowercase()), k.as_ref()))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}

/// The beginning of a word: a longer one is not a slip, and a hostile file may contain very long words.
pub(crate) fn letters(word: &str) -> String {
    word.to_lowercase().chars().take(64).collect()
}

/// Lists words in a sentence, joined by "or".
pub(crate) fn one_of<S: AsRef<str>>(words: &[S]) -> String {
    let shown: Vec<String> = words.iter().map(|w| format!("`{}`", w.as_ref())).collect();
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}

/// Asks whether a word was meant.
#[must_use]
pub fn did_you_mean(near: &str) -> String {
    format!("did you mean `{near}`?")
}

/// Suggests the nearest known word, or lists all of them.
pub(crate) fn suggest<S: AsRef<str>>(word: &str, known: &[S]) -> String {
    match nearest(word, known) {
        Some(near) => did_you_mean(near),
        None if known.is_empty() => "there are none yet".to_owned(),
        None => format!("choose one of: {}", known.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_mistyped_word_finds_the_nearest_one() {
        let roles = ["administrator", "provider", "front-desk"];
        assert_eq!(nearest("providr", &roles), Some("provider"));
        assert_eq!(nearest("frontdesk", &roles), Some("front-desk"));
        assert_eq!(nearest("surgeon", &roles), None);
    }
}
