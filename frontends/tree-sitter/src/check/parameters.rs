//! The order of parameters.

use crate::cst::{Kind, Node};
use crate::rebuild::Rebuilder;

/// What came before a parameter.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by one rule")]
struct Seen {
    default: bool,
    slash: bool,
    star: bool,
    bare_star: Option<Node>,
    double_star: bool,
    any: bool,
}

impl Rebuilder<'_, '_> {
    pub(crate) fn check_parameters(&mut self, node: Node) {
        let mut seen = Seen::default();
        for it in self.parts(node) {
            self.check_parameter(it, &mut seen);
        }
        if let Some(star) = seen.bare_star {
            self.fault("parameter-order", self.span(star), "a bare `*` needs a parameter after it");
        }
    }

    fn check_parameter(&mut self, node: Node, seen: &mut Seen) {
        if seen.double_star {
            self.fault("parameter-order", self.span(node), "no parameter can follow `**`");
        }
        let star = self.star_of(node);
        match self.kind(node) {
            Kind::PositionalSeparator => {
                if !seen.any || seen.slash || seen.star {
                    self.fault(
                        "parameter-order",
                        self.span(node),
                        "`/` must stand once, after parameters and before `*`",
                    );
                }
                seen.slash = true;
            }
            Kind::KeywordSeparator => {
                self.check_single_star(node, seen);
                seen.bare_star = Some(node);
            }
            _ if star == Some(Kind::ListSplatPattern) => self.check_single_star(node, seen),
            _ if star.is_some() => seen.double_star = true,
            Kind::DefaultParameter | Kind::TypedDefaultParameter => {
                seen.default = true;
                seen.bare_star = None;
            }
            Kind::Error => seen.bare_star = None,
            _ => {
                seen.bare_star = None;
                if seen.default && !seen.star {
                    self.fault(
                        "parameter-order",
                        self.span(node),
                        "a parameter without default can't follow one with default",
                    );
                }
            }
        }
        seen.any = true;
    }

    fn check_single_star(&mut self, node: Node, seen: &mut Seen) {
        if seen.star {
            self.fault("parameter-order", self.span(node), "there can be only one `*`");
        }
        seen.star = true;
    }
}
