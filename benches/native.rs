//! The kernels of `chainwalk::bench`, natively: on the made-up year, or on the data folder that `CHAINWALK_BENCH_DATA` names.

use chainwalk::bench::{Bench, EXPECTED_PATH, Kernel};
use chainwalk::market::{Catalog, MemorySource};
use criterion::{Criterion, criterion_group, criterion_main};
use std::path::Path;
use std::time::Duration;

fn folder(path: &Path) -> MemorySource {
    let read = |name: &str| std::fs::read(path.join(name));
    let catalog = read("catalog.json").expect("a data folder with its catalog");
    let packs = Catalog::parse(&catalog).expect("a sound catalog").datasets.remove(0).packs;
    let mut files = std::collections::BTreeMap::from([("catalog.json".to_string(), catalog)]);
    files.extend(packs.into_iter().map(|pack| (pack.path.clone(), read(&pack.path).expect("the catalog's packs"))));
    if let Ok(expected) = read(EXPECTED_PATH) {
        files.insert(EXPECTED_PATH.into(), expected);
    }
    MemorySource { files }
}

fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1000.0)
}

fn kernels(c: &mut Criterion) {
    let data = std::env::var_os("CHAINWALK_BENCH_DATA");
    let bench = match &data {
        Some(path) => Bench::new(folder(Path::new(path))),
        None => Bench::made_up(),
    };
    let bench = bench.expect("the expected results");
    println!(
        "{}: {} options, peak {:.0} MB once loaded and run",
        bench.dataset().id,
        bench.options(),
        peak_mb().unwrap_or(0.0)
    );
    bench.check_pricing().expect("prices and volatilities agree");
    for kernel in Kernel::ALL {
        let right = bench.round(kernel).expect("a sound folder");
        println!("{}: {} items a round", kernel.name(), bench.items(kernel));
        c.bench_function(kernel.name(), |b| b.iter(|| assert_eq!(bench.round(kernel), Ok(right))));
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = kernels
}
criterion_main!(benches);
