//! The words of payrolls that say whether somebody has left.

use crate::list::general;
use crate::list::words::squash;
use crate::platform::without_accents;
use crate::yaml::nearest;

/// Words of a state that say that somebody has left.
const LEFT: &str = "terminated terminate term termed terminee termine inactive inactif left leaver former formeremployee exemployee resigned \
    resignation quit separated separation retired retraite retraitee dismissed fired released discharged deceased decede decedee ended laidoff \
    deactivated disabled notactive notemployed nolongeremployed gone departed exited offboarded archived parti partie demission \
    demissionne demissionnaire congedie congediee licencie licenciee ancienemploye";

/// Words of a state that say that somebody is on the payroll, at work or not, or will be.
const EMPLOYED: &str = "active actif employed current currentemployee employee employe fulltime parttime permanent permanente temporary \
    temporaire temp regular casual perdiem prn seasonal saisonnier contractor contract contractuel contingent consultant intern stagiaire \
    salaried hourly onleave leave leaveofabsence loa paidleave unpaidleave paidleaveofabsence unpaidleaveofabsence medicalleave sickleave \
    maternityleave paternityleave parentalleave maternity fmla disability sabbatical furlough furloughed enconge conge congeparental \
    congedematernite congemaladie invalidite tempsplein tempspartiel onnotice probation probationary enprobation hired rehired newhire \
    accepted prehire notstarted onboarding enabled w2";

/// Words that turn another word into its opposite.
const NOT: [&str; 7] = ["not", "no", "non", "never", "pas", "nolonger", "un"];

/// Returns whether a word says that somebody has left; the nearest known word if it is not understood.
///
/// A second word can say more than the first, as in `Terminated - Voluntary` and `Active (LOA)`, but not the opposite.
pub(super) fn has_left(text: &str) -> Result<bool, Option<&'static str>> {
    let text = without_accents(text);
    let whole = squash(&text);
    if let Some(has_left) = known(&whole).or_else(|| yes_or_no(&text).map(|is_active| !is_active)) {
        return Ok(has_left);
    }
    let by_part = |parts: Vec<String>| -> Option<bool> {
        let mut said = parts.iter().filter_map(|part| known(part));
        let first = said.next()?;
        let is_turned = parts.iter().any(|part| NOT.contains(&part.as_str()));
        (!is_turned && said.all(|other| other == first)).then_some(first)
    };
    let squashed = |parts: Vec<&str>| parts.into_iter().map(squash).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let parts = squashed(text.split(['-', '–', '—', '(', ')', ',', ':', ';', '/', '|']).collect());
    let words = squashed(text.split(|c: char| !c.is_alphanumeric()).collect());
    let near = || {
        let all: Vec<&'static str> = LEFT.split_whitespace().chain(EMPLOYED.split_whitespace()).collect();
        nearest(&whole, &all).and_then(|near| all.iter().copied().find(|word| *word == near))
    };
    match (by_part(parts), by_part(words)) {
        (Some(one), Some(other)) if one != other => Err(None),
        (Some(has_left), _) | (None, Some(has_left)) => Ok(has_left),
        (None, None) => Err(near()),
    }
}

/// Returns whether a heading says that the people below it have left: `Terminated Employees (3)`.
pub(super) fn heading(text: &str) -> Option<bool> {
    const OF_PEOPLE: &str = "employee employees employe employes staff people team members workers associates list personnel";
    let words = without_accents(text).to_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty() && !OF_PEOPLE.split_whitespace().any(|known| known == *word))
        .collect();
    has_left(&words.join(" ")).ok().filter(|_| !words.is_empty())
}

/// Returns whether a text is a yes or a no, in English or French.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "oui" | "vrai" => Some(true),
        "non" | "faux" => Some(false),
        _ => general::yes_or_no(text),
    }
}

fn known(word: &str) -> Option<bool> {
    let is_in = |words: &str| words.split_whitespace().any(|known| known == word);
    if is_in(LEFT) { Some(true) } else { is_in(EMPLOYED).then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_understood_with_what_is_added_to_it() {
        for (text, expected) in [
            ("Terminated - Voluntary", Some(true)),
            ("Terminated (Involuntary)", Some(true)),
            ("Active - Full Time", Some(false)),
            ("Active (LOA)", Some(false)),
            ("Regular Full-Time", Some(false)),
            ("Leave of Absence - Paid", Some(false)),
            ("Congédiée", Some(true)),
            ("Actif", Some(false)),
            ("En congé", Some(false)),
            ("Retraité", Some(true)),
            ("Non", Some(true)),
            ("No longer employed", Some(true)),
            ("Not terminated", None),
            ("Not yet active", None),
            ("Inactive - On leave", None),
            ("T", None),
            ("", None),
        ] {
            assert_eq!(has_left(text).ok(), expected, "{text}");
        }
        assert_eq!(has_left("Activ"), Err(Some("active")));
        for (text, expected) in [
            ("Terminated Employees (3)", Some(true)),
            ("Former employee list", Some(true)),
            ("Active", Some(false)),
            ("Current staff", Some(false)),
            ("Employees", None),
            ("Sheet1", None),
            ("Active and Terminated Employees", None),
            ("Ana Ruiz", None),
        ] {
            assert_eq!(heading(text), expected, "{text}");
        }
    }
}
