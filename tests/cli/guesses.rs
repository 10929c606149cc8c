//! A code word that nobody may guess at: after five different wrong ones in a day, a plan says that it could not be compared (PBN-5).

use crate::support::Roster;

/// A time zone in which it is about noon, so that its day does not end during the test.
#[expect(clippy::disallowed_methods, reason = "the server counts by the day of this machine")]
fn zone_at_noon() -> String {
    let hour = jiff::Timestamp::now().as_second().div_euclid(3600).rem_euclid(24);
    // The names of these zones count westward.
    if hour < 12 { format!("Etc/GMT-{}", 12 - hour) } else { format!("Etc/GMT+{}", hour - 12) }
}

#[test]
fn after_five_wrong_code_words_in_a_day_every_plan_says_that_it_was_not_compared() {
    let mut roster = Roster::example("bright-dental");
    roster.edit("bright-dental.yaml", "time_zone: America/Denver", &format!("time_zone: {}\ncode_word: {{ env: WORD }}", zone_at_noon()));
    roster.set("WORD", "seven brown otters");
    roster.expect(0, &["apply", "--yes"]);
    let unknown = "the code word could not be compared: the server was asked for too many wrong ones today; plan again tomorrow";
    for word in ["wrong-word-1", "wrong-word-1", "wrong-word-2", "wrong-word-3", "wrong-word-4"] {
        roster.set("WORD", word);
        let said = roster.expect(2, &["plan", "--detailed-exitcode"]).stdout;
        assert!(said.contains("set code word") && !said.contains("could not be compared"), "{said}");
    }
    roster.set("WORD", "seven brown otters");
    roster.expect(0, &["plan", "--detailed-exitcode"]);
    roster.set("WORD", "wrong-word-5");
    roster.expect(2, &["plan", "--detailed-exitcode"]);
    for word in ["wrong-word-6", "seven brown otters"] {
        roster.set("WORD", word);
        let json: serde_json::Value = serde_json::from_str(&roster.expect(0, &["plan", "--format", "json"]).stdout).unwrap();
        assert!(json["workspaces"][0]["notices"].to_string().contains(unknown), "{word}: {json}");
        for format in ["text", "markdown"] {
            let said = roster.expect(0, &["plan", "--format", format, "--detailed-exitcode"]).stdout;
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains("could not be compared: the server was asked for too many wrong ones today"), "{word}: {said}");
            assert!(!said.contains("set code word"), "{word}: {said}");
        }
    }
}
