//! The largest list that is read: a workspace has some thousand users, so whatever is larger is hostile or another file.

/// Bytes in one file.
pub const FILE_BYTES: usize = 32 * 1024 * 1024;
/// Bytes in all files of one list: they are read together.
pub const FILES_BYTES: usize = 64 * 1024 * 1024;
/// Bytes of all parts of all workbooks of one list, unpacked.
pub const UNPACKED_BYTES: u64 = 128 * 1024 * 1024;
/// Cells in all files of one list.
pub const CELLS: usize = 1_000_000;
/// Rows in all files of one list.
pub const ROWS: usize = 100_000;
/// Tables and sheets in all files of one list.
pub const TABLES: usize = 1_000;
/// Class names and texts of icons in the cells of one page.
pub const MARKS: usize = 500_000;
/// Lines in one text.
pub const LINES: usize = 500_000;
/// Bytes in one line of a text.
pub const LINE_BYTES: usize = 1024 * 1024;
/// Columns in one table.
pub const COLUMNS: usize = 2_000;
/// Elements and texts in one page.
pub const NODES: usize = 500_000;
/// Elements inside each other in one page.
pub const DEPTH: usize = 256;
/// Bytes in one cell.
pub const CELL_BYTES: usize = 32 * 1024;
/// Bytes in the texts of all cells.
pub const TEXT_BYTES: usize = 24 * 1024 * 1024;
/// The most problems that are reported: the rest are counted.
pub const PROBLEMS: usize = 200;
