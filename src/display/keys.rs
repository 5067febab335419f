//! Keys that work anywhere on the page, while nothing is being typed.

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Starts, pauses or resumes.
    RunOrPause,
    /// One mark.
    Step,
    /// Stops.
    Stop,
    /// Compares the variants of what is shown.
    Compare,
    /// Copies the link.
    Share,
    /// Goes to the search over the kept runs.
    Search,
    /// Goes to this list.
    Help,
}

/// Every shortcut: its key as the browser names it, the key's name, and what it does.
pub const SHORTCUTS: [(Shortcut, &str, &str, &str); 7] = [
    (Shortcut::RunOrPause, " ", "Space", "Starts the run; pauses and resumes it."),
    (Shortcut::Step, ".", ".", "Walks one mark."),
    (Shortcut::Stop, "Escape", "Escape", "Stops the run, where it closes nothing else."),
    (Shortcut::Compare, "c", "C", "Compares the variants of a run."),
    (Shortcut::Share, "s", "S", "Copies the link."),
    (Shortcut::Search, "/", "/", "Searches the kept runs."),
    (Shortcut::Help, "?", "?", "Shows this list."),
];

/// What a key does, named as the browser names it; `None` where it does nothing.
///
/// `at` is the element that has the focus, by its tag in capitals: a key that is being typed, or presses the element, is
/// no shortcut.
pub fn shortcut(key: &str, at: &str, with_modifier: bool) -> Option<Shortcut> {
    let is_typed = matches!(at, "INPUT" | "SELECT" | "TEXTAREA");
    let is_pressed = key == " " && matches!(at, "BUTTON" | "A" | "SUMMARY");
    let found = SHORTCUTS.iter().find(|(_, name, ..)| name.eq_ignore_ascii_case(key)).map(|(shortcut, ..)| *shortcut);
    found.filter(|_| !with_modifier && !is_typed && !is_pressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_typed_or_press_something_are_no_shortcuts() {
        for (key, at, with_modifier, expected) in [
            (" ", "BODY", false, Some(Shortcut::RunOrPause)),
            (" ", "BUTTON", false, None),
            (".", "BUTTON", false, Some(Shortcut::Step)),
            (".", "INPUT", false, None),
            ("Escape", "BUTTON", false, Some(Shortcut::Stop)),
            ("s", "BODY", false, Some(Shortcut::Share)),
            ("S", "BODY", false, Some(Shortcut::Share)),
            ("s", "BODY", true, None),
            ("c", "TEXTAREA", false, None),
            ("?", "SELECT", false, None),
            ("?", "MAIN", false, Some(Shortcut::Help)),
            ("q", "BODY", false, None),
        ] {
            assert_eq!(shortcut(key, at, with_modifier), expected, "{key} at {at}");
        }
    }
}
