//! What is meant: flags, variables and configuration files together, with where each setting comes from.
//!
//! Flags beat variables, variables beat files, files beat defaults.

use std::path::{Path, PathBuf};

use astkit::{Options, PythonVersion};
use clap::ArgMatches;
use clap::parser::ValueSource;

use crate::arguments::GlobalArguments;
use crate::color::ColorChoice;
use crate::config::{Config, DiffTable, FoundConfig};
use crate::failure::Failure;
use crate::format::Format;

/// The settings in force.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Settings {
    pub(crate) frontend: String,
    pub(crate) options: Options,
    pub(crate) python: Option<PathBuf>,
    pub(crate) cache_dir: Option<PathBuf>,
    pub(crate) no_cache: bool,
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) color: ColorChoice,
    pub(crate) jobs: usize,
    pub(crate) strict: bool,
    pub(crate) exclude: Vec<String>,
    pub(crate) no_ignore: bool,
    pub(crate) no_progress: bool,
    pub(crate) timings: bool,
    /// The file that the configuration is from.
    pub(crate) config_file: Option<PathBuf>,
    /// The configuration, for what only one command needs.
    pub(crate) config: Config,
    /// Every setting with its value and origin, for `config show`.
    pub(crate) shown: Vec<(&'static str, String, String)>,
}

impl Settings {
    /// Decides every setting.
    ///
    /// # Errors
    /// Values that mean nothing.
    pub(crate) fn new(
        global: &GlobalArguments,
        matches: &ArgMatches,
        found: &FoundConfig,
    ) -> Result<Self, Failure> {
        let config = found.config.clone();
        let mut origins = Origins { matches, found, shown: Vec::new() };
        let frontend =
            origins.text("frontend", global.frontend.clone(), config.frontend.clone(), "auto".to_owned());
        let python = origins.text(
            "python-version",
            global.python_version.clone(),
            config.python_version.clone(),
            PythonVersion::LATEST.to_string(),
        );
        let python = PythonVersion::parse(&python).ok_or_else(|| {
            Failure::new(format!("`{python}` is no Python version")).hint("write it as in `3.12`")
        })?;
        let color = origins.text("color", global.color.clone(), config.color.clone(), "auto".to_owned());
        let color = ColorChoice::parse(&color).ok_or_else(|| {
            Failure::new(format!("`{color}` is no color setting")).hint("use auto, always or never")
        })?;
        let jobs = origins.text("jobs", global.jobs, config.jobs, processors());
        let interpreter = origins.path("python", global.python.clone(), config.python.clone());
        let cache_dir = origins.path("cache-dir", global.cache_dir.clone(), config.cache_dir.clone());
        let no_cache = origins.text("no-cache", global.no_cache, config.no_cache, false);
        origins.tables(&config);
        Ok(Self {
            frontend,
            options: Options { python },
            python: interpreter,
            cache_dir,
            no_cache,
            roots: origins.list("roots", &global.roots, config.roots.clone().unwrap_or_default(), |it| {
                it.display().to_string()
            }),
            color,
            jobs: jobs.clamp(1, 1024),
            strict: origins.text("strict", global.strict, config.strict, false),
            exclude: origins.list(
                "exclude",
                &global.exclude,
                config.exclude.clone().unwrap_or_default(),
                Clone::clone,
            ),
            no_ignore: origins.text("no-ignore", global.no_ignore, config.no_ignore, false),
            no_progress: origins.text("no-progress", global.no_progress, config.no_progress, false),
            timings: origins.text("timings", global.timings, config.timings, false),
            config_file: found.file.clone(),
            shown: origins.shown,
            config,
        })
    }

    /// Whether nobody has said what a setting is to be.
    pub(crate) fn is_default(&self, name: &str) -> bool {
        self.shown.iter().any(|it| it.0 == name && it.2 == "default")
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Decides settings one by one and notes where each comes from.
struct Origins<'a> {
    matches: &'a ArgMatches,
    found: &'a FoundConfig,
    shown: Vec<(&'static str, String, String)>,
}

impl Origins<'_> {
    fn text<T: ToString>(
        &mut self,
        name: &'static str,
        given: Option<T>,
        configured: Option<T>,
        default: T,
    ) -> T {
        let origin = self.origin(name, given.is_some(), configured.is_some());
        let value = given.or(configured).unwrap_or(default);
        self.shown.push((name, value.to_string(), origin));
        value
    }

    /// A path; one from a file is relative to the file's folder.
    fn path(
        &mut self,
        name: &'static str,
        given: Option<PathBuf>,
        configured: Option<PathBuf>,
    ) -> Option<PathBuf> {
        let origin = self.origin(name, given.is_some(), configured.is_some());
        let folder =
            self.found.file.as_ref().filter(|_| !self.is_overridden(name)).and_then(|it| it.parent());
        let configured = configured.map(|it| folder.map_or_else(|| it.clone(), |folder| folder.join(&it)));
        let value = given.or(configured);
        let shown = value.as_ref().map_or_else(String::new, |it| it.display().to_string());
        self.shown.push((name, shown, origin));
        value
    }

    fn list<T: Clone>(
        &mut self,
        name: &'static str,
        given: &[T],
        configured: Vec<T>,
        show: impl Fn(&T) -> String,
    ) -> Vec<T> {
        let origin = self.origin(name, !given.is_empty(), !configured.is_empty());
        let value = if given.is_empty() { configured } else { given.to_vec() };
        self.shown.push((name, value.iter().map(show).collect::<Vec<_>>().join(", "), origin));
        value
    }

    /// What only one command knows: only files and `--config` set it for all runs.
    fn tables(&mut self, config: &Config) {
        let format = |it: Option<Format>| it.map(|it| it.name().to_owned());
        let list = |it: &Option<Vec<String>>| it.as_ref().map(|it| it.join(", "));
        let DiffTable { format: diff_format, exit_code, fail_on, hide, context, width } = &config.diff;
        let rows = [
            ("parse.format", format(config.parse.format)),
            ("hash.format", format(config.hash.format)),
            ("hash.level", config.hash.level.clone()),
            ("diff.format", format(*diff_format)),
            ("diff.exit-code", exit_code.map(|it| it.to_string())),
            ("diff.fail-on", list(fail_on)),
            ("diff.hide", list(hide)),
            ("diff.context", context.map(|it| it.to_string())),
            ("diff.width", width.map(|it| it.to_string())),
        ];
        for (name, value) in rows {
            let origin = self.origin(name, false, value.is_some());
            self.shown.push((name, value.unwrap_or_default(), origin));
        }
    }

    fn origin(&self, name: &str, given: bool, configured: bool) -> String {
        if given {
            let id = name.replace('-', "_");
            let flag = if name == "roots" { "--root".to_owned() } else { format!("--{name}") };
            return match self.matches.value_source(&id) {
                Some(ValueSource::EnvVariable) => {
                    format!("ASTKIT_{}", flag.trim_start_matches('-').replace('-', "_").to_uppercase())
                }
                _ => flag,
            };
        }
        if !configured {
            return "default".to_owned();
        }
        match &self.found.file {
            Some(file) if !self.is_overridden(name) => show_path(file),
            _ => "--config".to_owned(),
        }
    }

    /// Whether `--config KEY=VALUE` said something about it.
    fn is_overridden(&self, name: &str) -> bool {
        let table = name.split('.').next().unwrap_or(name);
        self.found.overridden.iter().any(|it| it == table)
    }
}

fn show_path(path: &Path) -> String {
    path.display().to_string()
}
