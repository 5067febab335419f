//! Half-spreads at the nodes of |delta| and the rows that have a touch.

use super::linear::solve;
use crate::market::surface::place;

/// One recorded touch against the fitted mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TouchTarget {
    /// |delta| of the contract.
    pub abs_delta: f64,
    /// Distance from the fitted mark, away from it positive, in half-spread units.
    pub distance: f64,
    /// Tick at the touch in half-spread units.
    pub tick: f64,
}

/// Numbers of one touch.
const N: usize = 6;
/// Steps of the reweighting that turns squares into absolute values.
const STEPS: usize = 12;
/// Deviation under which a touch counts as met, in half-spread units.
const MET: f64 = 0.6;
/// Pull of neighbouring nodes towards each other, which decides where no touch is near a node.
const PULL: f64 = 1e-4;

/// The distances at the nodes with the least sum of absolute deviations in ticks, rounded.
///
/// Iteratively reweighted least squares (E. J. Schlossmacher, JASA 68, 1973).
pub fn fit_distances(targets: &[TouchTarget]) -> [i32; N] {
    let mut nodes = [0.0; N];
    for step in 0..=STEPS {
        let (mut hessian, mut right) = ([[0.0; N]; N], [0.0; N]);
        for target in targets {
            let (node, share) = place(target.abs_delta);
            let deviation = target.distance - (nodes[node] * (1.0 - share) + nodes[node + 1] * share);
            let weight = if step == 0 { 1.0 } else { 1.0 / f64::max(deviation.abs(), MET) } / target.tick;
            for (i, left) in [(node, 1.0 - share), (node + 1, share)] {
                for (j, other) in [(node, 1.0 - share), (node + 1, share)] {
                    hessian[i][j] += weight * left * other;
                }
                right[i] += weight * left * target.distance;
            }
        }
        for node in 1..N {
            for (i, j, pull) in
                [(node, node, PULL), (node - 1, node - 1, PULL), (node, node - 1, -PULL), (node - 1, node, -PULL)]
            {
                hessian[i][j] += pull;
            }
        }
        let Some(solved) = solve(hessian, right) else { break };
        nodes = solved;
    }
    nodes.map(|distance| distance.round() as i32)
}

/// The run of rows, first and end, that agrees best with which rows have the touch; the first of equals.
pub fn quoted_rows(is_quoted: impl Iterator<Item = bool>) -> [u16; 2] {
    let (mut best, mut rows) = (0, [0, 0]);
    let (mut sum, mut first) = (0, 0);
    for (row, is_quoted) in (0..u16::MAX).zip(is_quoted) {
        if sum <= 0 {
            (sum, first) = (0, row);
        }
        sum += if is_quoted { 1 } else { -1 };
        if sum > best {
            (best, rows) = (sum, [first, row + 1]);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_found_again_in_spite_of_an_outlier() {
        let target = |i: u8| {
            let abs_delta = f64::from(i) / 50.0;
            let distance = if i == 20 { 400.0 } else { 4.0 + 32.0 * (abs_delta - 0.25).max(0.0) };
            TouchTarget { abs_delta, distance, tick: 2.0 }
        };
        let targets: Vec<TouchTarget> = (1..50).map(target).collect();
        // a touch is known to half a tick, here one unit
        let near = |(fitted, truth): (i32, f64)| (f64::from(fitted) - truth).abs() <= 1.0;
        let fitted = fit_distances(&targets);
        let truth = [4.0, 4.0, 4.0, 7.2, 15.2, 26.4];
        assert!(fitted.into_iter().zip(truth).all(near), "{fitted:?}");
    }

    #[test]
    fn nodes_without_touches_follow_their_neighbours() {
        let targets: Vec<TouchTarget> =
            [0.05, 0.15, 0.25].map(|abs_delta| TouchTarget { abs_delta, distance: 3.0, tick: 2.0 }).to_vec();
        assert_eq!(fit_distances(&targets), [3; 6]);
        assert_eq!(fit_distances(&[]), [0; 6]);
    }

    #[test]
    fn the_best_run_of_rows_is_taken() {
        let rows = |text: &str| quoted_rows(text.chars().map(|c| c == 'x').collect::<Vec<_>>().into_iter());
        assert_eq!(rows("..xxx.xx..x"), [2, 8]);
        assert_eq!(rows("....."), [0, 0]);
        assert_eq!(rows("xxxx"), [0, 4]);
    }
}
