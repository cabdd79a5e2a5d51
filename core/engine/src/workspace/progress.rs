//! How far long work is.

/// What the engine is doing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Stage {
    /// Looking at files, and lowering those that are new.
    Load,
    /// Resolving what definitions refer to.
    Resolve,
}

/// Is told how far long work is. Called from many threads.
pub trait Progress: Sync {
    /// Work on that many things begins.
    fn begin(&self, stage: Stage, total: usize);

    /// One more is done.
    fn advance(&self);
}

/// Nobody wants to know.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _: Stage, _: usize) {}

    fn advance(&self) {}
}
