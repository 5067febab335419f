//! The log: which lines are shown, and the same as a file.

use super::format::sentence;
use super::labels::in_labels;
use crate::run::{Run, Unit, UnitState};
use crate::store::{Level, LogLine};
use crate::units::Timestamp;
use serde_json::json;

/// Which lines of a log are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Lines of this level and above.
    pub least: Level,
    /// Lines of this variant; `None` = all lines.
    pub variant: Option<String>,
    /// Part of the message, in either case; empty = any.
    pub text: String,
}

impl Filter {
    /// True for a line that is shown.
    pub fn takes(&self, line: &LogLine) -> bool {
        line.level >= self.least
            && (self.variant.is_none() || self.variant == line.variant)
            && line.message.to_lowercase().contains(&self.text.trim().to_lowercase())
    }
}

/// Lines as JSON, one object a line: time (ISO UTC), level, run, variant, date of the mark (ISO UTC), message.
pub fn json_lines<'a>(lines: impl IntoIterator<Item = &'a LogLine>) -> String {
    let mut text = String::new();
    for line in lines {
        let object = json!({
            "time": Timestamp(line.time_ms).iso(),
            "level": line.level,
            "run": (!line.run.is_empty()).then_some(&line.run),
            "variant": line.variant,
            "date": line.date,
            "message": line.message,
        });
        text.push_str(&object.to_string());
        text.push('\n');
    }
    text
}

/// What the log says of a variant that ended otherwise than at its last mark; `None` for the others.
pub fn unit_line(unit: &Unit) -> Option<(Level, String)> {
    match (unit.state, &unit.error) {
        (UnitState::Failed, Some(error)) => Some((Level::Error, format!("Failed. {}.", error.message))),
        (UnitState::Failed, None) => Some((Level::Error, "Failed.".into())),
        (UnitState::Skipped, _) => unit.state_note().map(|note| (Level::Info, sentence(note))),
        _ => unit.state_note().map(|note| (Level::Warning, sentence(note))),
    }
}

/// Warnings of a run with the variant that each is of; what [`unit_line`] says is left out.
pub fn warnings(run: &Run) -> Vec<(Option<String>, String)> {
    let of_request = run.resolved().warnings.iter().map(|warning| (None, sentence(&in_labels(warning))));
    let of_units = run.units().iter().flat_map(|unit| {
        let prefix = format!("{}: ", unit.name);
        let own = unit.warnings().into_iter().map(move |w| w.strip_prefix(&prefix).unwrap_or(&w).to_owned());
        let told = unit.state_note();
        own.filter(move |w| Some(w.as_str()) != told).map(|w| (Some(unit.name.clone()), sentence(&w)))
    });
    of_request.chain(of_units).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: Level, variant: Option<&str>, message: &str) -> LogLine {
        LogLine {
            run: "a".into(),
            line: 0,
            time_ms: 1_000,
            level,
            variant: variant.map(str::to_owned),
            date: Some("2026-01-05T08:00:00Z".into()),
            message: message.into(),
        }
    }

    #[test]
    fn filters_narrow_by_level_variant_and_text() {
        let lines = [
            line(Level::Info, None, "Begun."),
            line(Level::Warning, Some("A"), "Two open at the end."),
            line(Level::Error, Some("B"), "Failed. Data: no pack."),
        ];
        let all = || Filter { least: Level::Info, variant: None, text: String::new() };
        let count = |filter: Filter| lines.iter().filter(|line| filter.takes(line)).count();
        assert_eq!(count(all()), 3);
        assert_eq!(count(Filter { least: Level::Warning, ..all() }), 2);
        assert_eq!(count(Filter { variant: Some("B".into()), ..all() }), 1);
        assert_eq!(count(Filter { text: " OPEN".into(), ..all() }), 1);
        assert_eq!(count(Filter { text: "open".into(), least: Level::Error, ..all() }), 0);
    }

    #[test]
    fn lines_are_json_one_object_each() {
        let lines = [line(Level::Info, None, "a \"quoted\"\nword"), line(Level::Error, Some("A"), "b")];
        let text = json_lines(&lines);
        let objects: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(
            objects,
            [
                json!({"time": "1970-01-01T00:00:01Z", "level": "info", "run": "a", "variant": null,
                    "date": "2026-01-05T08:00:00Z", "message": "a \"quoted\"\nword"}),
                json!({"time": "1970-01-01T00:00:01Z", "level": "error", "run": "a", "variant": "A",
                    "date": "2026-01-05T08:00:00Z", "message": "b"}),
            ]
        );
        assert!(text.ends_with('\n'));
        assert_eq!(json_lines(&[]), "");
    }
}
