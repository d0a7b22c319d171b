//! Medians and tables.

/// The value in the middle; 0 where there is none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// The quarter and three-quarter points: how far the values lie apart.
pub fn quartiles(values: &[f64]) -> (f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
    (at(sorted.len() / 4), at(sorted.len() * 3 / 4))
}

/// The median, element by element, of `left / right`: both of one round suffer the same disturbances.
pub fn ratio(left: &[f64], right: &[f64]) -> (f64, (f64, f64)) {
    let ratios: Vec<_> = left.iter().zip(right).map(|(left, right)| left / right).collect();
    (median(&ratios), quartiles(&ratios))
}

/// Prints rows under their headings, the columns as wide as their widest cell.
pub fn print_table(headings: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(String::len);
        cells.chain(headings.get(column).map(|heading| heading.len())).max().unwrap_or_default()
    };
    let print = |cells: Vec<&str>| {
        let padded: Vec<_> =
            cells.iter().enumerate().map(|(column, cell)| format!("{cell:<0$}", width(column))).collect();
        println!("| {} |", padded.join(" | "));
    };
    print(headings.to_vec());
    println!(
        "|{}|",
        (0..headings.len()).map(|column| "-".repeat(width(column) + 2)).collect::<Vec<_>>().join("|")
    );
    for row in rows {
        print(row.iter().map(String::as_str).collect());
    }
}
