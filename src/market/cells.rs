//! Values of options sorted into cells by days to expiry and by delta, with the medians of the cells.

/// Upper bounds of the rows, days to expiry; the last row has none.
pub const DAYS: [f64; 7] = [2.0, 10.0, 21.0, 45.0, 135.0, 270.0, 400.0];

/// Values by row and column.
///
/// ```text
/// row    = the first bound of DAYS above the days to expiry
/// column = the first bound above the position, which is a delta
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    bounds: &'static [f64],
    /// Row by row.
    values: Vec<Vec<f32>>,
}

impl Cells {
    /// Empty cells with columns between ascending bounds; one column more than bounds.
    pub fn new(bounds: &'static [f64]) -> Cells {
        Cells { bounds, values: vec![Vec::new(); (DAYS.len() + 1) * (bounds.len() + 1)] }
    }

    /// Rows, and columns.
    pub fn size(&self) -> (usize, usize) {
        (DAYS.len() + 1, self.bounds.len() + 1)
    }

    /// Adds a value of an option `days` before its expiry.
    pub fn add(&mut self, days: f64, position: f64, value: f64) {
        let row = DAYS.partition_point(|bound| *bound <= days);
        let column = self.bounds.partition_point(|bound| *bound <= position);
        let place = self.place(row, column);
        self.values[place].push(value as f32);
    }

    /// Adds what another collection with the same columns holds.
    pub fn extend(&mut self, other: &Cells) {
        for (mine, theirs) in self.values.iter_mut().zip(&other.values) {
            mine.extend_from_slice(theirs);
        }
    }

    /// Count of a cell's values.
    pub fn count(&self, row: usize, column: usize) -> usize {
        self.values[self.place(row, column)].len()
    }

    /// The median of a cell; `None` where it is empty.
    pub fn median(&self, row: usize, column: usize) -> Option<f64> {
        quantile(self.values[self.place(row, column)].iter().copied(), 0.5)
    }

    /// The median of the sizes of a cell's values; `None` where it is empty.
    pub fn median_size(&self, row: usize, column: usize) -> Option<f64> {
        quantile(self.values[self.place(row, column)].iter().map(|v| v.abs()), 0.5)
    }

    /// All values, cell by cell.
    pub fn all(&self) -> impl Iterator<Item = f32> + '_ {
        self.values.iter().flatten().copied()
    }

    /// All values of a column.
    pub fn column(&self, column: usize) -> impl Iterator<Item = f32> + '_ {
        (0..=DAYS.len()).flat_map(move |row| &self.values[self.place(row, column)]).copied()
    }

    /// All values of a row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = f32> + '_ {
        (0..=self.bounds.len()).flat_map(move |column| &self.values[self.place(row, column)]).copied()
    }

    fn place(&self, row: usize, column: usize) -> usize {
        row * (self.bounds.len() + 1) + column
    }
}

/// The value below which a share of all lies, 0.5 for the median (the upper one of two); `None` of nothing.
pub fn quantile(values: impl Iterator<Item = f32>, share: f64) -> Option<f64> {
    let mut values: Vec<f32> = values.collect();
    let place = ((values.len() as f64 * share) as usize).min(values.len().checked_sub(1)?);
    let (_, value, _) = values.select_nth_unstable_by(place, f32::total_cmp);
    Some(f64::from(*value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fall_into_their_cells() {
        let mut cells = Cells::new(&[0.1, 0.5]);
        for (days, position, value) in
            [(0.5, 0.05, 1.0), (2.0, 0.1, -4.0), (2.0, 0.3, 2.0), (9.9, 0.49, 3.0), (400.0, 0.5, 5.0)]
        {
            cells.add(days, position, value);
        }
        assert_eq!(cells.size(), (8, 3));
        assert_eq!(
            (cells.median(0, 0), cells.median(1, 1), cells.median(7, 2)),
            (Some(1.0), Some(-4.0 + 6.0), Some(5.0))
        );
        assert_eq!((cells.count(1, 1), cells.median_size(1, 1), cells.median(3, 0)), (3, Some(3.0), None));
        assert_eq!((cells.column(1).count(), cells.row(1).count(), cells.all().count()), (3, 3, 5));
        let other = cells.clone();
        cells.extend(&other);
        assert_eq!(cells.count(1, 1), 6);
    }

    #[test]
    fn quantiles_are_of_the_values() {
        let values = [3.0, 1.0, 2.0, 4.0_f32];
        assert_eq!(quantile(values.into_iter(), 0.5), Some(3.0));
        assert_eq!(quantile(values.into_iter(), 1.0), Some(4.0));
        assert_eq!(quantile(std::iter::empty(), 0.5), None);
    }
}
