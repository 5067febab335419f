//! Sentences that are not broken within a day, or between a number and its unit.

use crate::display::format::pieces;
use leptos::either::Either;
use leptos::prelude::*;

/// A text whose pieces stay on a line.
pub fn unbroken(text: &str) -> AnyView {
    let show = |(piece, is_whole): (&str, bool)| match is_whole {
        true => Either::Left(view! { <span class="unbroken">{piece.to_owned()}</span> }),
        false => Either::Right(piece.to_owned()),
    };
    pieces(text).into_iter().map(show).collect_view().into_any()
}
