//! The few elements of HTML that a report is made of; whatever text they take is escaped.

use crate::display::key_numbers::Cell;
use crate::display::svg::escaped;

/// A column of a table: its words, and whether it holds numbers.
pub type Column<'a> = (&'a str, bool);

/// A cell of plain text.
pub fn plain(main: impl Into<String>) -> Cell {
    Cell { main: main.into(), below: String::new(), sign: "", title: "" }
}

/// An element with text; `class` may be empty.
pub fn element(name: &str, class: &str, text: &str) -> String {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!("<{name}{class}>{}</{name}>\n", escaped(text))
}

/// A part of the report under its title.
pub fn section(title: &str, body: &str) -> String {
    format!("<section>\n{}{body}</section>\n", element("h2", "", title))
}

/// What may be wider than the page and then scrolls, by keys too.
pub fn scrolling(label: &str, body: &str) -> String {
    let label = escaped(label);
    format!("<div class=\"box\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">{body}</div>\n")
}

/// A table whose head is repeated on every printed page; the first cell of a row is its head.
pub fn table(class: &str, label: &str, columns: &[Column<'_>], rows: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let number = |place: usize| if columns.get(place).is_some_and(|column| column.1) { " class=\"num\"" } else { "" };
    let head: String = columns
        .iter()
        .enumerate()
        .map(|(i, (words, _))| format!("<th scope=\"col\"{}>{}</th>", number(i), escaped(words)))
        .collect();
    let cell = |(i, cell): (usize, &Cell)| {
        let (name, scope) = if i == 0 { ("th", " scope=\"row\"") } else { ("td", "") };
        format!("<{name}{scope}{}{}>{}{}</{name}>", number(i), signed(cell.sign), escaped(&cell.main), below(cell))
    };
    let rows: String = rows
        .into_iter()
        .map(|row| format!("<tr>{}</tr>\n", row.iter().enumerate().map(cell).collect::<String>()))
        .collect();
    let head = format!("<thead><tr>{head}</tr></thead>");
    scrolling(label, &format!("<table class=\"{class}\">\n{head}\n<tbody>\n{rows}</tbody>\n</table>"))
}

fn signed(sign: &str) -> String {
    if sign.is_empty() { String::new() } else { format!(" data-sign=\"{sign}\"") }
}

fn below(cell: &Cell) -> String {
    if cell.below.is_empty() { String::new() } else { format!("<small>{}</small>", escaped(&cell.below)) }
}

/// A few figures under their names.
pub fn tiles<const N: usize>(figures: [(&str, Cell); N]) -> String {
    let tile = |(name, cell): (&str, Cell)| {
        let (name, sign, main) = (escaped(name), signed(cell.sign), escaped(&cell.main));
        format!("<div><dt>{name}</dt><dd><b{sign}>{main}</b>{}</dd></div>\n", below(&cell))
    };
    format!("<dl class=\"tiles\">\n{}</dl>\n", figures.map(tile).concat())
}

/// Names and values.
pub fn terms(rows: &[(String, String)]) -> String {
    let row = |(name, value): &(String, String)| {
        format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(name), escaped(value))
    };
    format!("<dl>\n{}</dl>\n", rows.iter().map(row).collect::<String>())
}

/// A list of sentences.
pub fn list(sentences: &[String]) -> String {
    format!("<ul>\n{}</ul>\n", sentences.iter().map(|text| element("li", "", text)).collect::<String>())
}
