//! The messages of the outbox as a page, for somebody at the server's own machine.

use std::path::Path;

use axum::http::StatusCode;
use axum::response::Response;

use crate::server::members::view::LetterView;
use crate::server::members::visit::Visit;
use crate::server::members::{answer, links};

/// So many messages are shown.
const MOST: usize = 50;

/// `GET /outbox`: only to somebody on this machine, since the messages contain links and codes.
pub(in crate::server::members) async fn show(visit: Visit) -> Response {
    // A server that says how it is reached from outside may have a proxy on this machine before it.
    let is_laptop = visit.server.settings.public_url.is_none();
    let Some(folder) = visit.server.settings.outbox.as_ref().filter(|_| visit.is_at_this_machine && is_laptop) else {
        return links::dead_page(&visit, &links::Found::Unknown);
    };
    let folder = folder.join(&visit.workspace.name);
    let mut page = visit.page("Outbox");
    page.lead.push("Messages arrive here as long as no mail server is set up. Only this machine sees this page.".to_owned());
    page.letters = tokio::task::spawn_blocking(move || letters(&folder)).await.unwrap_or_default();
    if page.letters.is_empty() {
        page.lead.push("No message has arrived yet.".to_owned());
    }
    answer::page(StatusCode::OK, &page)
}

/// The newest messages of a folder, newest first; the names of the files begin with their time.
fn letters(folder: &Path) -> Vec<LetterView> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = files.flatten().map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    paths.sort_unstable();
    let texts = paths.into_iter().rev().take(MOST).filter_map(|path| std::fs::read_to_string(path).ok());
    texts.map(|text| LetterView { link: link(&text).unwrap_or_default(), text }).collect()
}

/// The path of the link in a message.
fn link(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("http://") || line.starts_with("https://"))?;
    let url = url::Url::parse(line.trim()).ok()?;
    Some(url.path().to_owned())
}

#[cfg(test)]
mod tests {
    use super::link;

    #[test]
    fn the_link_of_a_message_is_a_path_of_this_server() {
        let text = "To: a@b.example\nSubject: x\n\nOpen this link:\n\nhttp://127.0.0.1:8080/glow/join/rinv_x\n\nBye\n";
        assert_eq!(link(text).as_deref(), Some("/glow/join/rinv_x"));
        assert_eq!(link("To: +1602\n\n123456 is your code.\n"), None);
    }
}
