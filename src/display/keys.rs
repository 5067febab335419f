//! Keys of a page, while nothing is being typed, and those of a chart that has the focus.

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Starts, pauses or resumes.
    RunOrPause,
    /// One mark.
    Step,
    /// Stops.
    Stop,
    /// Compares the variants of what is shown, or the runs that are selected.
    Compare,
    /// Copies the link.
    Share,
    /// Goes to the search over the kept runs.
    Search,
    /// Goes to this list.
    Help,
}

/// Every shortcut: its key as the browser names it, the key's name, and what it does; first those of the Backtest page.
pub const SHORTCUTS: [(Shortcut, &str, &str, &str); 7] = [
    (Shortcut::RunOrPause, " ", "Space", "Starts the run; pauses and resumes it."),
    (Shortcut::Step, ".", ".", "Walks one mark."),
    (Shortcut::Stop, "Escape", "Escape", "Stops the run, where it closes nothing else."),
    (Shortcut::Share, "s", "S", "Copies the link."),
    (Shortcut::Compare, "c", "C", "Compares the variants of a run; on the Runs page the runs that are selected."),
    (Shortcut::Search, "/", "/", "Searches the kept runs."),
    (Shortcut::Help, "?", "?", "Shows this list."),
];
/// How many of them work on the Backtest page; the others on every page.
pub const OF_BACKTEST: usize = 5;

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

/// What a key does to the span that a chart shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Half of it.
    Closer,
    /// Twice of it.
    Wider,
    /// A quarter to the left.
    Earlier,
    /// A quarter to the right.
    Later,
    /// The whole axis, and no crosshair.
    Whole,
}

/// What a key does to a chart's span, named as the browser names it; `None` where it does nothing.
pub fn look(key: &str, is_shifted: bool) -> Option<Look> {
    match key {
        "+" | "=" => Some(Look::Closer),
        "-" | "_" => Some(Look::Wider),
        "[" => Some(Look::Earlier),
        "]" => Some(Look::Later),
        "PageUp" if is_shifted => Some(Look::Earlier),
        "PageDown" if is_shifted => Some(Look::Later),
        "Escape" => Some(Look::Whole),
        _ => None,
    }
}

/// Where a key leads among things in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// To the one before.
    Back,
    /// To the next.
    On,
    /// To the first.
    First,
    /// To the last.
    Last,
}

/// A part of the page with keys of its own.
pub struct Place {
    /// What it is called.
    pub name: &'static str,
    /// What its keys do.
    pub words: &'static str,
    keys: &'static [(&'static str, Walk)],
}

impl Place {
    /// Where a key leads, named as the browser names it; `None` where it leads nowhere.
    pub fn walk(&self, key: &str) -> Option<Walk> {
        self.keys.iter().find(|(name, _)| *name == key).map(|(_, walk)| *walk)
    }
}

/// The tabs.
pub const TABS: Place = Place {
    name: "Tabs",
    words: "Left and right, Home and End.",
    keys: &[("ArrowLeft", Walk::Back), ("ArrowRight", Walk::On), ("Home", Walk::First), ("End", Walk::Last)],
};
/// The rows of the steps.
pub const STEPS: Place = Place {
    name: "Steps",
    words: "Up and down move from row to row, with the crosshair of the chart; Home and End to the first and the last. Enter says why.",
    keys: &[("ArrowUp", Walk::Back), ("ArrowDown", Walk::On), ("Home", Walk::First), ("End", Walk::Last)],
};
/// The panel that says why.
pub const WHY: Place = Place {
    name: "Why",
    words: "Left and up to the earlier step, right and down to the later one; Escape closes.",
    keys: &[("ArrowLeft", Walk::Back), ("ArrowUp", Walk::Back), ("ArrowRight", Walk::On), ("ArrowDown", Walk::On)],
};
/// Day and time of a snapshot.
pub const SNAPSHOT: Place = Place {
    name: "Day and time",
    words: "On the Data page, left and right walk from snapshot to snapshot.",
    keys: &[("ArrowLeft", Walk::Back), ("ArrowRight", Walk::On)],
};
/// The places with keys of their own, and what they do there.
pub const PLACES: [(&str, &str); 5] = [
    (TABS.name, TABS.words),
    (STEPS.name, STEPS.words),
    (WHY.name, WHY.words),
    (SNAPSHOT.name, SNAPSHOT.words),
    (
        "Calendar",
        "On the coverage of the Data page, up and down move by days, left and right by weeks, with Shift by four; Enter opens the day.",
    ),
];

/// How a chart is used: keys or gestures, and what they do.
pub const CHART: [(&str, &str); 8] = [
    ("← →", "Move the crosshair by a mark; with Shift by a day, or by ten marks where they are that far apart."),
    ("Home, End", "Move the crosshair to the first or the last mark."),
    ("+ −", "Zoom in and out about the crosshair."),
    ("[ ]", "Move what is zoomed left and right; so do Shift with Page Up and Page Down."),
    ("Escape", "Shows all of it again, without the crosshair."),
    ("Enter", "On the chart of a run: says why the strategy did what it did there."),
    (
        "Mouse",
        "Press the chart of a run to ask why. Drag to zoom, drag with Shift to move, turn the wheel with Ctrl to zoom, double click for all of it.",
    ),
    ("Touch", "One finger moves the crosshair, two zoom and move, a double tap shows all of it."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_s_keys_are_no_shortcuts_of_the_page() {
        for (key, is_shifted, expected) in [
            ("+", true, Some(Look::Closer)),
            ("=", false, Some(Look::Closer)),
            ("-", false, Some(Look::Wider)),
            ("[", false, Some(Look::Earlier)),
            ("PageDown", true, Some(Look::Later)),
            ("PageDown", false, None),
            ("Escape", false, Some(Look::Whole)),
            ("c", false, None),
        ] {
            assert_eq!(look(key, is_shifted), expected, "{key}");
            let is_shared = look(key, is_shifted).is_some() && shortcut(key, "DIV", false).is_some();
            assert_eq!(is_shared, key == "Escape", "{key}");
        }
    }

    #[test]
    fn every_key_of_a_place_is_in_its_words() {
        for place in [TABS, STEPS, WHY, SNAPSHOT] {
            assert!(!place.keys.is_empty());
            for (key, walk) in place.keys {
                assert_eq!(place.walk(key), Some(*walk));
                let name = key.trim_start_matches("Arrow").to_lowercase();
                assert!(place.words.to_lowercase().contains(&name), "{}: {key}", place.name);
            }
            assert_eq!(place.walk("a"), None);
        }
    }

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
