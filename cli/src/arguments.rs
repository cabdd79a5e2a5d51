//! What was typed: the command line as types. What is meant stands in [`Settings`](crate::settings::Settings).

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{BoolishValueParser, PossibleValuesParser};
use clap::error::ErrorKind;
use clap::{ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::commands::hash::OthersCode;
use crate::format::Format;

/// Knows what a change to Python code does: one common tree from several parsers, hashes and diffs on it.
#[derive(Debug, Parser)]
#[command(name = "astkit", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: GlobalArguments,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Parses the command line.
    ///
    /// To build all commands takes longer than to compare two files: those that are not named are left out at first.
    /// What is accepted then means the same with all of them.
    ///
    /// # Errors
    /// A request for help or the version, or arguments that mean nothing.
    pub(crate) fn read() -> Result<(Self, ArgMatches), clap::Error> {
        let words = words();
        let all = Command::augment_subcommands(clap::Command::new("astkit"));
        let named = words.iter().skip(1).find_map(|it| all.find_subcommand(it)).cloned();
        let globals =
            GlobalArguments::augment_args(clap::Command::new("astkit").version(env!("CARGO_PKG_VERSION")));
        let matches = match globals.subcommands(named).try_get_matches_from(&words) {
            Err(error) if error.kind() != ErrorKind::DisplayVersion => {
                Self::command().try_get_matches_from(&words)?
            }
            it => it?,
        };
        Ok((Self::from_arg_matches(&matches)?, matches))
    }
}

/// What was typed. Where git calls its external diff program, a file's name may look like an option.
fn words() -> Vec<OsString> {
    let mut words: Vec<OsString> = std::env::args_os().collect();
    if std::env::var_os("GIT_DIFF_PATH_COUNTER").is_none() {
        return words;
    }
    let is_mode =
        |it: &OsString| it == "." || (it.len() == 6 && it.as_encoded_bytes().iter().all(u8::is_ascii_digit));
    let calls = [9, 7].into_iter().filter_map(|count| words.len().checked_sub(count));
    let call = calls.into_iter().find(|it| is_mode(&words[it + 3]) && is_mode(&words[it + 6]));
    if let Some(at) = call.filter(|it| words[*it].as_encoded_bytes().starts_with(b"-")) {
        words.insert(at, OsString::from("--"));
    }
    words
}

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Print the common tree of files
    #[command(after_help = TARGETS)]
    Parse(ParseArguments),
    /// Print hashes of definitions, files or folders
    #[command(after_help = TARGETS)]
    Hash(HashArguments),
    /// Say what changed between two files, folders or revisions, definition by definition
    Diff(DiffArguments),
    /// Draw who imports or calls whom, or who is reached by a change
    #[command(after_help = TARGETS)]
    Graph(GraphArguments),
    /// Say who is reached by a change of definitions, or by what changed since a revision
    #[command(after_help = TARGETS)]
    Impact(ImpactArguments),
    /// Make the new version of a file from the old one and an edit script
    Apply(ApplyArguments),
    /// Say what each save does to the code, while you work
    Watch(WatchArguments),
    /// Run an analysis over files, and print its result
    #[command(after_help = TARGETS)]
    Analyze(AnalyzeArguments),
    /// Rewrite files by transformations that keep what the code does, and print the result
    #[command(after_help = TRANSFORMATIONS)]
    Transform(TransformArguments),
    /// List the passes that `analyze` and `transform` have, with their parameters
    Passes,
    /// Show the configuration in force
    Config(ConfigArguments),
    /// Show where results are kept between runs and how much there is, or remove them
    Cache(CacheArguments),
    /// Look inside: what the engine holds in memory
    Debug(DebugArguments),
    /// Explain a diagnostic code, such as `syntax-error`
    Explain(ExplainArguments),
    /// Print the JSON Schema of a command's records
    Schema(SchemaArguments),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, in roff
    Man {
        /// The command whose page to print (the overview if none)
        command: Option<String>,
    },
}

const TARGETS: &str = "Targets:
  PATH              a file, or a folder: all Python files in it that no ignore file rules out
  PATH::QUALNAME    a definition: C.m, outer.<locals>.inner, <module>, C.m#2 for the second of that name
  MODULE:QUALNAME   the same in a module that the roots can import
  -                 standard input";

const TRANSFORMATIONS: &str = "Pipelines:
  NAME,NAME                 one after the other
  NAME<KEY=VALUE,...>       with parameters, as in dead-code<python-version=3.8,platform=linux>
  repeat<N>(NAME,...)       until nothing changes, at most N times

`astkit passes` lists the transformations. Statements that do not change keep their text and comments.";

/// Options that every command has.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArguments {
    /// Which parser reads the files: `auto`, `python-ast`, `tree-sitter`, `cpython`, or another one's name
    #[arg(long, global = true, value_name = "NAME", env = "ASTKIT_FRONTEND")]
    pub(crate) frontend: Option<String>,
    /// The Python that the files are written for [default: 3.14]
    #[arg(long, global = true, value_name = "X.Y", env = "ASTKIT_PYTHON_VERSION")]
    pub(crate) python_version: Option<String>,
    /// A Python or a virtual environment: for `--frontend cpython`, and to find modules in its site-packages
    #[arg(long, global = true, value_name = "EXE|VENV", env = "ASTKIT_PYTHON")]
    pub(crate) python: Option<PathBuf>,
    /// A folder from which modules are imported; may be repeated
    #[arg(long = "root", global = true, value_name = "DIR", env = "ASTKIT_ROOT")]
    pub(crate) roots: Vec<PathBuf>,
    /// How to print the result; each command says which formats it has
    #[arg(long, global = true, value_name = "FORMAT", env = "ASTKIT_FORMAT", hide_possible_values = true)]
    pub(crate) format: Option<Format>,
    /// The same as `--format json-lines`
    #[arg(long, global = true, conflicts_with = "format")]
    pub(crate) json: bool,
    /// Write the result to a file (whole or not at all) instead of standard output
    #[arg(short, long, global = true, value_name = "FILE", env = "ASTKIT_OUTPUT")]
    pub(crate) output: Option<PathBuf>,
    /// When to color [default: auto, which obeys `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR`, `TERM`]
    #[arg(long, global = true, value_name = "WHEN", env = "ASTKIT_COLOR",
          value_parser = PossibleValuesParser::new(["auto", "always", "never"]))]
    pub(crate) color: Option<String>,
    /// Say less on standard error: -q no warnings, -qq no errors either
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "verbose")]
    pub(crate) quiet: u8,
    /// Say more on standard error
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Show no progress bar
    #[arg(long, global = true, env = "ASTKIT_NO_PROGRESS", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = BoolishValueParser::new(), value_name = "BOOL",
          hide_possible_values = true)]
    pub(crate) no_progress: Option<bool>,
    /// How many files to work on at once [default: one per processor]
    #[arg(short, long, global = true, value_name = "N", env = "ASTKIT_JOBS")]
    pub(crate) jobs: Option<usize>,
    /// Work as if started in this folder
    #[arg(short = 'C', long, global = true, value_name = "DIR", env = "ASTKIT_DIRECTORY")]
    pub(crate) directory: Option<PathBuf>,
    /// Treat broken syntax as a finding: exit code 1
    #[arg(long, global = true, env = "ASTKIT_STRICT", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = BoolishValueParser::new(), value_name = "BOOL",
          hide_possible_values = true)]
    pub(crate) strict: Option<bool>,
    /// Leave out what matches, as in `.gitignore`; may be repeated
    #[arg(long, global = true, value_name = "GLOB", env = "ASTKIT_EXCLUDE")]
    pub(crate) exclude: Vec<String>,
    /// Take hidden files too, and those that ignore files rule out
    #[arg(long, global = true, env = "ASTKIT_NO_IGNORE", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = BoolishValueParser::new(), value_name = "BOOL",
          hide_possible_values = true)]
    pub(crate) no_ignore: Option<bool>,
    /// Print which files would be read, and stop
    #[arg(long, global = true)]
    pub(crate) show_files: bool,
    /// Name for what is read from standard input
    #[arg(long, global = true, value_name = "NAME", env = "ASTKIT_STDIN_FILENAME")]
    pub(crate) stdin_filename: Option<String>,
    /// Where to keep results between runs [default: `astkit` in the user's cache folder]
    #[arg(long, global = true, value_name = "DIR", env = "ASTKIT_CACHE_DIR")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Keep and use no results of other runs
    #[arg(long, global = true, env = "ASTKIT_NO_CACHE", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = BoolishValueParser::new(), value_name = "BOOL",
          hide_possible_values = true)]
    pub(crate) no_cache: Option<bool>,
    /// A configuration file, or one setting as KEY=VALUE (TOML); may be repeated
    #[arg(long, global = true, value_name = "FILE|KEY=VALUE", env = "ASTKIT_CONFIG")]
    pub(crate) config: Vec<String>,
    /// Read no configuration files
    #[arg(long, global = true, env = "ASTKIT_ISOLATED", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = BoolishValueParser::new(), value_name = "BOOL",
          hide_possible_values = true)]
    pub(crate) isolated: Option<bool>,
    /// Print on standard error how long each part took
    #[arg(long, global = true, env = "ASTKIT_TIMINGS", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = BoolishValueParser::new(), value_name = "BOOL",
          hide_possible_values = true)]
    pub(crate) timings: Option<bool>,
}

// What `parse` takes.
#[derive(Debug, Args)]
pub(crate) struct ParseArguments {
    /// Files, folders, definitions, or `-`
    #[arg(required = true, value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// Leave positions out
    #[arg(long)]
    pub(crate) no_positions: bool,
}

// What `analyze` takes.
#[derive(Debug, Args)]
pub(crate) struct AnalyzeArguments {
    /// The pass: see `astkit passes`
    #[arg(value_name = "PASS")]
    pub(crate) pass: String,
    /// Files, folders, definitions, or `-`
    #[arg(required = true, value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// A parameter of the pass; may be repeated
    #[arg(short, long = "parameter", value_name = "KEY=VALUE")]
    pub(crate) parameters: Vec<String>,
}

// What `transform` takes.
#[derive(Debug, Args)]
pub(crate) struct TransformArguments {
    /// The transformations: `strip-hints`, `fold-constants,dead-code`, `repeat<8>(...)`; see `astkit passes`
    #[arg(value_name = "PIPELINE")]
    pub(crate) pipeline: String,
    /// Files, folders, definitions, or `-`
    #[arg(required = true, value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// Write the result to the files, each whole or not at all
    #[arg(long)]
    pub(crate) write: bool,
    /// Print what changes as a patch
    #[arg(long)]
    pub(crate) diff: bool,
    /// Check what passes say of themselves: which results survive the transformations, and that equal questions have equal answers
    ///
    /// Every analysis without required parameters is asked before and after; what is said to survive is found again. A claim that
    /// is not true is an error (exit code 1), and the result is the right one. Takes a multiple of the time.
    #[arg(long)]
    pub(crate) verify: bool,
}

// What `hash` takes.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct HashArguments {
    /// Files, folders, definitions, or `-`
    #[arg(required_unless_present_any = ["check", "rules", "why"], value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// What a hash covers: `exact`, `ast`, `semantic` or `deep` [default: deep]
    ///
    /// `exact` is the text, `ast` leaves formatting and comments out, `semantic` also docstrings, hints and local
    /// names, and `deep` covers what a definition refers to, wherever that is.
    #[arg(long, value_name = "LEVEL", env = "ASTKIT_HASH_LEVEL")]
    pub(crate) level: Option<String>,
    /// How code of others counts at `deep`; `version` needs `--python`
    #[arg(long, value_enum, default_value_t, value_name = "HOW", env = "ASTKIT_HASH_DEPS")]
    pub(crate) deps: OthersCode,
    /// At `deep`, let built-in names and the standard library count with the version of Python
    #[arg(long)]
    pub(crate) pin_python: bool,
    /// Keep hints always, never, or where the program can see them
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", env = "ASTKIT_HASH_HINTS")]
    pub(crate) hints: KeepHints,
    /// Keep docstrings even where the program does not see them
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) keep: Option<Kept>,
    /// Switch rules of the normal form: `-NAME` and `+NAME`, comma-separated; without a value, list them
    ///
    /// `+aggressive` adds those that linters use and that hold for ordinary values alone.
    #[arg(long, num_args = 0..=1, default_missing_value = "list", value_name = "RULES",
          allow_hyphen_values = true, env = "ASTKIT_HASH_RULES")]
    pub(crate) rules: Option<String>,
    /// Say why the hashes of two targets, or of a target and its entry in a lock file, differ
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["summary", "tree", "write", "check"])]
    pub(crate) why: Vec<String>,
    /// Print the text that `semantic` is made of, instead of hashes
    #[arg(long, conflicts_with_all = ["summary", "tree", "write", "check"])]
    pub(crate) normal_form: bool,
    /// One hash a file
    #[arg(long, conflicts_with = "tree")]
    pub(crate) summary: bool,
    /// One hash a folder, over the names and hashes of what is in it, files included
    #[arg(long)]
    pub(crate) tree: bool,
    /// Read every file, where otherwise one whose size, times and number are as they were is taken as unchanged
    #[arg(long, env = "ASTKIT_HASH_VERIFY", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = BoolishValueParser::new(), value_name = "BOOL",
          hide_possible_values = true)]
    pub(crate) verify: Option<bool>,
    /// Write the hashes to a lock file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["summary", "tree"])]
    pub(crate) write: Option<PathBuf>,
    /// Compare with a lock file: print what was changed, added or removed since, and exit with 1 if anything was
    ///
    /// Targets and options are those of the lock; with targets, only what is in them is compared.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["summary", "tree", "write"])]
    pub(crate) check: Option<PathBuf>,
}

// What `graph` takes.
#[derive(Debug, Args)]
pub(crate) struct GraphArguments {
    /// Which graph
    #[arg(value_enum, value_name = "GRAPH")]
    pub(crate) kind: GraphKind,
    /// Files or folders; for `impact` also definitions
    #[arg(required = true, value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// List the cycles, and exit with 1 if there are any
    #[arg(long)]
    pub(crate) cycles: bool,
    /// Only a node (a module, `module.qualname`, `PATH` or `PATH::QUALNAME`) and what is near it
    #[arg(long, value_name = "NAME")]
    pub(crate) focus: Option<String>,
    /// How many links away from `--focus` [default: 2]
    #[arg(long, value_name = "N", requires = "focus")]
    pub(crate) depth: Option<usize>,
    /// Packages in the place of what is in them
    #[arg(long)]
    pub(crate) package: bool,
}

/// The graphs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum GraphKind {
    /// Who imports whom, among the targets
    Imports,
    /// Who calls whom, among the targets
    Calls,
    /// Who is reached by a change of the targets
    Impact,
}

// What `impact` takes.
#[derive(Debug, Args)]
pub(crate) struct ImpactArguments {
    /// Files, folders or definitions; with `--since`, those to which changes are narrowed down
    #[arg(required_unless_present = "since", value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// Ask about what changed since a git revision (`REV...` for where the branch began), or since a lock file was
    /// written by `astkit hash --write`
    #[arg(long, value_name = "REV|LOCKFILE")]
    pub(crate) since: Option<String>,
    /// Since a revision: what counts as changed by itself, `semantic` or `deep` as in `astkit hash` [default: semantic]
    #[arg(long, value_name = "LEVEL", requires = "since", value_parser = PossibleValuesParser::new(["semantic", "deep"]))]
    pub(crate) level: Option<String>,
    /// Only tests, as names that pytest takes
    #[arg(long)]
    pub(crate) tests: bool,
    /// At most so many definitions away
    #[arg(long, value_name = "N")]
    pub(crate) depth: Option<usize>,
}

/// When hints are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum KeepHints {
    /// Where the program can see them.
    #[default]
    Auto,
    /// Always.
    Keep,
    /// Never.
    Drop,
}

/// What is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Kept {
    /// All docstrings.
    Docstrings,
}

// What `diff` takes.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct DiffArguments {
    /// Two files or folders (one may be `-`), or revisions: REV, OLD NEW, OLD..NEW, OLD...NEW
    ///
    /// Without any: the working tree against HEAD. Seven or nine are what git gives to an external diff program.
    #[arg(value_name = "OLD NEW|REV")]
    pub(crate) targets: Vec<OsString>,
    /// With revisions: only these paths
    #[arg(last = true, value_name = "PATH")]
    pub(crate) paths: Vec<OsString>,
    /// Compare the index, instead of the working tree, with HEAD or REV
    #[arg(long, visible_alias = "cached")]
    pub(crate) staged: bool,
    /// Exit with 1 if a change is left after `--hide`
    #[arg(long, env = "ASTKIT_DIFF_EXIT_CODE", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = BoolishValueParser::new(), value_name = "BOOL",
          hide_possible_values = true)]
    pub(crate) exit_code: Option<bool>,
    /// Exit with 1 if one of these parts occurs, comma-separated
    #[arg(long, value_name = "PARTS", value_delimiter = ',', env = "ASTKIT_DIFF_FAIL_ON")]
    pub(crate) fail_on: Vec<String>,
    /// Leave out changes that have these parts only: added, removed, renamed, moved, signature, hints,
    /// decorators, docstring, body, comments, formatting
    #[arg(long, value_name = "PARTS", value_delimiter = ',', env = "ASTKIT_DIFF_HIDE")]
    pub(crate) hide: Vec<String>,
    /// Print only how many definitions changed, by file and part
    #[arg(long, conflicts_with = "name_only")]
    pub(crate) stat: bool,
    /// Print only the names of the changed files
    #[arg(long)]
    pub(crate) name_only: bool,
    /// Lines of context around a change
    #[arg(long, value_name = "N", env = "ASTKIT_DIFF_CONTEXT")]
    pub(crate) context: Option<u32>,
    /// Never page through the views for people (`ASTKIT_PAGER`, `GIT_PAGER`, `PAGER` say which pager)
    #[arg(long)]
    pub(crate) no_pager: bool,
    /// Say what depends on what changed, at most so many steps away (without a number: however far)
    #[arg(long, value_name = "DEPTH", num_args = 0..=1, require_equals = true, default_missing_value = "0")]
    pub(crate) impact: Option<usize>,
    /// How closely the views for people look: at definitions, at lines, or at tokens [default: token]
    #[arg(long, value_name = "LEVEL", env = "ASTKIT_DIFF_LEVEL",
          value_parser = PossibleValuesParser::new(["definition", "node", "token"]))]
    pub(crate) level: Option<String>,
    /// Columns of the side-by-side view [default: the terminal's]
    #[arg(long, value_name = "N", env = "ASTKIT_DIFF_WIDTH")]
    pub(crate) width: Option<u32>,
    /// Put the edit scripts into the JSON formats: what `astkit apply` makes the new version from
    #[arg(long)]
    pub(crate) script: bool,
    /// Apply every edit script, and refuse to print one that does not give the new text
    #[arg(long, env = "ASTKIT_DIFF_VERIFY", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_parser = BoolishValueParser::new(), value_name = "BOOL",
          hide_possible_values = true)]
    pub(crate) verify: Option<bool>,
}

// What `apply` takes.
#[derive(Debug, Args)]
pub(crate) struct ApplyArguments {
    /// What `astkit diff --script` printed with `--format json` or `json-lines`, or `-`
    #[arg(value_name = "SCRIPT")]
    pub(crate) script: String,
    /// The old version, or `-`
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
}

// What `watch` takes.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct WatchArguments {
    /// Files and folders
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Run a command after saves that changed behavior; `ASTKIT_CHANGED` and `ASTKIT_IMPACTED` hold targets, one a
    /// line
    #[arg(long, value_name = "CMD", env = "ASTKIT_WATCH_EXEC")]
    pub(crate) exec: Option<String>,
    /// What to do with a save while the command runs: run it once more afterwards, run it anew, or nothing
    #[arg(long, value_enum, default_value_t = OnBusy::Queue, requires = "exec", env = "ASTKIT_WATCH_ON_BUSY")]
    pub(crate) on_busy: OnBusy,
    /// What counts as a change: exact, ast, semantic or deep, as in `astkit hash`
    #[arg(long, value_name = "LEVEL", default_value = "semantic", env = "ASTKIT_WATCH_LEVEL")]
    pub(crate) level: String,
    /// Look at all files every MS milliseconds instead of relying on the system's events
    #[arg(long, value_name = "MS", num_args = 0..=1, require_equals = true, default_missing_value = "250",
          env = "ASTKIT_WATCH_POLL")]
    pub(crate) poll: Option<u64>,
    /// How long nothing may happen before a save is looked at that no program has finished
    #[arg(long, value_name = "MS", default_value_t = 20, env = "ASTKIT_WATCH_SETTLE")]
    pub(crate) settle: u64,
    /// Say `synced` when this file is written, after everything before it
    #[arg(long, value_name = "PATH", env = "ASTKIT_WATCH_SYNC_FILE")]
    pub(crate) sync_file: Option<PathBuf>,
    /// End after the first batch
    #[arg(long)]
    pub(crate) once: bool,
    /// Rely on events alone, without a look at all stats every few seconds
    #[arg(long)]
    pub(crate) no_safety_scan: bool,
    /// Do not say what depends on a change
    #[arg(long)]
    pub(crate) no_impact: bool,
    /// End when standard input does
    #[arg(long)]
    pub(crate) stdin_quit: bool,
}

/// What to do with a save while the command runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum OnBusy {
    /// Run it once more when it ends.
    Queue,
    /// End it and run it anew.
    Restart,
    /// Nothing.
    Ignore,
}

// What `config` takes.
#[derive(Debug, Args)]
pub(crate) struct ConfigArguments {
    #[command(subcommand)]
    pub(crate) action: ConfigAction,
}

/// What `config` does.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Print every setting, its value, and where it comes from
    Show,
}

// What `cache` takes.
#[derive(Debug, Args)]
pub(crate) struct CacheArguments {
    #[command(subcommand)]
    pub(crate) action: CacheAction,
}

/// What `cache` does.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum CacheAction {
    /// Print the folder
    Dir,
    /// Print what is in it, by build of astkit
    Stats,
    /// Remove it: what astkit wrote there, and nothing else
    Clean,
}

// What `debug` takes.
#[derive(Debug, Args)]
pub(crate) struct DebugArguments {
    #[command(subcommand)]
    pub(crate) action: DebugAction,
}

/// What `debug` looks at.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum DebugAction {
    /// Ask for the definition graph and the deep hashes of files, and print what is held in memory then, the largest first
    #[command(after_help = TARGETS)]
    Memory {
        /// Files or folders
        #[arg(required = true, value_name = "TARGET")]
        targets: Vec<String>,
    },
}

// What `explain` takes.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The code; all of them, one a line, if none is given
    pub(crate) code: Option<String>,
}

// What `schema` takes.
#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// The command
    #[arg(value_parser = PossibleValuesParser::new([
        "parse", "hash", "diff", "watch", "analyze", "transform", "graph", "impact", "cache",
    ]))]
    pub(crate) command: String,
}
