//! The meanings of the headers of payrolls, in English and French.

use crate::list::words::{squash, without_brackets, without_parentheses};
use crate::platform::without_accents;

/// A column that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum StaffColumn {
    /// Addresses, of which a payroll can have several columns.
    Email,
    /// User names, likewise.
    UserName,
    /// The number of the employee, which tells which rows are one person's.
    Number,
    /// First and last name in one column.
    Name,
    /// The last name beside a first name, and otherwise the whole name.
    NameOrLast,
    /// The first name.
    First,
    /// The first name that the person goes by.
    OtherFirst,
    /// The last name.
    Last,
    /// An earlier last name.
    OtherLast,
    /// A word that says whether the person has left.
    Status,
    /// The same, if all of its words are about that: payrolls have states of other things, too.
    OtherStatus,
    /// Yes for people who have left.
    Gone,
    /// The last day.
    End,
    /// The last day of work, as time clocks have it, perhaps of everybody.
    LastWorked,
    /// The day on which somebody came back.
    Rehired,
    /// The first day.
    Start,
}

impl StaffColumn {
    /// Returns whether a column tells who somebody is.
    pub(super) const fn is_of_somebody(self) -> bool {
        self.is_name() || self.is_login()
    }

    /// Returns whether a column has names, or parts of them.
    pub(super) const fn is_name(self) -> bool {
        match self {
            Self::Name | Self::NameOrLast | Self::First | Self::OtherFirst | Self::Last | Self::OtherLast => true,
            Self::Email
            | Self::UserName
            | Self::Number
            | Self::Status
            | Self::OtherStatus
            | Self::Gone
            | Self::End
            | Self::LastWorked
            | Self::Rehired
            | Self::Start => false,
        }
    }

    /// Returns whether people can be recognized by a column.
    pub(super) const fn is_login(self) -> bool {
        match self {
            Self::Email | Self::UserName => true,
            Self::Number
            | Self::Name
            | Self::NameOrLast
            | Self::First
            | Self::OtherFirst
            | Self::Last
            | Self::OtherLast
            | Self::Rehired
            | Self::Start
            | Self::Status
            | Self::OtherStatus
            | Self::Gone
            | Self::End
            | Self::LastWorked => false,
        }
    }
}

/// Headers by meaning, without anything but letters and digits.
#[rustfmt::skip]
const HEADERS: [(StaffColumn, &str); 15] = [
    (StaffColumn::Email, "mail emails emailaddresses userprincipalname upn primaryemailaddress emailid adresseelectronique courriels"),
    (StaffColumn::UserName, "login loginname loginid userid usernames networkid logins userlogin systemlogin nomdutilisateur nomutilisateur identifiant"),
    (StaffColumn::Number, "employeeid employeenumber employeeno employeenum employeecode empid empno empnumber empnum associateid filenumber payrollnumber payrollid workerid \
        workernumber personid personnumber personnelnumber personnelno staffid staffnumber clockno badgenumber matricule numerodemploye noemploye numemploye"),
    (StaffColumn::Name, "name fullname legalname displayname employee employeename payrollname staffmember member person worker workername teammember staffname lastfirst \
        lastnamefirstname lastnamefirst firstlast nomcomplet nometprenom nomprenom prenometnom prenomnom employe nomdelemploye nomemploye"),
    (StaffColumn::NameOrLast, "nom"),
    (StaffColumn::First, "firstname first givenname legalfirstname forename employeefirstname prenom prenoms"),
    (StaffColumn::OtherFirst, "preferredfirstname preferredname preferred nickname knownas goesby commonname prenomusuel prenomprefere surnom"),
    (StaffColumn::Last, "lastname last surname familyname legallastname employeelastname nomdefamille"),
    (StaffColumn::OtherLast, "maidenname maiden birthname formername formerlastname previousname previouslastname priorlastname otherlastname preferredlastname nomdejeunefille \
        nomdenaissance anciennom"),
    (StaffColumn::Status, "status employmentstatus positionstatus employeestatus jobstatus workerstatus workstatus payrollstatus personnelstatus hrstatus active isactive \
        activeflag employed isemployed activeemployee currentlyemployed iscurrentlyemployed stillemployed enabled isenabled statut statutdemploi statutemploi \
        etat actif"),
    (StaffColumn::Gone, "terminated isterminated inactive isinactive left hasleft leaver isleaver former separated termed nolongeremployed archived isarchived deactivated \
        isdeactivated deleted isdeleted dismissed resigned hasresigned inactiveflag terminatedflag inactif parti archive"),
    (StaffColumn::Rehired, "rehiredate rehired rehiredon daterehired dateofrehire hirerehiredate lasthiredate mostrecenthiredate latesthiredate datedereembauche"),
    (StaffColumn::Start, "hiredate startdate dateofhire datehired hiredon startedon startson employmentstart employmentstartdate dateofemployment firstday firstdayofwork \
        originalhiredate joindate joiningdate datejoined dateofjoining datedembauche dateembauche datedebut datededebut datedentree premierjour"),
    (StaffColumn::End, "enddate end ends terminationdate termdate dateterminated terminatedon termination lastday lastdayofwork lastworkingday leavingdate leavedate \
        leaverdate dateleft dateofleaving leftdate lefton separationdate dateseparated exitdate employmentend employmentenddate contractend \
        contractenddate until employeduntil departuredate inactivedate dateinactive dateofseparation dateoftermination dateresigned resignationdate \
        releasedate datedefin datefin finducontrat datededepart datedepart departle datedefindemploi datefinemploi finemploi datedecessation \
        datedeterminaison dernierjour dernierjourdetravail"),
    (StaffColumn::LastWorked, "lastworkdate dernierjourtravaille"),
];

/// Words of headers of columns about somebody else.
const OF_OTHERS: &str = "manager managers supervisor supervisors superior reports boss lead leader coach mentor approver approvers \
    emergency spouse partner dependent dependents dependant beneficiary guardian parent mother father kin recruiter sponsor referrer referred \
    referral assistant delegate backup superviseur superviseure gestionnaire responsable urgence conjoint conjointe patron";

/// Words of which headers of somebody's own addresses are made, without spaces. Addresses under other headers can be anybody's.
const OF_ADDRESSES: &str = "emailaddresses emailaddress emails email mail addresses address courriels courriel adresses adresse electronique work business company \
    corporate professional personal private home primary secondary main alternate alternative other additional second preferred employee emp \
    staff worker member login contact internal google microsoft workspace outlook gmail account user id my travail professionnelle \
    professionnel personnelle personnel perso prive principale principal secondaire domicile autre employe de du d l";

/// Words of which headers of the state of employment are made, without spaces.
const OF_STATES: &str = "status statut code codes description desc name employees employee employment employes employe emploi empl emp workers worker \
    staff job position personnel hr work payroll current associate person active of the de du d l";

/// Words of which headers of the last day are made, without spaces; a part about leaving is among them.
const OF_ENDS: &str = "dates date days day of the on in last final actual effective employment employed employee emp work working worked company \
    terminations termination terminated terminate term separation separated separate resignation resigned retirement retired dismissal dismissed \
    discharge discharged ended ends end exit departure departed leaving leaver offboarding offboarded offboard stop release released layoff \
    inactivation inactivated deactivation deactivated archived archive quit";

/// Parts of headers about leaving.
const LEAVING: &str = "terminat separat resign retire dismiss discharg offboard inactiv deactiv archiv disabled departure departed datedepart datededepart \
    layoff laidoff lastworked lastday finalday lastdate stopdate enddate dateend endof cessation finemploi datefin datedefin";

/// Parts of headers about the first and the last day.
const BOTH_DAYS: &str = "employmentdates datesofemployment datesemployed servicedates";

/// Whole words of such headers, which are parts of other words.
const LEAVING_WORDS: &str = "exit end ended quit term termed former leaver leaving left stop";

/// Words of headers about the ends of other things, and about why somebody left.
const OF_OTHER_ENDS: &str = "pay weekend period periods week check time benefit benefits coverage insurance plan policy license licence probation introductory \
    trial review raise salary pto accrual vacation leave loa absence fiscal year quarter waiting eligibility visa permit certification training \
    shift tax loan garnishment deduction savings contribution pension 401k fund account interview login";

/// Words of headers about another life than that with this employer.
const OF_OTHER_LIVES: &str = "military veteran army navy marines reserve hospital patient school";

/// Words in parentheses behind a header about the end of something else.
const OF_OTHER_SECTIONS: &str = "benefit benefits coverage insurance plan policy license licence probation trial visa permit certification training \
    lease loan tax leave loa absence assignment project position cobra housing";

/// Words of headers of free texts, which can say anything.
const OF_TEXTS: &str = "note notes comment comments remark remarks memo memos tag tags label labels keyword keywords description details bio \
    text message messages commentaire commentaires remarque remarques etiquette etiquettes";

/// Words of headers of states that are not about employment.
const OF_OTHER_STATES: &str = "account union pay benefit benefits insurance license licence filing tax marital visa vaccination flsa exempt w4 \
    i9 direct deposit background review approval training certification compte syndicat fiscal civil \
    disability disabilities citizenship relationship residency student smoker immunization immunisation handedness parking vehicle equipment";

/// The most characters of a header whose words are looked at.
const LONGEST_HEADER: usize = 60;

/// Returns what a header means; `None` if the column is not kept.
///
/// Reports put the section before a header, or behind it in parentheses: `Work Contact: Work Email (Personal Profile)`.
pub(super) fn meaning(header: &str) -> Option<StaffColumn> {
    let header = without_accents(header);
    if has_word(&header, OF_OTHERS) || has_word(&header, OF_OTHER_LIVES) {
        return None;
    }
    let alone = without_brackets(&without_parentheses(&header));
    let behind_section = alone.rsplit_once(':').map_or(alone.as_str(), |(_, behind)| behind);
    let meant = [header.as_str(), alone.as_str(), behind_section].into_iter().find_map(of_header)?;
    let is_end = [StaffColumn::End, StaffColumn::LastWorked].contains(&meant);
    let is_of_other = has_word(&header, OF_OTHER_SECTIONS) && !has_word(&alone, OF_OTHER_SECTIONS);
    (!is_end || !is_of_other).then_some(meant)
}

fn of_header(header: &str) -> Option<StaffColumn> {
    let word = squash(header);
    let is_number = header.contains(['#', '№', '°']);
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let known = HEADERS.iter().find(|(_, words)| words.split_whitespace().any(|known| known == word)).map(|(column, _)| *column);
    if is_number {
        let of_person = "employee emp payroll staff worker associate file person employe";
        let is_of_person = bare.is_empty() || of_person.split_whitespace().any(|known| known == bare);
        return is_of_person.then_some(StaffColumn::Number);
    }
    if known.is_some() || bare.len() > LONGEST_HEADER {
        return known;
    }
    let has = |parts: &[&str]| parts.iter().any(|part| bare.contains(part));
    if has(&["email", "courriel"]) && is_made_of(bare, OF_ADDRESSES) {
        Some(StaffColumn::Email)
    } else if is_of_login(header, bare) {
        Some(StaffColumn::UserName)
    } else if has(&["status", "statut"]) && is_made_of(bare, OF_STATES) {
        Some(StaffColumn::Status)
    } else if (bare.ends_with("status") || bare.starts_with("statut")) && !has_word(header, OF_OTHER_STATES) {
        Some(StaffColumn::OtherStatus)
    } else {
        // The end of employment, and not that of a job, after which people can have another one.
        let is_day = has(&["date", "day", "worked"]) || (bare.contains("employment") && !bare.ends_with("ed"));
        let is_leaving = has_part(bare, LEAVING) || has_part(bare, LEAVING_WORDS);
        let is_end = is_day && is_leaving && is_made_of(bare, OF_ENDS);
        let meant = if bare.contains("last") && bare.contains("worked") { StaffColumn::LastWorked } else { StaffColumn::End };
        is_end.then_some(meant)
    }
}

/// Returns whether a header names the login of a product: `Dentrix Ascend User ID`. A last login is a day.
fn is_of_login(header: &str, bare: &str) -> bool {
    let ends = ["username", "userid", "loginname", "loginid", "login"].iter().any(|end| bare.ends_with(end));
    ends && !has_word(header, "last first previous next by date failed")
}

/// Returns the product whose user names a header names, such as `Dentrix Ascend` in `Dentrix Ascend user name`; `None` if it names none.
pub(super) fn product(header: &str) -> Option<String> {
    const OF_LOGINS: &str = "user username userid users name names id login loginname loginid logins network system the of for in";
    let plain = without_accents(header).to_lowercase();
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let own = words.filter(|word| !OF_LOGINS.split_whitespace().any(|known| known == *word));
    let product: String = own.flat_map(str::chars).collect();
    (!product.is_empty()).then_some(product)
}

/// The likely topic of a header that is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderTopic {
    /// Leaving.
    Leaving,
    /// Being there: no says that somebody has left.
    Being,
    /// Another person, or the state of something else.
    Other,
    /// Anything.
    Any,
}

/// Returns what a header that is not understood seems to be about.
pub(super) fn topic(header: &str) -> HeaderTopic {
    let plain = without_accents(header);
    let word = squash(&plain);
    let alone = without_brackets(&without_parentheses(&plain));
    if has_part(&word, "finalpay finalcheck") {
        HeaderTopic::Leaving
    } else if has_word(&plain, OF_OTHERS) || has_word(&plain, OF_OTHER_LIVES) || has_word(&alone, OF_OTHER_STATES) {
        HeaderTopic::Other
    } else if (has_part(&word, LEAVING) || has_part(&word, BOTH_DAYS) || has_word(&plain, LEAVING_WORDS))
        && !has_word(&alone, OF_OTHER_ENDS)
    {
        HeaderTopic::Leaving
    } else if has_word(&plain, "active employed actif enabled current") && !has_word(&plain, OF_OTHER_ENDS) {
        HeaderTopic::Being
    } else {
        HeaderTopic::Any
    }
}

/// Returns whether a header is that of a free text, whose first words can be anything.
pub(super) fn is_free_text(header: &str) -> bool {
    has_word(&without_accents(header), OF_TEXTS)
}

/// Returns whether a header seems to be about a state of somebody.
pub(super) fn is_status(header: &str) -> bool {
    let word = squash(&without_accents(header));
    has_part(&word, "status statut")
}

/// Returns whether one of some parts of words is in a header that has nothing but letters and digits.
fn has_part(bare: &str, parts: &str) -> bool {
    parts.split_whitespace().any(|part| bare.contains(part))
}

/// Returns whether one of some words is in a header.
fn has_word(header: &str, words: &str) -> bool {
    let own = header.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    own.map(squash).any(|own| words.split_whitespace().any(|word| word == own))
}

/// Returns whether a header without spaces consists of some words.
fn is_made_of(header: &str, words: &str) -> bool {
    let rest = words.split_whitespace().filter_map(|word| header.strip_prefix(word));
    header.is_empty() || rest.into_iter().any(|rest| is_made_of(rest, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_mean_the_same_with_their_section_and_in_french() {
        for (header, expected) in [
            ("Work Contact: Work Email (Personal Profile)", Some(StaffColumn::Email)),
            ("Personal Contact: Personal Email", Some(StaffColumn::Email)),
            ("Termination Date (Employment Profile)", Some(StaffColumn::End)),
            ("* Last\u{a0}Name", Some(StaffColumn::Last)),
            ("Employee #", Some(StaffColumn::Number)),
            ("Emp. No.", Some(StaffColumn::Number)),
            ("Employee", Some(StaffColumn::Name)),
            ("Courriel", Some(StaffColumn::Email)),
            ("Adresse courriel (travail)", Some(StaffColumn::Email)),
            ("Prénom", Some(StaffColumn::First)),
            ("Statut d’emploi", Some(StaffColumn::Status)),
            ("Date de fin d'emploi", Some(StaffColumn::End)),
            ("Associate Status", Some(StaffColumn::Status)),
            ("Shift Status", Some(StaffColumn::OtherStatus)),
            ("Payroll Status", Some(StaffColumn::Status)),
            ("Inactive", Some(StaffColumn::Gone)),
            ("Hire Date", Some(StaffColumn::Start)),
            ("Hire/Rehire Date", Some(StaffColumn::Rehired)),
            ("Most Recent Hire Date", Some(StaffColumn::Rehired)),
            ("Phone #", None),
            ("Company #", None),
            ("WorkEmail", Some(StaffColumn::Email)),
            ("Email - Primary Work", Some(StaffColumn::Email)),
            ("Private e-mail 2", Some(StaffColumn::Email)),
            ("Courriel professionnel", Some(StaffColumn::Email)),
            ("Manager Email", None),
            ("Reports To: Work Email", None),
            ("Emergency Contact Email", None),
            ("Supervisor: Last Name", None),
            ("Clinic Email", None),
            ("Courriel du superviseur", None),
            ("Account Status", None),
            ("Emp Status", Some(StaffColumn::Status)),
            ("Employee Status Description", Some(StaffColumn::Status)),
            ("EmployeeStatusCode", Some(StaffColumn::Status)),
            ("Currently Employed", Some(StaffColumn::Status)),
            ("Archived", Some(StaffColumn::Gone)),
            ("Terminated Date", Some(StaffColumn::End)),
            ("Termination Effective Date", Some(StaffColumn::End)),
            ("Last Worked", Some(StaffColumn::LastWorked)),
            ("Last Day Worked", Some(StaffColumn::LastWorked)),
            ("Discharge Date", Some(StaffColumn::End)),
            ("Discharge Date (Military)", None),
            ("Military Separation Date", None),
            ("Termination Date (Benefits)", None),
            ("Veteran Status", None),
            ("End of Employment", Some(StaffColumn::End)),
            ("Employment End", Some(StaffColumn::End)),
            ("Retirement Date", Some(StaffColumn::End)),
            ("Stop Date", Some(StaffColumn::End)),
            ("Date of Offboarding", Some(StaffColumn::End)),
            ("Position End Date", None),
            ("Pay Period End Date", None),
            ("Status Date", None),
            ("Retirement Plan", None),
            ("Leave End Date", None),
            ("Dentrix Ascend User ID", Some(StaffColumn::UserName)),
            ("Open Dental Login", Some(StaffColumn::UserName)),
            ("Last Login", None),
            ("Marital Status", None),
        ] {
            assert_eq!(meaning(header), expected, "{header}");
        }
    }
    #[test]
    fn a_header_that_is_not_understood_has_a_topic() {
        for (header, expected) in [
            ("Termination Reason", HeaderTopic::Leaving),
            ("Position End Date", HeaderTopic::Leaving),
            ("Disabled", HeaderTopic::Leaving),
            ("Active in system", HeaderTopic::Being),
            ("Period End Date", HeaderTopic::Any),
            ("Department", HeaderTopic::Any),
            ("Equity", HeaderTopic::Any),
            ("Date of exit", HeaderTopic::Leaving),
            ("401k retirement fund", HeaderTopic::Any),
            ("State", HeaderTopic::Any),
            ("Marital Status", HeaderTopic::Other),
            ("Discharge Date (Military)", HeaderTopic::Other),
            ("Termination Date (Benefits)", HeaderTopic::Leaving),
            ("Manager terminated", HeaderTopic::Other),
        ] {
            assert_eq!(topic(header), expected, "{header}");
        }
        for (header, expected) in [
            ("Dentrix Ascend user name", Some("dentrixascend")),
            ("Open Dental: User ID", Some("opendental")),
            ("User name", None),
            ("Login", None),
        ] {
            assert_eq!(product(header).as_deref(), expected, "{header}");
        }
    }
}
