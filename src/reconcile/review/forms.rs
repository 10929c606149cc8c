//! First names that may be forms of one name: a payroll has the legal one, and a product the one that people use.

/// First names that people use for each other, in lower case without accents. A name can be in several lines.
const FORMS: &str = "\
abigail abby gail
albert al bert
alexander alexandra alexandre alex lex sandy sasha xander
alfred al fred
allison alison ali
andrea andy drea
andrew andre andy drew
anna anne ann annie
anthony tony
antoine tony
arthur art
barbara barb babs
benjamin ben benny
bernadette bernie
bernard bernie
beverly bev
bradley brad
caroline carolyn carol carrie
catherine katherine kathryn katharine cathy kathy kate katie kat cat kit
charles charlie chuck
charlotte charlie lottie
christina christine kristina kristine chris tina christy kris
christopher chris topher kit
cynthia cindy
daniel dan danny
daniela danielle dani
david dave
deborah debra deb debbie
dennis denny
dominic dom nick
donald don donny
dorothy dot dottie
douglas doug
edward ed eddie ted ned
eleanor ellie nora
elizabeth elisabeth liz lizzie beth betty eliza lisa libby
emily em emmy
eugene gene
evelyn eve evie
francis francisco frank fran
frances fran francie
franklin frank
frederick fred freddie
gabriel gabriela gabrielle gabe gabby
geoffrey jeffrey jeff geoff
gerald jerry gerry
gregory greg
guillaume will
gwendolyn gwen
harold harry hal
henry hank harry
isabella isabel bella izzy
jacob jake
jacqueline jackie
james jim jimmy jamie
janet jan
jason jay
jean john
jeanne jenny
jennifer jen jenn jenny
jessica jess jessie
john johnny jon jack
jonathan jon jonny nathan
joseph jose joe joey pepe
joshua josh
judith judy
kenneth ken kenny
kimberly kimberley kim
larry lawrence laurence
leonard leo len lenny
leslie les
lillian lilly lily
louis louise lou
lucille lucy
madeline maddie
margaret maggie meg peggy marge margo greta
marguerite rita
mathieu matthew matt
maximilian max
megan meg
melissa missy mel
melanie mel
michael mike mick mickey
michelle shelly
mohammed mohamed muhammad mo
nancy nan
natalie nat
nathaniel nathan nate nat
nicholas nicolas nick nico
nicole nicki nikki
olivia liv livvy
pamela pam
patricia pat patty trish tricia
patrick pat paddy
peter pete
philip phillip phil
priscilla cilla
rachel rach
raymond ray
rebecca becky becca
richard rick rich dick ricky
robert rob bob bobby robbie bert
roberta bobbie
ronald ron ronny
rosemary rose rosie
russell russ
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sara sally
stephanie steph
stephen steven steve
susan suzanne sue suzie
sylvia syl
teresa theresa terry tess tessa
theodore ted teddy theo
thomas tom tommy
timothy tim
valerie val
veronica ronnie vera
victor vic
victoria vicky tori
vincent vince vinny
virginia ginny
walter walt
wendell wendy
wesley wes
william will bill billy liam
zachary zach zack";

/// Returns whether two different first names may be forms of one: a short one, an initial, or one of several names.
pub(super) fn may_be_one(one: &str, other: &str) -> bool {
    let first_word = |name: &str| name.split([' ', '-', '.']).next().unwrap_or_default().to_owned();
    let (a, b) = (first_word(one), first_word(other));
    if one == other || a.is_empty() || b.is_empty() {
        return false;
    }
    let (short, long) = if a.chars().count() <= b.chars().count() { (&a, &b) } else { (&b, &a) };
    // Two letters begin too many names.
    let is_beginning = long.starts_with(short.as_str()) && short.chars().count() != 2;
    let has_both = |line: &str| line.split(' ').any(|name| name == a) && line.split(' ').any(|name| name == b);
    is_beginning || are_initials(one, other) || are_initials(other, one) || FORMS.lines().any(has_both)
}

/// Returns whether a first name has the initials of several others: MJ of Mary Jane.
fn are_initials(short: &str, long: &str) -> bool {
    let initials: String = long.split([' ', '-', '.']).filter_map(|word| word.chars().next()).collect();
    let letters: String = short.chars().filter(|c| c.is_alphanumeric()).collect();
    initials.chars().count() > 1 && letters == initials
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_initials_and_second_names_may_be_one_name() {
        for (one, other) in [
            ("robert", "bob"),
            ("kim", "kimberly"),
            ("benjamin", "ben"),
            ("thomas", "tom"),
            ("j", "john"),
            ("mary", "mary ann"),
            ("jean-luc", "jean"),
            ("william", "liam"),
            ("mj", "mary jane"),
            ("m.j.", "mary-jane"),
        ] {
            assert!(may_be_one(one, other) && may_be_one(other, one), "{one} {other}");
        }
        for (one, other) in [("ana", "ana"), ("anna", "kim"), ("jo", "john"), ("", "ana"), ("eva", "ava")] {
            assert!(!may_be_one(one, other), "{one} {other}");
        }
    }
}
