//! People at a practice: what reaches them by mail and on their phones, and what they do on the pages.

mod pages;
mod post;
mod practice;
mod stories;
mod visitor;
