//! Reads several names in one cell: known names first, whatever separates them.

use std::collections::BTreeMap;

use crate::list::words::exact;

/// The separators of entries of a cell, if they are not known.
const SEPARATORS: [char; 9] = ['\n', ';', '|', ',', '+', '/', '&', '•', '·'];

/// The keys in a cell, or the words that are not known.
pub(in crate::list) fn keys(text: &str, names: &BTreeMap<String, Option<String>>) -> Result<Vec<Option<String>>, Vec<String>> {
    // A list as programs write it.
    let unquoted = if text.trim_start().starts_with('[') { text.replace(['"', '\''], " ") } else { text.to_owned() };
    let text = without_default(&unquoted);
    let text = text.as_str();
    let folded = exact(&text.replace("][", ";").replace(['[', ']'], " ").replace('\n', ";"));
    if let Some(keys) = all_known(&folded, names).or_else(|| every(&folded, names)) {
        return Ok(keys);
    }
    let mut unknown = Vec::new();
    let mut keys = Vec::new();
    let split = |c: char| SEPARATORS.contains(&c) && !matches!(c, '/' | '+' | '&');
    for part in text.replace("][", ";").replace(['[', ']'], " ").split(split).map(str::trim).filter(|part| !part.is_empty()) {
        match all_known(&exact(part), names) {
            Some(found) => keys.extend(found),
            None => unknown.push(part.to_owned()),
        }
    }
    if unknown.is_empty() { Ok(keys) } else { Err(unknown) }
}

/// A text without the words that say which clinic is the first one: "North (default)".
fn without_default(text: &str) -> String {
    let mut text = text.to_owned();
    for word in ["(default)", "(Default)", "(primary)", "(Primary)", "(home)", "(Home)", "(main)", "(Main)"] {
        text = text.replace(word, " ");
    }
    text
}

/// All clinics, if the text says so: "All locations".
fn every(text: &str, names: &BTreeMap<String, Option<String>>) -> Option<Vec<Option<String>>> {
    let nouns = ["", "clinics", "locations", "sites", "offices", "centers", "practices", "cliniques"];
    let noun = ["all", "every", "toutes les", "tous les"].iter().find_map(|all| text.strip_prefix(all))?;
    let keys: std::collections::BTreeSet<&String> = names.values().flatten().collect();
    (nouns.contains(&noun.trim()) && !keys.is_empty()).then(|| keys.into_iter().cloned().map(Some).collect())
}

/// The keys, if the text is nothing but known names and what separates them. Longer names are tried first.
fn all_known(text: &str, names: &BTreeMap<String, Option<String>>) -> Option<Vec<Option<String>>> {
    let is_between = |c: char| c.is_whitespace() || SEPARATORS.contains(&c);
    let mut rest = text.trim_matches(is_between);
    let mut keys = Vec::new();
    while !rest.is_empty() {
        let fits = |name: &&String| {
            rest.strip_prefix(name.as_str()).is_some_and(|after| {
                let next = after.trim_start();
                next.is_empty() || next.starts_with(|c| SEPARATORS.contains(&c)) || (next.len() < after.len() && next.starts_with("and "))
            })
        };
        let name = names.keys().filter(|name| !name.is_empty()).filter(fits).max_by_key(|name| name.len())?;
        keys.push(names.get(name)?.clone());
        let rest_after = rest.strip_prefix(name.as_str())?.trim_start();
        let rest_after = rest_after.strip_prefix("and ").filter(|_| rest.len() > rest_after.len()).unwrap_or(rest_after);
        rest = rest_after.trim_matches(is_between);
    }
    Some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_found_whatever_separates_them() {
        let names = [("glow downtown", "downtown"), ("uptown, north", "north"), ("uptown", "uptown"), ("glow + spa", "spa")];
        let names: BTreeMap<String, Option<String>> = names.map(|(name, key)| (name.to_owned(), Some(key.to_owned()))).into();
        let of = |text: &str| keys(text, &names).map(|keys| keys.into_iter().flatten().collect::<Vec<_>>());
        for (text, found) in [
            ("Glow Downtown", vec!["downtown"]),
            ("Glow Downtown, Uptown", vec!["downtown", "uptown"]),
            ("Uptown, North", vec!["north"]),
            ("Uptown, Glow Downtown", vec!["uptown", "downtown"]),
            ("Glow Downtown;Uptown, North", vec!["downtown", "north"]),
            ("Glow Downtown|Uptown", vec!["downtown", "uptown"]),
            ("Glow Downtown\nUptown", vec!["downtown", "uptown"]),
            ("Glow + Spa+Uptown", vec!["spa", "uptown"]),
            ("[Uptown][Glow  Downtown]", vec!["uptown", "downtown"]),
            ("[\"Uptown\", \"Glow Downtown\"]", vec!["uptown", "downtown"]),
            ("/Uptown", vec!["uptown"]),
            ("Glow Downtown • Uptown", vec!["downtown", "uptown"]),
            ("Glow Downtown · Uptown", vec!["downtown", "uptown"]),
            ("Glow Downtown & Uptown", vec!["downtown", "uptown"]),
            ("Glow Downtown and Uptown", vec!["downtown", "uptown"]),
            ("Uptown, North, Glow Downtown and Uptown", vec!["north", "downtown", "uptown"]),
            ("All Locations", vec!["downtown", "north", "spa", "uptown"]),
            ("Uptown (default), Glow Downtown", vec!["uptown", "downtown"]),
            ("all", vec!["downtown", "north", "spa", "uptown"]),
            ("", vec![]),
        ] {
            assert_eq!(of(text), Ok(found.into_iter().map(str::to_owned).collect()), "{text}");
        }
        assert_eq!(of("Uptown, Westside"), Err(vec!["Westside".to_owned()]));
        assert_eq!(of("Uptown, Sand and Sea"), Err(vec!["Sand and Sea".to_owned()]), "a name can have such a word");
        assert_eq!(of("All but Uptown"), Err(vec!["All but Uptown".to_owned()]));
        assert_eq!(of("Uptownish"), Err(vec!["Uptownish".to_owned()]));
    }
}
