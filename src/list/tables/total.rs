//! The number of users that the texts around a table give.

/// The number of users that a page gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::list) struct PageTotal {
    /// The number of all rows.
    pub(in crate::list) total: Option<u64>,
    /// Says whether a search or filter is on.
    pub(in crate::list) is_filtered: bool,
    /// The number of pages, if the number may be that of one page.
    pub(in crate::list) pages: Option<u64>,
}

/// Nouns that a count of users has.
const NOUNS: [&str; 19] = [
    "users",
    "user",
    "members",
    "member",
    "entries",
    "items",
    "results",
    "records",
    "rows",
    "people",
    "teammates",
    "accounts",
    "employees",
    "total",
    "entrées",
    "einträge",
    "einträgen",
    "benutzer",
    "registros",
];

/// Words between the part and the whole: "1 to 25 of 43".
const OF: [&str; 7] = ["of", "von", "de", "sur", "av", "van", "di"];

/// Words before the part: "Showing 25 of 43".
const SHOWING: [&str; 5] = ["showing", "displaying", "viewing", "affichage", "résultats"];

/// Reads the texts around a table.
pub(in crate::list) fn counted<'t>(texts: impl IntoIterator<Item = &'t str>) -> PageTotal {
    let (mut range, mut plain, mut is_filtered): (Option<u64>, Option<u64>, bool) = (None, None, false);
    let mut pages: Option<u64> = None;
    for text in texts {
        let lower = text.to_lowercase();
        is_filtered |= lower.contains("filtered from") || lower.contains("filtered by");
        pages = pages.max(of_pages(&lower));
        match (of_range(&lower), of_count(&lower).filter(|_| !is_page_size(&lower))) {
            (Some(total), _) => range = range.max(Some(total)),
            (None, Some(total)) => plain = plain.max(Some(total)),
            (None, None) => {}
        }
    }
    PageTotal { total: range.or(plain), is_filtered, pages: pages.filter(|_| range.is_none()) }
}

/// Returns what a line of text says that the list was narrowed down to: "Search: north", "2 filters applied".
pub(in crate::list) fn filter(text: &str) -> Option<&str> {
    if let Some((word, own)) = text.split_once(':') {
        let word = word.trim().to_lowercase();
        let names = ["search", "filter", "filters", "filtered by", "filters applied", "filter applied", "recherche", "filtre", "filtres"];
        let is_filter = names.contains(&word.as_str());
        return Some(own.trim()).filter(|own| is_filter && !own.is_empty());
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let counts = |count: &str, noun: &str| number(count).is_some_and(|count| count > 0) && ["filter", "filters"].contains(&noun);
    match words.as_slice() {
        [count, noun, "applied" | "active" | "on"] | [count, noun] if counts(count, noun) => Some(text),
        // "Active" alone would be the name of the tab.
        [count, "active", noun] if counts(count, noun) => text.split_whitespace().next_back(),
        ["search", "results"] | ["filter" | "filters", "applied"] | ["filtered", ..] if words.len() < 5 => Some(text),
        // "Filters (1)" is on a button.
        [noun, count] if counts(count.trim_matches(['(', ')']), noun) => Some(text),
        ["results", "for", ..] | ["search" | "showing", "results", "for", ..] if words.len() < 12 => Some(text),
        _ => (is_of_some(&words) || is_of_column(&lower)).then_some(text),
    }
}

/// Returns whether a line says that some of the people are not shown: "Showing providers only", "3 users, 2 hidden", "3/5 users".
fn is_of_some(words: &[&str]) -> bool {
    let plain: Vec<&str> = words.iter().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let has = |known: &[&str]| plain.iter().any(|word| known.contains(word));
    let is_shown = has(&["showing", "viewing", "displaying"]);
    let has_number = plain.iter().any(|word| number(word).is_some_and(|count| count > 0));
    let less = |few: &str, all: &str| number(few).zip(number(all)).is_some_and(|(few, all)| few < all);
    let counts_more = match plain.as_slice() {
        [few, noun, all, "total"] => NOUNS.contains(noun) && less(few, all),
        [share, noun] => NOUNS.contains(noun) && share.split_once('/').is_some_and(|(few, all)| less(few, all)),
        _ => false,
    };
    let is_hidden = has_number && plain.ends_with(&["hidden"]);
    words.len() < 12 && (counts_more || is_hidden || has(&["refine"]) || (is_shown && has(&["only", "matching", "first"])))
}

/// Returns whether a line is a condition of a grid: "Role is any of Provider", "Name starts with K".
fn is_of_column(lower: &str) -> bool {
    const SIGNS: [&str; 6] = [" is any of ", " contains ", " does not contain ", " starts with ", " ends with ", " is not "];
    let before = SIGNS.iter().find_map(|sign| lower.split_once(sign)).filter(|_| lower.len() < 80).map(|(column, _)| column);
    before.is_some_and(|column| {
        let meaning = crate::list::general::meaning(&crate::list::words::squash(column), false);
        // "Email is not confirmed" is about one person.
        meaning.is_some_and(|meaning| meaning.kept != crate::list::words::Kept::Email || !lower.contains(" is not "))
    })
}

/// Returns the whole of "Showing 1 to 25 of 43 users". A number of pages is not one, and "50+" is none.
fn of_range(text: &str) -> Option<u64> {
    let spaced: String = text.chars().map(|c| if matches!(c, '-' | '–' | '—' | '/' | '(' | ')' | ':') { ' ' } else { c }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    // "10 per page" is the size of a page, and "page 1 of 3" counts pages.
    let counts_pages = |(at, word): (usize, &&str)| {
        let is_page = word.starts_with("page") || word.starts_with("seite");
        is_page && !at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|before| ["per", "par", "pro"].contains(before))
    };
    if words.len() > 16 || words.iter().enumerate().any(counts_pages) {
        return None;
    }
    let whole = |at: usize| -> Option<u64> {
        let before = number(words.get(at.checked_sub(1)?)?)?;
        let total = number(words.get(at + 1)?)?;
        let is_range = at >= 2 && words.get(..at - 1).is_some_and(|rest| rest.iter().rev().take(2).any(|word| number(word).is_some()));
        let has_noun = words.get(at + 2).is_some_and(|noun| NOUNS.contains(noun));
        let is_shown = at == 2 && words.first().is_some_and(|first| SHOWING.contains(first));
        (before <= total && (is_range || has_noun || is_shown)).then_some(total)
    };
    words.iter().enumerate().filter(|(_, word)| OF.contains(word)).find_map(|(at, _)| whole(at))
}

/// Returns the number of pages of "Page 1 of 3".
fn of_pages(text: &str) -> Option<u64> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == '/').filter(|word| !word.is_empty()).collect();
    let at = words.iter().position(|word| ["page", "seite"].contains(word))?;
    let numbers = words.get(at + 1..)?.iter().filter(|word| !OF.contains(word)).map_while(|word| number(word));
    match numbers.take(3).collect::<Vec<_>>().as_slice() {
        [own, all] if own <= all && *all > 1 && words.len() < 12 => Some(*all),
        _ => None,
    }
}

/// Returns the number of "43 users" or "Total: 43", where that is the whole text.
pub(in crate::list) fn of_count(text: &str) -> Option<u64> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| c.is_whitespace() || matches!(c, ':' | '(' | ')' | '=')).filter(|w| !w.is_empty()).collect();
    match words.as_slice() {
        [count, noun] | ["total", count, noun] | ["total", noun, count] | [count, "total", noun] if NOUNS.contains(noun) => number(count),
        ["total" | "users", count] | ["total", "users", count] => number(count),
        _ => None,
    }
}

/// Returns the number beside the name of a tab: "Active (43)".
pub(in crate::list) fn of_tab(text: &str) -> Option<u64> {
    let mut numbers = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ':')).filter_map(number);
    numbers.next().filter(|_| numbers.next().is_none())
}

/// Returns whether a text may be the size of a page: "25 rows" says nothing about all of them.
fn is_page_size(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.next().and_then(number).is_some() && words.next().is_some_and(|noun| ["row", "rows"].contains(&noun)) && words.next().is_none()
}

/// A number with commas between its thousands.
fn number(word: &str) -> Option<u64> {
    let word = word.trim_end_matches(['.', ',', ';']);
    let digits = word.replace([',', '.', '\u{a0}', '\u{202f}'], "");
    (digits.len() < 10 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_read_and_numbers_of_pages_are_not() {
        for (text, total) in [
            ("Showing 1 to 10 of 57 entries", Some(57)),
            ("Showing 1 to 25 of 1,043 users", Some(1043)),
            ("1–25 of 43", Some(43)),
            ("1-10 of 57 items", Some(57)),
            ("1 bis 10 von 57 Einträgen", Some(57)),
            ("25 of 43 users", Some(43)),
            ("43 users", Some(43)),
            ("Total: 43", Some(43)),
            ("Total 43 users", Some(43)),
            ("Users (43)", Some(43)),
            ("Affichage de 1 à 2 sur 12 entrées", Some(12)),
            ("Showing 2 of 12", Some(12)),
            ("Items per page: 2 1 – 2 of 12", Some(12)),
            ("Showing page 1 of 5", None),
            ("Page 1 of 3", None),
            ("1–25 of many", None),
            ("1–25 of 50+", None),
            ("25 / page", None),
            ("2 rows", None),
            ("Total rows: 43", Some(43)),
            ("Your plan has 3 of 10", None),
            ("15 of March", None),
            ("43 users will lose access", None),
        ] {
            assert_eq!(counted([text]).total, total, "{text}");
        }
        let filtered = counted(["Showing 1 to 10 of 57 entries (filtered from 112 total entries)"]);
        assert_eq!(filtered, PageTotal { total: Some(57), is_filtered: true, pages: None });
        for (text, pages) in [("Page 1 of 3", Some(3)), ("showing page 2 / 5", Some(5)), ("Page 1 of 1", None), ("25 per page", None)] {
            assert_eq!(counted([text]).pages, pages, "{text}");
        }
        assert_eq!(counted(["50 users", "1–25 of 43"]).total, Some(43), "a range says more than a count");
    }
}
