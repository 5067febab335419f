//! Gross to net in words: the lines of the cost table.

use crate::metrics::CostColumn;

/// How many times the costs are charged, column by column.
pub const MULTIPLES: [f64; 4] = [0.0, 1.0, 2.0, 3.0];

/// What the columns are.
pub const NOTE: &str = "The same trades priced again with fees and slippage times 0 to 3. The spread is inside the fills, not a cost here.";

/// Words, what they mean, and the amount in the quote currency.
pub type Line = (&'static str, &'static str, fn(&CostColumn) -> f64);

/// The lines from top to bottom.
pub const LINES: [Line; 5] = [
    ("Gross", "Premiums before slippage and rounding, less closings and settlements.", |c| c.gross),
    ("Slippage", "What the configured slippage and the rounding to ticks took.", |c| -c.slippage),
    ("Fees", "Opening, closing and delivery.", |c| -c.fees),
    ("Open options", "At their mark.", |c| c.open_value),
    ("Net", "PnL against HODL.", |c| c.net),
];

/// What a column is called.
pub fn multiple_words(multiple: f64) -> String {
    match multiple as u32 {
        0 => "No costs".into(),
        1 => "As set".into(),
        n => format!("× {n}"),
    }
}
