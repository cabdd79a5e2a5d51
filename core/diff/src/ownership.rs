//! Whose a comment is.
//!
//! A comment at the end of a line belongs to the innermost definition of the code before it. Comments on lines of
//! their own directly above a definition belong to that definition. Any other comment belongs to the innermost
//! definition that it stands in by position, or, after the last statement of a definition, by its indentation.

use astkit_ast::Token;

/// A token and the definition that it is in.
#[derive(Clone, Copy)]
pub(crate) struct Owned {
    pub(crate) token: Token,
    pub(crate) owner: usize,
}

/// What is known about the definitions of a file.
pub(crate) struct Enclosing<'a> {
    /// The enclosing definition of each.
    pub(crate) parents: &'a [Option<usize>],
    /// The column of each one's first token.
    pub(crate) columns: &'a [u32],
}

/// A comment between two tokens.
#[derive(Clone, Copy)]
pub(crate) struct Between {
    pub(crate) token: Token,
    /// Whether nothing stands before it on its line.
    pub(crate) own_line: bool,
    /// Newlines between its end and what follows: the next comment or token.
    pub(crate) newlines_after: usize,
}

impl Enclosing<'_> {
    /// The owner of each comment between two tokens; `opens` is the definition whose first token is `next`.
    pub(crate) fn owners(
        &self,
        previous: Option<Owned>,
        next: Option<Owned>,
        opens: Option<usize>,
        comments: &[Between],
    ) -> Vec<usize> {
        let leading = opens.map_or(0, |_| leading(comments, next));
        let others = comments.len() - leading;
        let mut out = Vec::with_capacity(comments.len());
        for comment in &comments[..others] {
            out.push(self.owner(previous, next, *comment));
        }
        out.extend(opens.into_iter().flat_map(|it| std::iter::repeat_n(it, leading)));
        out
    }

    fn owner(&self, previous: Option<Owned>, next: Option<Owned>, comment: Between) -> usize {
        let mut owner = previous.map_or(0, |it| it.owner);
        if !comment.own_line {
            return owner;
        }
        while owner != 0
            && comment.token.column <= self.columns[owner]
            && next.is_none_or(|it| !self.is_in(it.owner, owner))
        {
            owner = self.parents[owner].unwrap_or(0);
        }
        owner
    }

    fn is_in(&self, mut inner: usize, outer: usize) -> bool {
        // A definition's number is greater than that of the one around it.
        while inner > outer {
            inner = self.parents[inner].unwrap_or(0);
        }
        inner == outer
    }
}

/// How many of the last comments stand directly above the next token.
fn leading(comments: &[Between], next: Option<Owned>) -> usize {
    let Some(next) = next else { return 0 };
    let is_leading =
        |it: &&Between| it.own_line && it.newlines_after == 1 && it.token.column <= next.token.column;
    comments.iter().rev().take_while(is_leading).count()
}
