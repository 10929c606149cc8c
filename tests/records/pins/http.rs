//! The answers of the server to every cell of the access matrix.

use std::fmt::Write as _;

use super::mask::Mask;
use super::record::{Case, Said, compare};
use crate::matrix::{self, Caller};

#[tokio::test]
async fn every_cell_of_the_access_matrix_is_answered_as_recorded() {
    let mask = Mask { paths: Vec::new(), given: String::new() };
    let mut cases: Vec<Case> = Vec::new();
    for cell in matrix::cells().await {
        let name = format!("{} {}", cell.template, cell.method);
        if cases.last().is_none_or(|case| case.name != name) {
            cases.push(Case { name, said: Vec::new() });
        }
        let what = match cell.caller {
            Caller::Unknown(who) => who.to_owned(),
            Caller::ReadOnly => "a reading token".to_owned(),
            Caller::Demoted => "a former admin".to_owned(),
            Caller::Admin => "the main admin".to_owned(),
        };
        let mut text = String::new();
        for (header, value) in &cell.answer.headers {
            if header != "date" && header != "content-length" {
                writeln!(text, "{header}: {}", value.to_str().unwrap_or("-")).expect("a string takes all");
            }
        }
        text.push_str(&serde_json::to_string_pretty(&cell.answer.body).expect("it can be written"));
        let said = Said { what, exit: i32::from(cell.answer.status), text: mask.apply(&text) };
        cases.last_mut().expect("pushed above").said.push(said);
    }
    compare("http", &cases);
}
