//! What the benchmarks share: the corpus, the clock, and the table.
//!
//! Times are the CPU time of one thread, the least of several rounds: so what else a machine does matters little.
//! All that is compared takes turns within each round. Trust the ratios, not the milliseconds.

mod corpus;
mod table;

pub use corpus::{Corpus, CorpusFile};
pub use table::{Measure, Table};
