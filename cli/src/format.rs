//! Output formats, and which command has which.

use clap::ValueEnum;

use crate::failure::Failure;

/// A way to print a result. Each command has some of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    /// Lines for people and simple scripts.
    Text,
    /// A tree, indented.
    Tree,
    /// Graphviz.
    Dot,
    /// Mermaid.
    Mermaid,
    /// A picture.
    Svg,
    /// Python source.
    Source,
    /// A view for people.
    Full,
    /// A view for people in two columns.
    SideBySide,
    /// A page.
    Html,
    /// Markdown, as GitHub has it.
    Markdown,
    /// Annotations for GitHub's workflows.
    Github,
    /// A patch.
    Unified,
    /// One line a finding.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Tree => "tree",
            Self::Dot => "dot",
            Self::Mermaid => "mermaid",
            Self::Svg => "svg",
            Self::Source => "source",
            Self::Full => "full",
            Self::SideBySide => "side-by-side",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Github => "github",
            Self::Unified => "unified",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::JsonLines => "json-lines",
        }
    }

    /// The format that was asked for, or the first of those that the command has.
    ///
    /// # Errors
    /// A format that the command does not have.
    pub(crate) fn choose(asked: Option<Self>, command: &str, has: &[Self]) -> Result<Self, Failure> {
        match asked {
            None => Ok(has[0]),
            Some(format) if has.contains(&format) => Ok(format),
            Some(format) => {
                let names: Vec<_> = has.iter().map(|it| format!("`{}`", it.name())).collect();
                let message = format!("`astkit {command}` has no format `{}`", format.name());
                Err(Failure::new(message).hint(format!("it has {}", names.join(", "))))
            }
        }
    }
}
