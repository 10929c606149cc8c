//! Recognizes how people try to take access away in words that the roster does not have, and says what to write. Following the advice must
//! never let a person in.

use strsim::osa_distance;

use crate::model::{BLOCKED, BlockReason, Status, StepValue};
use crate::yaml::NodeRef;

/// Says what to do about a state that needs no words.
pub(in crate::manifest) const ACTIVE_WITHOUT_STATE: &str = "remove it: an account without `state` is active";

/// The meaning of an unknown key or value for a person's access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::manifest) enum SaidAccess {
    /// The person no longer has one.
    Ended,
    /// It ends on a date.
    EndsOn,
    /// The account is blocked.
    Blocked,
    /// The account is not blocked.
    NotBlocked,
    /// The person was invited.
    Pending,
    /// The person has access.
    Works,
}

/// The document and the platform of an entry.
#[derive(Clone, Copy, Debug)]
pub(in crate::manifest) struct Here {
    /// Says whether the entry is in a start file, whose key is `state`.
    starts: bool,
    /// Says whether the platform has blocks.
    blocks: bool,
}

impl Here {
    /// Tells the document and the platform by the keys that an entry can have.
    pub(in crate::manifest) fn new(keys: &[&str]) -> Self {
        Self { starts: keys.contains(&"state") && !keys.contains(&StepValue::STATUS), blocks: keys.contains(&BLOCKED) }
    }

    /// Returns whether the entry is in a start file.
    pub(in crate::manifest) const fn is_start(self) -> bool {
        self.starts
    }
}

/// The meaning of a word, in a key or as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WordMeaning {
    Blocked,
    Ended,
    Pending,
    Works,
    State,
    No,
    Yes,
    Date,
}

/// Beginnings of words for access that ended; those with fewer than five letters are whole words.
const ENDED: &str = "absent archiv cancel close closed deactiv delet departed departing departs departure deprovision disabl dismiss drop end ended ends ex exclud exit expir fired \
    gone inactiv kicked lastday laidoff lastworkingday leave leaver leaves leaving left nonactiv notactive offboard quit remov \
    resign retire revok sacked terminat unactiv unemploy until withdraw withdrew former exited";

/// Beginnings of words for blocks.
const BLOCK_WORDS: &str = "ban banned barred block denied freez frozen lock locked lockout pause quarantin suspen";

/// Beginnings of words for access.
const WORKS: &str = "access activat active current employ enabl login logon present signin valid working works";

/// Beginnings of words for what a key with one of the others is about, if not the person's access: `license_expires`.
const OF_SOMETHING_ELSE: &str = "backup balance benefit birth budget certif credential dea document fund insur licen malpractice npi passport password \
    permit plan prescription registration room shift tax training visa warden";

const PENDING: &str = "pending invite unaccepted waiting";
const STATE: &str = "condition employment ensure standing state status";
const NO: [&str; 11] = ["", "0", "false", "n", "never", "no", "nobody", "none", "nothing", "null", "off"];
const YES: [&str; 6] = ["1", "full", "on", "true", "y", "yes"];
const NEGATIONS: &str = "no non not without";

/// Whole words in which a slip of one letter is recognized.
const OFTEN_MISTYPED: &str = "inactive active blocked deactivated deleted disabled dismissed enabled locked suspended terminated";

/// The words of a key or a value in lower case: `isActive` and `is_active` have two.
fn tokens(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in text.chars().take(64) {
        if !character.is_alphanumeric() || (character.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = character.is_lowercase();
        if let (true, Some(word)) = (character.is_alphanumeric(), words.last_mut()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Returns whether a word begins with one of these; a short one must be the whole word.
fn is_one_of(word: &str, beginnings: &str) -> bool {
    beginnings.split_whitespace().any(|beginning| if beginning.len() < 5 { word == beginning } else { word.starts_with(beginning) })
}

fn meaning(text: &str) -> Option<WordMeaning> {
    let text = text.trim();
    let is_of_date = |byte: u8| byte.is_ascii_digit() || b"-/.:TZ+ ".contains(&byte);
    if text.len() > 5 && text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['-', '/', '.']) && text.bytes().all(is_of_date) {
        return Some(WordMeaning::Date);
    }
    let mut words = tokens(text);
    let whole = words.concat();
    for (list, means) in [(NO.as_slice(), WordMeaning::No), (YES.as_slice(), WordMeaning::Yes)] {
        if list.contains(&whole.as_str()) {
            return Some(means);
        }
    }
    let is_negated = words.iter().any(|word| NEGATIONS.split_whitespace().any(|no| no == word));
    words.extend(whole.strip_prefix("is").map(str::to_owned));
    words.push(whole);
    let corrected = |word: &String| OFTEN_MISTYPED.split_whitespace().find(|right| word.len() > 4 && osa_distance(word, right) == 1);
    let corrections: Vec<String> = words.iter().filter_map(corrected).map(str::to_owned).collect();
    let has = |list: &str| words.iter().any(|word| is_one_of(word, list));
    let is_slip_of = |list: &str| corrections.iter().any(|word| is_one_of(word, list));
    let lists: [(&str, WordMeaning); 5] = [
        (BLOCK_WORDS, WordMeaning::Blocked),
        (ENDED, WordMeaning::Ended),
        (STATE, WordMeaning::State),
        (PENDING, WordMeaning::Pending),
        (WORKS, WordMeaning::Works),
    ];
    let exact = lists.iter().find(|(list, _)| has(list));
    let (_, means) = exact.or_else(|| lists.iter().find(|(list, _)| is_slip_of(list)))?;
    Some(if is_negated && *means == WordMeaning::Works { WordMeaning::Ended } else { *means })
}

/// Returns what a key that a user does not have says about the person's access, with its value.
pub(in crate::manifest) fn access(key: &str, value: NodeRef<'_>) -> Option<SaidAccess> {
    let of_value = if value.is_scalar() { meaning(value.text()) } else { None };
    let is_no = of_value == Some(WordMeaning::No);
    if tokens(key).iter().any(|word| is_one_of(word, OF_SOMETHING_ELSE)) {
        return None;
    }
    match meaning(key)? {
        // A line that nobody finished must not read as the opposite of its key.
        WordMeaning::Blocked if !value.is_null() && is_no => Some(SaidAccess::NotBlocked),
        WordMeaning::Blocked => Some(SaidAccess::Blocked),
        WordMeaning::Ended if !value.is_null() && is_no => Some(SaidAccess::Works),
        WordMeaning::Ended if of_value == Some(WordMeaning::Date) => Some(SaidAccess::EndsOn),
        WordMeaning::Ended => Some(SaidAccess::Ended),
        WordMeaning::Works | WordMeaning::State if value.entries().any(|(key, _)| meaning(key.text()) == Some(WordMeaning::Ended)) => {
            Some(SaidAccess::EndsOn)
        }
        WordMeaning::Works | WordMeaning::State if of_value == Some(WordMeaning::Date) => None,
        WordMeaning::Works | WordMeaning::State if is_no => Some(SaidAccess::Ended),
        WordMeaning::Works | WordMeaning::State => access_in(value.text()),
        WordMeaning::Pending | WordMeaning::No | WordMeaning::Yes | WordMeaning::Date => None,
    }
}

/// Returns what a value says about a person's access, where a word for it belongs: the value of `status`, or of a role.
pub(in crate::manifest) fn access_in(value: &str) -> Option<SaidAccess> {
    let access = of_word(meaning(value)?)?;
    // Of several words, one that was not understood may say the opposite: `previously active`.
    (access.is_taken() || tokens(value).len() == 1).then_some(access)
}

/// Returns whether a value says in words, or by a `false` that somebody wrote, that the person has left or is blocked. A date, or nothing at all,
/// says that only behind a key that means it.
pub(in crate::manifest) fn says_ended(value: NodeRef<'_>) -> bool {
    match meaning(value.text()) {
        Some(WordMeaning::Ended | WordMeaning::Blocked) => true,
        Some(WordMeaning::No) => !value.is_null(),
        Some(WordMeaning::Pending | WordMeaning::Works | WordMeaning::State | WordMeaning::Yes | WordMeaning::Date) | None => false,
    }
}

fn of_word(means: WordMeaning) -> Option<SaidAccess> {
    match means {
        WordMeaning::Blocked => Some(SaidAccess::Blocked),
        WordMeaning::Ended | WordMeaning::No => Some(SaidAccess::Ended),
        WordMeaning::Date => Some(SaidAccess::EndsOn),
        WordMeaning::Pending => Some(SaidAccess::Pending),
        WordMeaning::Works | WordMeaning::Yes => Some(SaidAccess::Works),
        WordMeaning::State => None,
    }
}

impl SaidAccess {
    /// Returns whether it takes something away.
    pub(in crate::manifest) const fn is_taken(self) -> bool {
        match self {
            Self::Ended | Self::EndsOn | Self::Blocked => true,
            Self::NotBlocked | Self::Pending | Self::Works => false,
        }
    }

    /// Returns whether it says that the person has access.
    pub(in crate::manifest) const fn works(self) -> bool {
        match self {
            Self::Works => true,
            Self::Ended | Self::EndsOn | Self::Blocked | Self::NotBlocked | Self::Pending => false,
        }
    }

    /// The `status` that says the same.
    pub(in crate::manifest) const fn status(self) -> Option<Status> {
        match self {
            Self::Ended => Some(Status::Inactive),
            Self::Works => Some(Status::Active),
            Self::EndsOn | Self::Blocked | Self::NotBlocked | Self::Pending => None,
        }
    }

    /// Says what to write for it.
    pub(in crate::manifest) fn advice(self, here: Here) -> String {
        let inactive = inactive(here);
        match self {
            Self::Blocked if here.blocks => format!("{}; if this person has left, write `{inactive}`", block()),
            Self::Ended | Self::Blocked => format!("to take this person's access away, write `{inactive}`"),
            Self::EndsOn => format!("access does not end on a date by itself: write `{inactive}` as soon as this person has left"),
            Self::NotBlocked if here.blocks && !here.starts => "remove it; to lift a block, write `blocked: false`".to_owned(),
            Self::NotBlocked => "remove it: the account is not blocked".to_owned(),
            Self::Pending if here.starts => "write `state: pending`".to_owned(),
            Self::Pending => "remove it: a user without an account is invited, and pending until they accept".to_owned(),
            Self::Works if here.starts => ACTIVE_WITHOUT_STATE.to_owned(),
            Self::Works => "remove it: a user without `status` is active".to_owned(),
        }
    }
}

/// The key and the value of an account that was inactivated.
pub(in crate::manifest) const fn inactive(here: Here) -> &'static str {
    if here.starts { "state: inactive" } else { "status: inactive" }
}

/// Says how to write a block.
pub(in crate::manifest) fn block() -> String {
    let reasons: Vec<&str> = BlockReason::ALL.iter().map(|reason| reason.as_str()).collect();
    let first = reasons.first().copied().unwrap_or_default();
    format!("write `blocked: {{ reason: {first} }}`; the reasons are {}; `other` requires a `note`", reasons.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(key: &str, value: &str) -> Option<SaidAccess> {
        let text = format!("{key}: {value}\n");
        let mut sink = crate::yaml::Sink::default();
        let tree = crate::yaml::tree(text.as_bytes(), &mut sink).unwrap();
        let (key, value) = tree.root().unwrap().entries().next().unwrap();
        access(key.text(), value)
    }

    #[test]
    fn every_way_to_say_that_somebody_left_is_understood() {
        for entry in "active: false | active: no | isActive: false | is_active: 0 | enabled: false | account_enabled: off | \
             disabled: true | account-disabled: yes | inactive: true | inactve: true | left: true | has_left: yes | \
             leaver: true | terminated: true | fired: true | dismissed: true | resigned: yes | retired: true | \
             deleted: true | removed: true | revoked: true | access: none | access: false | access: null | access: ~ | \
             access_revoked: true | no_access: true | login: disabled | can_login: false | employed: false | \
             employment_status: terminated | state: inactive | state: absent | ensure: absent | state: deactivated | \
             state: left | Status: off | user_status: former | offboarded: true | archived: true | gone: true | \
             expired: true | departed: true | deactivate: true | not_active: true | former_employee: true | \
             remove: true | end: now"
            .split(" | ")
        {
            let (key, value) = entry.split_once(": ").unwrap();
            assert_eq!(said(key, value), Some(SaidAccess::Ended), "{entry}");
        }
        for entry in "left: 2026-11-01 | until: 2026-11-30 | end_date: 2026-11-30 | last_day: 2026-11-30 | expires: 2026/11/30 | \
             terminationDate: 2026-11-30 | employed: { until: 2026-11-30 } | left_on: 11/30/2026"
            .split(" | ")
        {
            let (key, value) = entry.split_once(": ").unwrap();
            assert_eq!(said(key, value), Some(SaidAccess::EndsOn), "{entry}");
        }
        for entry in "block: { reason: other } | block: true | locked: true | suspended: yes | state: blocked | \
             state: suspended | banned: true | access: blocked | on_lock: 1"
            .split(" | ")
        {
            let (key, value) = entry.split_once(": ").unwrap();
            assert_eq!(said(key, value), Some(SaidAccess::Blocked), "{entry}");
        }
    }

    #[test]
    fn a_key_that_takes_nothing_away_is_not_taken_for_an_end_of_access() {
        for entry in
            "active: true | enabled: yes | disabled: false | inactive: no | left: false | state: active | access: full".split(" | ")
        {
            let (key, value) = entry.split_once(": ").unwrap();
            assert_eq!(said(key, value), Some(SaidAccess::Works), "{entry}");
        }
        for entry in "department: ER | department: none | departments: [front] | license_expires: 2027-05-01 | retirement_plan: 401k | \
             leave_balance: 12 | certification_expiry: 2027-01-01 | closing_shift: true | end_of_shift: 17:00 | deletes_backups: true | \
             emergency_exit_warden: true | passwordExpires: 2027-01-01"
            .split(" | ")
        {
            let (key, value) = entry.split_once(": ").unwrap();
            assert_eq!(said(key, value), None, "{entry}");
        }
        for entry in "locale: en | state: AZ | clinic: downtown | login: bo@glow.example | access_level: admin | \
             employee_id: 12 | notes: left knee | title: MD | last: Lee | employed: 2024-01-01 | accepted: false"
            .split(" | ")
        {
            let (key, value) = entry.split_once(": ").unwrap();
            assert_eq!(said(key, value), None, "{entry}");
        }
        assert_eq!((said("locked", "false"), said("state", "pending")), (Some(SaidAccess::NotBlocked), Some(SaidAccess::Pending)));
    }
}
