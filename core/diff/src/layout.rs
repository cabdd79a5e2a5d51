//! The tokens and comments of each definition of a file, to tell formatting and comments apart.
//!
//! A definition's stream has its own tokens, each with the *gap* before it, that is, the white space from which
//! comments are cut out; a nested definition stands in it as one item. Two definitions with equal code differ in
//! comments, in formatting, or not at all, as their comments and streams do.

use std::borrow::Cow;

use astkit_ast::{Span, Token, TokenKind};

use crate::own::Links;
use crate::ownership::{Between, Enclosing, Owned};
use crate::side::Side;

/// White space within a line.
const SPACES: [char; 3] = [' ', '\t', '\x0c'];

/// The streams and comments of all definitions of a file.
pub(crate) struct Layout<'a> {
    streams: Vec<Vec<Item<'a>>>,
    comments: Vec<Vec<Comment<'a>>>,
    /// From the first to the last token or comment, those of nested definitions included.
    extents: Vec<Option<Span>>,
}

struct Item<'a> {
    gap: Gap<'a>,
    what: What<'a>,
}

enum What<'a> {
    Token(&'a str),
    /// A nested definition, by the index of its node.
    Nested(u32),
    End,
}

struct Gap<'a> {
    text: Cow<'a, str>,
    commented: bool,
}

struct Comment<'a> {
    text: &'a str,
    /// How many items of the stream stand before it.
    anchor: usize,
    own_line: bool,
    /// The white space before it, on its line.
    space: &'a str,
}

/// How the texts of two definitions with equal code differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LayoutDiff {
    pub(crate) comments: bool,
    pub(crate) formatting: bool,
}

impl<'a> Layout<'a> {
    /// Scans a file.
    pub(crate) fn new(side: &Side<'a>) -> Self {
        Scan::new(side).run()
    }

    /// Where a definition's text is, from its first token or comment to its last; none if it has none.
    pub(crate) fn extent(&self, at: usize) -> Option<Span> {
        self.extents[at]
    }

    fn extend(&mut self, at: usize, span: Span) {
        let extent = &mut self.extents[at];
        *extent = Some(extent.map_or(span, |it| it.hull(span)));
    }

    /// Whether the comments of two definitions differ in their texts.
    pub(crate) fn comment_texts_differ(&self, at: usize, other: &Layout<'_>, other_at: usize) -> bool {
        let texts = self.comments[at].iter().map(|it| it.text);
        !texts.eq(other.comments[other_at].iter().map(|it| it.text))
    }

    /// Compares the definition `at` with one of another file, which may have another name. Nested definitions without
    /// a link are left out, with the white space around them.
    pub(crate) fn compare(
        &self,
        (at, links): (usize, &Links),
        other: &Layout<'_>,
        (other_at, other_links): (usize, &Links),
        names: [&str; 2],
    ) -> LayoutDiff {
        let texts_differ = self.comment_texts_differ(at, other, other_at);
        let (ours, theirs) = (kept(&self.streams[at], links), kept(&other.streams[other_at], other_links));
        let same = ours.len() == theirs.len()
            && ours.iter().zip(&theirs).all(|(a, b)| {
                let gaps = a.0 || b.0 || same_gap(&a.1.gap, &b.1.gap, texts_differ);
                gaps && same_item(&a.1.what, links, &b.1.what, other_links, names)
            });
        let (comments, spaces) = self.places_differ((at, links), other, (other_at, other_links));
        LayoutDiff {
            comments: texts_differ || (same && comments),
            formatting: !same || (!texts_differ && spaces),
        }
    }

    /// Whether comments of equal texts stand at other places; and whether with other white space before them.
    fn places_differ(
        &self,
        (at, links): (usize, &Links),
        other: &Layout<'_>,
        (other_at, other_links): (usize, &Links),
    ) -> (bool, bool) {
        let pairs = || self.comments[at].iter().zip(&other.comments[other_at]);
        let (left_out, other_left_out) =
            (left_out(&self.streams[at], links), left_out(&other.streams[other_at], other_links));
        let moved = |a: &Comment<'_>, b: &Comment<'_>| {
            a.own_line != b.own_line || place(a.anchor, &left_out) != place(b.anchor, &other_left_out)
        };
        (pairs().any(|(a, b)| moved(a, b)), pairs().any(|(a, b)| a.space != b.space))
    }
}

/// Where items stand that are not compared.
fn left_out(stream: &[Item<'_>], links: &Links) -> Vec<usize> {
    let is_out = |item: &Item<'_>| matches!(item.what, What::Nested(node) if !links.contains_key(&node));
    (0..).zip(stream).filter(|(_, item)| is_out(item)).map(|(at, _)| at).collect()
}

/// How many items that are compared stand before an anchor.
fn place(anchor: usize, left_out: &[usize]) -> usize {
    anchor - left_out.partition_point(|at| *at < anchor)
}

/// The items that are compared; true if what stood before one was left out.
fn kept<'s, 'a>(stream: &'s [Item<'a>], links: &Links) -> Vec<(bool, &'s Item<'a>)> {
    let mut out = Vec::with_capacity(stream.len());
    let mut after_gap = false;
    for item in stream {
        match item.what {
            What::Nested(node) if !links.contains_key(&node) => after_gap = true,
            What::Nested(_) | What::Token(_) | What::End => {
                out.push((after_gap, item));
                after_gap = false;
            }
        }
    }
    out
}

fn same_item(a: &What<'_>, links: &Links, b: &What<'_>, other_links: &Links, names: [&str; 2]) -> bool {
    match (a, b) {
        // Code is compared elsewhere: here the old name and the new one are the same.
        (What::Token(a), What::Token(b)) => same_text(a, b) || [*a, *b] == names,
        (What::Nested(a), What::Nested(b)) => links.get(a) == other_links.get(b),
        (What::End, What::End) => true,
        (What::Token(_) | What::Nested(_) | What::End, _) => false,
    }
}

/// Whether texts are equal but for how their lines end.
fn same_text(a: &str, b: &str) -> bool {
    a == b || (a.contains('\r') || b.contains('\r')) && without_returns(a) == without_returns(b)
}

fn without_returns(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").into() } else { text.into() }
}

/// Whether gaps are equal; blank lines beside comments belong to the comments, if those changed.
fn same_gap(a: &Gap<'_>, b: &Gap<'_>, comments_changed: bool) -> bool {
    if a.text == b.text {
        return true;
    }
    let lenient = comments_changed && (a.commented || b.commented);
    lenient && last_line(&a.text) == last_line(&b.text)
}

/// Whether there is a line end, and what comes after the last.
fn last_line(text: &str) -> (bool, &str) {
    text.rsplit_once('\n').map_or((false, text), |it| (true, it.1))
}

/// The scan of one file.
struct Scan<'s, 'a> {
    side: &'s Side<'a>,
    text: &'a str,
    layout: Layout<'a>,
    columns: Vec<u32>,
    parents: Vec<Option<usize>>,
    /// The definitions around the current place, the innermost last.
    open: Vec<usize>,
    /// The next definition to begin.
    coming: usize,
}

impl<'s, 'a> Scan<'s, 'a> {
    fn new(side: &'s Side<'a>) -> Self {
        let count = side.definitions.len();
        let layout = Layout {
            streams: (0..count).map(|_| Vec::new()).collect(),
            comments: (0..count).map(|_| Vec::new()).collect(),
            extents: vec![None; count],
        };
        let parents = side.definitions.iter().map(|it| it.parent).collect();
        let text = side.source.text();
        Self { side, text, layout, columns: vec![0; count], parents, open: vec![0], coming: 1 }
    }

    fn run(mut self) -> Layout<'a> {
        let mut previous: Option<Owned> = None;
        let mut comments = Vec::new();
        for token in self.side.tokens().iter().copied() {
            if token.kind == TokenKind::Comment {
                comments.push(token);
            } else if token.kind.is_code() {
                previous = Some(self.token(previous, token, &mut comments));
            }
        }
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let gap = self.gap(previous, end, None, None, &mut comments);
        self.layout.streams[0].push(Item { gap, what: What::End });
        // A definition comes before those in it, so from the back each is complete when it is added to its parent.
        for at in (1..self.parents.len()).rev() {
            if let (Some(extent), Some(parent)) = (self.layout.extents[at], self.parents[at]) {
                self.layout.extend(parent, extent);
            }
        }
        self.layout
    }

    /// Takes a token: finds out whose it is, and puts it into that stream.
    fn token(&mut self, previous: Option<Owned>, token: Token, comments: &mut Vec<Token>) -> Owned {
        let start = token.span.start;
        while self.open.len() > 1 && self.open.last().is_some_and(|it| self.side.span(*it).end <= start) {
            self.open.pop();
        }
        let around = self.open.last().copied().unwrap_or(0);
        let mut opens = None;
        while self.coming < self.parents.len() && self.side.span(self.coming).start <= start {
            self.open.push(self.coming);
            self.columns[self.coming] = token.column;
            opens = Some(self.coming);
            self.coming += 1;
        }
        let owner = self.open.last().copied().unwrap_or(0);
        let owned = Owned { token, owner };
        let gap = self.gap(previous, start, Some(owned), opens, comments);
        let text = &self.text[token.span.range()];
        self.layout.extend(owner, token.span);
        if let Some(nested) = opens {
            let node = self.side.definitions[nested].node.index();
            self.layout.streams[around].push(Item { gap, what: What::Nested(node) });
            let gap = Gap { text: Cow::Borrowed(""), commented: false };
            self.layout.streams[owner].push(Item { gap, what: What::Token(text) });
        } else {
            self.layout.streams[owner].push(Item { gap, what: What::Token(text) });
        }
        owned
    }

    /// The gap before `end`; its comments go to their owners.
    fn gap(
        &mut self,
        previous: Option<Owned>,
        end: u32,
        next: Option<Owned>,
        opens: Option<usize>,
        comments: &mut Vec<Token>,
    ) -> Gap<'a> {
        let start = previous.map_or(0, |it| it.token.span.end);
        if comments.is_empty() {
            let text = without_returns(self.text.get(start as usize..end as usize).unwrap_or_default());
            return Gap { text, commented: false };
        }
        let (between, cut) = self.cut(start, end, comments);
        let enclosing = Enclosing { parents: &self.parents, columns: &self.columns };
        let owners = enclosing.owners(previous, next, opens, &between);
        for (comment, owner) in between.iter().zip(owners) {
            let text = &self.text[comment.token.span.range()];
            let anchor = self.layout.streams[owner].len();
            self.layout.extend(owner, comment.token.span);
            let space = space_before(self.text, comment.token.span.start as usize);
            self.layout.comments[owner].push(Comment { text, anchor, own_line: comment.own_line, space });
        }
        comments.clear();
        Gap { text: Cow::Owned(cut), commented: true }
    }

    /// Comments with what stands around them, and the gap without them: lines of their own go as a whole.
    fn cut(&self, start: u32, end: u32, comments: &[Token]) -> (Vec<Between>, String) {
        let end = end as usize;
        let mut between = Vec::with_capacity(comments.len());
        let mut cut = String::new();
        let mut from = start as usize;
        for (at, comment) in comments.iter().enumerate() {
            let span = comment.span.range();
            let before = self.text.get(from..span.start).unwrap_or_default();
            // A comment runs to the end of its line: what comes after one has a line of its own.
            let own_line = at > 0 || start == 0 || before.contains('\n');
            let next = comments.get(at + 1).map_or(end, |it| it.span.start as usize);
            let newlines_after = self.text[span.end..next].matches('\n').count();
            between.push(Between { token: *comment, own_line, newlines_after });
            cut.push_str(&without_returns(before.trim_end_matches(SPACES)));
            let line_end = self.text[span.end..next].find('\n').filter(|_| own_line);
            from = line_end.map_or(span.end, |it| span.end + it + 1);
        }
        cut.push_str(&without_returns(self.text.get(from..end).unwrap_or_default()));
        (between, cut)
    }
}

/// The white space directly before an offset.
fn space_before(text: &str, offset: usize) -> &str {
    let before = &text[..offset];
    &before[before.trim_end_matches(SPACES).len()..]
}
