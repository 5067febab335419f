//! Small linear systems in fixed order.

/// Solves a symmetric positive definite system by Cholesky's factors; `None` where it is not one.
pub fn solve<const M: usize>(mut matrix: [[f64; M]; M], mut right: [f64; M]) -> Option<[f64; M]> {
    for column in 0..M {
        for row in column..M {
            let sum = matrix[row][column] - dot(&matrix[row][..column], &matrix[column][..column]);
            if row > column {
                matrix[row][column] = sum / matrix[column][column];
            } else if sum > 0.0 && sum.is_finite() {
                matrix[row][row] = sum.sqrt();
            } else {
                return None;
            }
        }
    }
    for row in 0..M {
        right[row] = (right[row] - dot(&matrix[row][..row], &right[..row])) / matrix[row][row];
    }
    for row in (0..M).rev() {
        for k in row + 1..M {
            right[row] -= matrix[k][row] * right[k];
        }
        right[row] /= matrix[row][row];
    }
    Some(right)
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).fold(0.0, |sum, (l, r)| sum + l * r)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_refuses() {
        let x = solve([[4.0, 2.0], [2.0, 3.0]], [10.0, 9.0]).expect("positive definite");
        assert!((x[0] - 1.5).abs() < 1e-15 && (x[1] - 2.0).abs() < 1e-15);
        assert_eq!(solve([[1.0, 2.0], [2.0, 1.0]], [1.0, 1.0]), None);
    }
}
