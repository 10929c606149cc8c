//! The words of payrolls that say whether somebody has left.

use crate::list::general;
use crate::list::meaning::UNTIL;
use crate::list::words::squash;
use crate::platform::without_accents;
use crate::yaml::nearest;

use super::words::StaffWords;

/// Words of a state that say that somebody has left, with a low line between those of one state.
const LEFT: &str = "terminated terminate term termed terminee termine inactive inactif left leaver former former_employee ex_employee resigned \
    resignation quit separated separation retired retraite retraitee dismissed fired released discharged deceased decede decedee ended laid_off \
    deactivated disabled not_active not_employed no_longer_employed gone departed exited offboarded archived parti partie demission \
    demissionne demissionnaire termination withdrawn deleted removed let_go job_abandonment abandonment abandoned_job no_call_no_show \
    contract_ended contract_expired end_of_contract layoff redundant non_active non_actif ex_staff former_staff past_employee congedie congediee licencie licenciee ancien_employe";

/// Words of a state that say that somebody is on the payroll, at work or not, or will be.
const EMPLOYED: &str = "active actif employed current current_employee employee employe full_time part_time permanent permanente temporary \
    temporaire temp regular casual per_diem prn seasonal saisonnier contractor contract contractuel contingent consultant intern stagiaire \
    salaried hourly on_leave leave leave_of_absence loa paid_leave unpaid_leave paid_leave_of_absence unpaid_leave_of_absence medical_leave sick_leave \
    maternity_leave paternity_leave parental_leave maternity fmla disability sabbatical furlough furloughed en_conge conge conge_parental \
    conge_de_maternite conge_maladie invalidite temps_plein temps_partiel on_notice notice notice_given probation probationary en_probation hired rehired new_hire \
    accepted prehire pre_start not_started onboarding onboarded enabled w2 1099 1099_contractor act";

/// Those of them that say that somebody has not started yet.
const TO_START: [&str; 4] = ["accepted", "prehire", "prestart", "notstarted"];

/// Words of leaving that begin other texts, too, such as the names of streets.
const MANY: &str = "left former gone ended released retired disabled separated parti partie";

/// Signs between the words for a state.
const SIGNS: [char; 10] = ['-', '–', '—', '(', ')', ',', ':', ';', '/', '|'];

/// Words that turn another word into its opposite, or say that it is still to come.
const NOT: [&str; 15] = [
    "not",
    "no",
    "non",
    "never",
    "pas",
    "nolonger",
    "un",
    "pending",
    "future",
    "scheduled",
    "upcoming",
    "planned",
    "rescinded",
    "will",
    "be",
];

/// Words after which a state ends, or has ended, besides those that say until when.
const ENDING: [&str; 5] = ["was", "last", "ending", "ex", "jusquau"];

/// Signs that say no.
const CROSSES: [char; 11] = ['✗', '✘', '❌', '❎', '☐', '⬜', '☒', '⛔', '🚫', '🔴', '✖'];

/// Returns whether a word says that somebody has not started yet.
pub(super) fn is_to_start(text: &str, said: &StaffWords) -> bool {
    said.state(text).is_none() && TO_START.contains(&squash(text).as_str())
}

/// Returns whether a word says that somebody has left; the nearest known word if it is not understood.
///
/// A second word can say more than the first, as in `Terminated - Voluntary` and `Active (LOA)`, but not the opposite.
pub(super) fn has_left(text: &str, said: &StaffWords) -> Result<bool, Option<String>> {
    if let Some(has_left) = said.state(text) {
        return Ok(has_left);
    }
    let text = without_accents(text);
    let whole = squash(&text);
    // A cross beside a word turns it, or belongs to something else.
    if !whole.is_empty() && (text.contains(CROSSES) || text.contains("[ ]")) {
        return Err(None);
    }
    if let Some(has_left) = left_or_employed(&whole).or_else(|| yes_or_no(&text).map(|is_active| !is_active)) {
        return Ok(has_left);
    }
    let squashed = |parts: Vec<&str>| parts.into_iter().map(squash).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let parts = squashed(text.split(SIGNS).collect());
    let words = squashed(text.split(|c: char| !c.is_alphanumeric()).collect());
    match (by_part(&parts), by_part(&words)) {
        // "Active (T)": only a person knows what the letter means.
        (StateParts::Say(false), _) | (_, StateParts::Say(false)) if has_letter(&text) => Err(None),
        (StateParts::Say(one), StateParts::Say(other)) if one != other => Err(None),
        (StateParts::Say(has_left), StateParts::Say(_) | StateParts::Nothing) | (StateParts::Nothing, StateParts::Say(has_left)) => {
            Ok(has_left)
        }
        // The rest of such a text is about the paperwork.
        (StateParts::Say(true), StateParts::Unclear) => Ok(true),
        (StateParts::Say(false) | StateParts::Unclear, _) | (StateParts::Nothing, StateParts::Unclear) => Err(None),
        (StateParts::Nothing, StateParts::Nothing) => Err(near(&text)),
    }
}

/// Returns whether a word of a text is one letter, which can stand for anything but full time and part time.
fn has_letter(text: &str) -> bool {
    let text = text.to_lowercase().replace("f/t", " ").replace("p/t", " ");
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()) && !["f", "p"].contains(&word))
}

/// The state that the parts of a text give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StateParts {
    /// No part is a known word.
    Nothing,
    /// They say whether somebody has left.
    Say(bool),
    /// They contradict each other, or a word turns another one.
    Unclear,
}

fn by_part(parts: &[String]) -> StateParts {
    let mut said = parts.iter().filter_map(|part| left_or_employed(part));
    let Some(first) = said.next() else { return StateParts::Nothing };
    let is_one_of = |words: &[&str], part: &String| words.contains(&part.as_str());
    let is_turned = parts.iter().any(|part| is_one_of(&NOT, part) || is_one_of(&ENDING, part) || is_one_of(&UNTIL, part));
    if is_turned || said.any(|other| other != first) { StateParts::Unclear } else { StateParts::Say(first) }
}

/// Returns whether a text that is nothing but a known word says that somebody has left; `None` if it is more, or another text. Several words
/// for one thing are one, such as `Active - Full time`. A yes or a no is not a word of a state.
pub(super) fn exact(text: &str, said: &StaffWords) -> Option<bool> {
    let text = without_accents(text);
    if let Some(has_left) = said.state(&text).or_else(|| state_word(&text)) {
        return Some(has_left);
    }
    if yes_or_no(&text).is_some() {
        return None;
    }
    let is_known = |text: &str| said.state(text).or_else(|| left_or_employed(&squash(text)));
    is_known(&text).or_else(|| {
        let mut parts = text.split(SIGNS).filter(|part| !squash(part).is_empty()).map(is_known);
        let first = parts.next()??;
        parts.all(|other| other == Some(first)).then_some(first)
    })
}

/// Returns whether somebody has left of whom a text says nothing but one of the words that are a state and a switch, too: no header turns it.
pub(super) fn state_word(text: &str) -> Option<bool> {
    match squash(&without_accents(text)).as_str() {
        "enabled" | "active" | "actif" => Some(false),
        "disabled" | "inactive" | "inactif" => Some(true),
        _ => None,
    }
}

/// Returns whether a word of leaving means nothing else.
pub(super) fn is_clear(text: &str) -> bool {
    !MANY.split(' ').any(|word| word == squash(&without_accents(text)))
}

/// Returns the known word that a text is a slip of; `None` if a word of the opposite meaning is near, too: the advice could be wrong.
fn near(text: &str) -> Option<String> {
    let of = |words: &str| -> Option<String> {
        let all: Vec<String> = words.split_whitespace().map(|word| word.replace('_', " ")).collect();
        nearest(text.trim(), &all).map(str::to_owned)
    };
    match (of(LEFT), of(EMPLOYED)) {
        (Some(word), None) | (None, Some(word)) => Some(word),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

/// Returns whether a text of any column says first that somebody has left: `Terminated`, `Resigned - moved away`, `Left 11/20/2026`.
pub(super) fn begins_with_leaving(text: &str) -> bool {
    let text = without_accents(text);
    if yes_or_no(&text).is_some() {
        return false;
    }
    let is_leaving = |part: &str| left_or_employed(&squash(part)) == Some(true);
    let part = text.split(['–', '—', '(', ',', ':', ';', '/', '|']).next().unwrap_or_default();
    // "Left-handed" is one word.
    let part = part.split_once(" -").map_or(part, |(before, _)| before);
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let is_alone = words.all(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    is_leaving(part) || (is_leaving(first) && (is_alone || is_clear(first)))
}

/// Returns a name without what says that the person has left, such as `Tom Reed (Terminated)` and `INACTIVE - Tom Reed`; `None` if it says
/// nothing of the kind.
pub(super) fn name_of_leaver(name: &str) -> Option<String> {
    let joined = |before: &str, after: &str| [before.trim(), after.trim()].join(" ").trim().to_owned();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((before, rest)) = name.split_once(open)
            && let Some((inside, after)) = rest.split_once(close)
            && begins_with_leaving(inside)
        {
            return Some(joined(before, after));
        }
    }
    let is_mark = |text: &str| exact(text, &StaffWords::default()) == Some(true) && is_clear(text);
    let is_loud = |text: &str| is_mark(text) && !text.contains(char::is_lowercase) && text.len() > 3 && name.contains(char::is_lowercase);
    // Between words of a name, only a loud mark is one.
    for (sign, must_be_loud) in [(" - ", false), (": ", false), (" ", true)] {
        let is_said = |text: &str| if must_be_loud { is_loud(text) } else { is_mark(text) };
        let first = name.split_once(sign).filter(|(mark, _)| is_said(mark)).map(|(_, rest)| rest);
        let last = || name.rsplit_once(sign).filter(|(_, mark)| is_said(mark)).map(|(rest, _)| rest);
        if let Some(rest) = first.or_else(last) {
            return Some(rest.trim().to_owned());
        }
    }
    None
}

/// Returns whether a heading says that the people below it have left: `Terminated Employees (3)`.
pub(super) fn heading(text: &str) -> Option<bool> {
    const OF_LEAVERS: &str = "terms termd leavers past ex separations terminations retirees departures departs";
    const OF_PEOPLE: &str = "employee employees employe employes staff people team members workers associates list personnel";
    let words = without_accents(text).to_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty() && !OF_PEOPLE.split_whitespace().any(|known| known == *word))
        .collect();
    let whole = words.concat();
    if OF_LEAVERS.split(' ').any(|word| word == whole) {
        return Some(true);
    }
    has_left(&words.join(" "), &StaffWords::default()).ok().filter(|_| !words.is_empty())
}

/// Returns whether a title says that everybody in the table below it has left: `Terminated employees as of 11/28/2026`. A title that names
/// others, too, or says what is included, says nothing.
pub(super) fn is_title_of_leavers(text: &str) -> bool {
    const OF_LEAVERS: &str = "terminated termed inactive former leavers resigned separated deactivated inactif inactifs inactives anciens";
    const OF_OTHERS: &str = "active actif actifs actives current employed all tous and or et ou include includes included including incl with avec \
        exclude excludes excluded excluding excl except without sans sauf show shows shown display hide hidden yes oui no";
    let words: Vec<String> = without_accents(text).split(|c: char| !c.is_alphanumeric()).map(squash).collect();
    let has = |known: &str| words.iter().any(|word| known.split_whitespace().any(|known| known == word));
    has(OF_LEAVERS) && !has(OF_OTHERS) && !words.iter().any(|word| NOT.contains(&word.as_str()))
}

/// Returns whether a text is a yes or a no, in English or French.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "oui" | "vrai" => Some(true),
        "non" | "faux" => Some(false),
        _ => general::yes_or_no(text),
    }
}

fn left_or_employed(word: &str) -> Option<bool> {
    let is_word = |known: &str| known.bytes().filter(|byte| *byte != b'_').eq(word.bytes());
    let is_in = |words: &str| words.split_whitespace().any(is_word);
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
            ("Job Abandonment", Some(true)),
            ("Contract ended", Some(true)),
            ("Non-active", Some(true)),
            ("Onboarded", Some(false)),
            ("1099", Some(false)),
            ("Active (T)", None),
            ("Active - T", None),
            ("T: Active", None),
            ("Active (F)", Some(false)),
            ("Active F/T", Some(false)),
            ("Terminated (V)", Some(true)),
            ("Pending Termination", None),
            ("Will terminate 12/31/2026", None),
            ("To be terminated", None),
            ("Suspended", None),
            ("Off-boarding", None),
            ("Not terminated", None),
            ("Not yet active", None),
            ("Was active", None),
            ("Active until 10/31/2026", None),
            ("Active (last day 10/31/2026)", None),
            ("Active - term 10/31", None),
            ("On Leave - not returning", None),
            ("Terminated - pending payout", Some(true)),
            ("\u{2717} Active", None),
            ("[ ] Active", None),
            ("\u{2713} Active", Some(false)),
            ("Inactive - On leave", None),
            ("T", None),
            ("", None),
        ] {
            assert_eq!(has_left(text, &StaffWords::default()).ok(), expected, "{text}");
        }
        assert_eq!(has_left("Activ", &StaffWords::default()), Err(Some("active".to_owned())));
        assert_eq!(has_left("Off-boarding", &StaffWords::default()), Err(None), "a word of the opposite meaning is as near");
        for (text, expected) in [
            ("Terminated", true),
            ("Resigned - moved away", true),
            ("Left 11/20/2026", true),
            ("Deactivated by Kim", true),
            ("Left Hand Canyon Drive", false),
            ("Disabled veteran", false),
            ("left-handed", false),
            ("Left message 11/20", false),
            ("Terminated-Voluntary", true),
            ("Active", false),
            ("No", false),
        ] {
            assert_eq!(begins_with_leaving(text), expected, "{text}");
        }
        for (name, expected) in [
            ("Tom Reed (Terminated)", Some("Tom Reed")),
            ("Tom Reed [deleted]", Some("Tom Reed")),
            ("Reed, Tom (Left 11/20/2026)", Some("Reed, Tom")),
            ("INACTIVE - Tom Reed", Some("Tom Reed")),
            ("Reed - TERM", Some("Reed")),
            ("TERMINATED Tom Reed", Some("Tom Reed")),
            ("Ana Ruiz (former Smith)", None),
            ("Ana Ruiz (RN)", None),
            ("Ana Ruiz - Smith", None),
            ("Ana Termed", None),
            ("TOM QUIT", None),
        ] {
            assert_eq!(name_of_leaver(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_heading_can_say_a_state() {
        for (text, expected) in [
            ("Terminated", Some(true)),
            ("Active - Full Time", Some(false)),
            ("Active (LOA)", Some(false)),
            ("left-handed", None),
            ("Left message 11/20", None),
            ("Terminated - Active", None),
            ("Terminated 11/20", None),
            ("Yes", None),
        ] {
            assert_eq!(exact(text, &StaffWords::default()), expected, "{text}");
        }
        for (text, expected) in [
            ("Terminated Employees (3)", Some(true)),
            ("Former employee list", Some(true)),
            ("Active", Some(false)),
            ("Current staff", Some(false)),
            ("Employees", None),
            ("Sheet1", None),
            ("Active and Terminated Employees", None),
            ("Terms 2026", Some(true)),
            ("Term'd", Some(true)),
            ("Ex-employees", Some(true)),
            ("Past staff", Some(true)),
            ("Ana Ruiz", None),
        ] {
            assert_eq!(heading(text), expected, "{text}");
        }
        for (text, expected) in [
            ("Terminated employees", true),
            ("Glow Medspa: Terminated Employees as of 11/28/2026", true),
            ("Status: Inactive", true),
            ("Employ\u{e9}s inactifs", true),
            ("Active and Terminated Employees", false),
            ("Include terminated: Yes", false),
            ("Terminated employees are not listed", false),
            ("Excluding terminated employees", false),
            ("Payroll register", false),
        ] {
            assert_eq!(is_title_of_leavers(text), expected, "{text}");
        }
    }
}
