//! The program as a person runs it: its output, its exit codes, its secrets, Ctrl-C, and a server that stays up.

mod canaries;
mod commands;
mod interrupt;
mod serving;
mod support;
