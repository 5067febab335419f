//! What the fields of a form say, read into figures, with a sentence at each field that says something else.

use super::{Field, Problem, Values};
use crate::market::is_dataset_id;
use std::str::FromStr;

/// A text field.
pub(super) fn text(section: &str, key: &str, label: &str, value: impl Into<String>, help: &str) -> Field {
    Field {
        key: key.into(),
        section: section.into(),
        label: label.into(),
        help: help.into(),
        value: value.into(),
        required: true,
        choices: Vec::new(),
    }
}

/// A field with choices: value and words.
pub(super) fn choice(
    section: &str,
    key: &str,
    label: &str,
    value: &str,
    choices: &[(&str, &str)],
    help: &str,
) -> Field {
    let choices = choices.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect();
    Field { choices, ..text(section, key, label, value, help) }
}

/// A field whose choices are the columns of a file; one that is not required may be none of them.
pub(super) fn column(
    section: &str,
    key: &str,
    label: &str,
    value: &str,
    names: &[String],
    help: &str,
    required: bool,
) -> Field {
    let none = if required { "Choose a column" } else { "None" };
    let choices: Vec<(&str, &str)> =
        std::iter::once(("", none)).chain(names.iter().map(|name| (name.as_str(), name.as_str()))).collect();
    Field { required, ..choice(section, key, label, value, &choices, help) }
}

/// The fields as they are read.
pub(super) struct Reading<'a> {
    values: &'a Values,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    pub(super) fn of(values: &Values) -> Reading<'_> {
        Reading { values, problems: Vec::new() }
    }

    /// What was read, unless a field is wrong.
    pub(super) fn finish<T>(self, read: T) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty() { Ok(read) } else { Err(self.problems) }
    }

    pub(super) fn refuse(&mut self, key: &str, text: String) {
        self.problems.push(Problem { key: key.into(), text });
    }

    /// The text of a field, empty where there is none.
    pub(super) fn text(&self, key: &str) -> String {
        self.values.get(key).map_or("", String::as_str).trim().to_owned()
    }

    /// The same, `None` where it is empty.
    pub(super) fn maybe(&self, key: &str) -> Option<String> {
        Some(self.text(key)).filter(|text| !text.is_empty())
    }

    /// The text of a field that must not be empty.
    pub(super) fn some(&mut self, key: &str, what: &str) -> String {
        let text = self.text(key);
        if text.is_empty() {
            self.refuse(key, format!("Found nothing, expected {what}."));
        }
        text
    }

    /// A figure that fits; the default where it does not.
    pub(super) fn figure<T: FromStr + Default>(&mut self, key: &str, fits: impl Fn(&T) -> bool, right: &str) -> T {
        let text = self.text(key);
        match text.parse::<T>().ok().filter(|value| fits(value)) {
            Some(value) => value,
            None => {
                self.refuse(key, format!("Found {text:?}, expected {right}."));
                T::default()
            }
        }
    }

    /// A rate per year.
    pub(super) fn rate(&mut self, key: &str) -> f64 {
        self.figure(key, |rate: &f64| rate.abs() <= 1.0, "a fraction between -1 and 1")
    }

    pub(super) fn minutes(&mut self, key: &str) -> u32 {
        self.figure(key, |n| (1..=10_080).contains(n), "whole minutes from 1 to 10080")
    }

    /// An id that no dataset has.
    pub(super) fn id(&mut self, taken: &[String]) -> String {
        let id = self.text("id");
        if !is_dataset_id(&id) {
            self.refuse("id", format!("Found {id:?}, expected lower-case letters, digits and hyphens."));
        } else if taken.contains(&id) {
            self.refuse("id", format!("Found {id:?}, which a dataset here already has, expected another id."));
        }
        id
    }
}

/// The id itself where it is free, else the first of `id-2`, `id-3` that is.
pub(super) fn free_id(id: &str, taken: &[String]) -> String {
    let is_free = |id: &String| !taken.contains(id);
    let numbered = (2..).map(|n| format!("{id}-{n}"));
    std::iter::once(id.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}
