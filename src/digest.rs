//! Canonical bytes and their SHA-256: what makes two runs the same run.

use crate::engine::{Fill, Settled, Step, Worth};
use crate::market::Contract;
use crate::portfolio::{EntryKind, LedgerEntry};
use crate::pricing::OptionKind;
use sha2::{Digest as _, Sha256};

/// A SHA-256 as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('?'))
        .collect()
}

/// Collects canonical bytes: little-endian integers and f64 bits, -0 as 0, absent as one tag byte.
#[derive(Default)]
struct Canonical {
    bytes: Vec<u8>,
}

impl Canonical {
    fn tag(&mut self, tag: u8) {
        self.bytes.push(tag);
    }
    fn int(&mut self, value: i64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }
    fn float(&mut self, value: f64) {
        let value = if value == 0.0 { 0.0 } else { value };
        self.bytes.extend_from_slice(&value.to_bits().to_le_bytes());
    }
    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            None => self.tag(0),
            Some(value) => {
                self.tag(1);
                write(self, value);
            }
        }
    }
    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.int(items.len() as i64);
        for item in items {
            write(self, item);
        }
    }
    fn contract(&mut self, contract: &Contract) {
        self.int(contract.expiry.0);
        self.float(contract.strike.0);
        self.tag(match contract.kind {
            OptionKind::Call => b'C',
            OptionKind::Put => b'P',
        });
    }
    fn worth(&mut self, worth: &Worth) {
        self.float(worth.coin.0);
        self.float(worth.usd.0);
    }
    fn fill(&mut self, fill: &Fill, per_one: u32) {
        self.contract(&fill.contract);
        self.float(fill.quantity);
        self.int((fill.price * f64::from(per_one)).round() as i64);
        self.float(fill.fee);
        self.float(fill.slippage);
        self.int(fill.age_ms);
    }
    fn settled(&mut self, settled: &Settled) {
        self.contract(&settled.contract);
        self.float(settled.quantity);
        self.float(settled.delivery);
        self.float(settled.value);
        self.float(settled.fee);
    }
    fn entry(&mut self, entry: &LedgerEntry) {
        self.int(entry.time.0);
        self.tag(match entry.kind {
            EntryKind::Deposit => 0,
            EntryKind::Premium => 1,
            EntryKind::Fee => 2,
            EntryKind::Settlement => 3,
            EntryKind::Interest => 4,
            EntryKind::Liquidation => 5,
        });
        self.float(entry.coins.0);
        self.float(entry.cash.0);
        if entry.debt.0 != 0.0 {
            self.float(entry.debt.0);
        }
    }
    fn step(&mut self, step: &Step, per_one: u32) {
        self.int(step.time.0);
        self.int(step.snapshot_time.0);
        self.tag(u8::from(step.gap));
        self.option(step.scan, |c, counts| {
            c.int(i64::from(counts.candidates));
            counts.refused.iter().for_each(|n| c.int(i64::from(*n)));
        });
        self.option(step.best_score, Canonical::float);
        self.option(step.contract, |c, contract| c.contract(&contract));
        self.list(&step.fills, |c, fill| c.fill(fill, per_one));
        self.list(&step.settlements, Canonical::settled);
        self.list(&step.ledger, Canonical::entry);
        self.float(step.coins.0);
        self.float(step.cash.0);
        self.worth(&step.option_value);
        self.worth(&step.equity);
        self.worth(&step.hodl);
        if let Some(loan) = &step.loan {
            self.float(loan.debt.0);
            for ltv in [loan.unhedged.close, loan.unhedged.worst, loan.hedged.close, loan.hedged.worst] {
                self.option(ltv, Canonical::float);
            }
        }
    }
}

/// The digest of a run, fed one variant after another in request order.
#[derive(Default)]
pub struct RunDigest {
    hash: Sha256,
}

impl RunDigest {
    /// Adds a variant: its steps, and its final state as one byte; `per_one` is the tick rule's units in one.
    pub fn variant(&mut self, steps: &[Step], per_one: u32, state: u8) {
        let mut canonical = Canonical::default();
        for step in steps {
            canonical.bytes.clear();
            canonical.step(step, per_one);
            self.hash.update(&canonical.bytes);
        }
        self.hash.update([0xff, state]);
    }

    /// The digest as 64 lower-case hexadecimal digits.
    pub fn finish(self) -> String {
        hex(&self.hash.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal() {
        // FIPS 180-2, the empty message
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256_hex(b""), empty);
    }
}
