//! The program as a person runs it: its output, its exit codes, its secrets, and Ctrl-C.

mod canaries;
mod commands;
mod interrupt;
mod support;
