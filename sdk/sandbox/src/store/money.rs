//! Amounts of money and the wallets that hold them. Nothing is rounded twice, lost or made.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use serde_json::{Value, json};

/// An amount in hundredths of the minor unit, since fees have two digits after the point: 283.34 pence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Money(i128);

impl Money {
    pub(crate) const ZERO: Self = Self(0);

    /// An amount in the minor unit.
    pub(crate) fn minor(amount: u64) -> Self {
        Self(i128::from(amount) * 100)
    }

    /// An amount in the major unit, such as `4.25`, with at most two digits after the point. `None` if it is no such
    /// number, or is not positive.
    pub(crate) fn major(text: &str) -> Option<Self> {
        let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || fraction.len() > 2 || !digits(whole) || !digits(fraction) {
            return None;
        }
        let minor: u64 = format!("{whole}{fraction:0<2}").parse().ok()?;
        (minor > 0).then(|| Self::minor(minor))
    }

    /// This many times the amount. `None` if that is beyond all money.
    pub(crate) fn times(self, count: u64) -> Option<Self> {
        self.0.checked_mul(i128::from(count)).map(Self)
    }

    /// A part of it, rounded to the nearest hundredth of the minor unit.
    fn part(self, numerator: i128, denominator: i128) -> Self {
        Self((2 * self.0 * numerator + denominator).div_euclid(2 * denominator))
    }

    /// What an amount per hour is for this many seconds.
    pub(crate) fn for_seconds(self, seconds: u64) -> Self {
        self.part(i128::from(seconds), 3600)
    }

    pub(crate) fn percent(self, percent: u64) -> Self {
        self.part(i128::from(percent), 100)
    }

    /// In the minor unit, without what is after the point.
    pub(crate) fn whole(self) -> i128 {
        self.0.div_euclid(100)
    }

    /// In the minor unit, as responses show it: a whole number, or one with two digits after the point.
    #[allow(clippy::cast_precision_loss, reason = "what a wallet holds is far below the limit of exact numbers")]
    pub(crate) fn to_json(self) -> Value {
        if self.0 % 100 == 0 {
            json!(i64::try_from(self.whole()).unwrap_or(i64::MAX))
        } else {
            json!(self.0 as f64 / 100.0)
        }
    }
}

/// In the major unit, such as `1,234.50`, with two more digits if there are parts of the minor unit.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 10_000, self.0.unsigned_abs() % 10_000);
        let digits = whole.to_string();
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        if part % 100 == 0 {
            write!(f, "{sign}{grouped}.{:02}", part / 100)
        } else {
            write!(f, "{sign}{grouped}.{part:04}")
        }
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// What somebody is paid, and what comes on top.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Price {
    pub(crate) reward: Money,
    /// A third of the reward.
    pub(crate) fee: Money,
    /// A fifth of the fee.
    pub(crate) vat: Money,
}

impl Price {
    /// Fees and VAT are those of the vendor's example of a balance: 450, 150 and 30.
    pub(crate) fn of(reward: Money) -> Self {
        let fee = reward.part(1, 3);
        Self { reward, fee, vat: fee.part(1, 5) }
    }

    pub(crate) fn total(self) -> Money {
        self.reward + self.fee + self.vat
    }

    /// This many of it. `None` if that is beyond all money.
    pub(crate) fn times(self, count: u64) -> Option<Self> {
        Some(Self { reward: self.reward.times(count)?, fee: self.fee.times(count)?, vat: self.vat.times(count)? })
    }
}

impl Add for Price {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { reward: self.reward + other.reward, fee: self.fee + other.fee, vat: self.vat + other.vat }
    }
}

impl Sum for Price {
    fn sum<I: Iterator<Item = Self>>(prices: I) -> Self {
        prices.fold(Self::default(), Add::add)
    }
}

/// There is not as much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLittle {
    pub(crate) needed: Money,
    pub(crate) available: Money,
}

/// The money of one workspace. What was deposited is available, reserved for a study, or paid.
#[derive(Debug, Default)]
pub(crate) struct Wallet {
    available: Money,
    /// By the id of the study. Without entries of nothing.
    reserved: BTreeMap<String, Money>,
    paid: Money,
}

impl Wallet {
    pub(crate) fn new(deposit: Money) -> Self {
        Self { available: deposit, ..Self::default() }
    }

    pub(crate) fn available(&self) -> Money {
        self.available
    }

    pub(crate) fn reserved(&self) -> Money {
        self.reserved.values().copied().sum()
    }

    pub(crate) fn reserved_for(&self, study: &str) -> Money {
        self.reserved.get(study).copied().unwrap_or_default()
    }

    pub(crate) fn paid(&self) -> Money {
        self.paid
    }

    /// Makes this the amount that is reserved for a study: takes what is missing, and gives back what is too much.
    pub(crate) fn reserve(&mut self, study: &str, amount: Money) -> Result<(), TooLittle> {
        let held = self.reserved_for(study);
        let needed = amount - held;
        if needed > self.available {
            return Err(TooLittle { needed, available: self.available });
        }
        self.available -= needed;
        if amount > Money::ZERO {
            self.reserved.insert(study.to_owned(), amount);
        } else {
            self.reserved.remove(study);
        }
        Ok(())
    }

    /// Pays out of what is reserved for a study, and the rest out of what is available.
    pub(crate) fn pay(&mut self, study: Option<&str>, amount: Money) -> Result<(), TooLittle> {
        let held = study.map_or(Money::ZERO, |study| self.reserved_for(study)).min(amount);
        let needed = amount - held;
        if needed > self.available {
            return Err(TooLittle { needed, available: self.available });
        }
        if let Some(study) = study.filter(|_| held > Money::ZERO) {
            let left = self.reserved_for(study) - held;
            if left > Money::ZERO {
                self.reserved.insert(study.to_owned(), left);
            } else {
                self.reserved.remove(study);
            }
        }
        self.available -= needed;
        self.paid += amount;
        Ok(())
    }
}

/// What an amount consists of, as the balance of a workspace shows it.
pub(crate) fn breakdown(total: Money) -> Value {
    // Of 630, 450 are rewards, 150 fees and 30 VAT.
    let rewards = total.part(15, 21);
    let fees = rewards.part(1, 3);
    let whole = |amount: Money| i64::try_from(amount.whole()).unwrap_or(i64::MAX);
    json!({
        "rewards": whole(rewards),
        "fees": whole(fees),
        "vat": whole(total) - whole(rewards) - whole(fees),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_that_of_the_vendors_examples() {
        let price = Price::of(Money::minor(450));
        assert_eq!((price.fee, price.vat), (Money::minor(150), Money::minor(30)));
        // Two bonuses of 4.25: the fee is rounded for each.
        assert_eq!(Price::of(Money::minor(425)).times(2).unwrap().fee.to_json(), json!(283.34));
        assert_eq!(breakdown(Money::minor(630)), json!({"rewards": 450, "fees": 150, "vat": 30}));
    }

    #[test]
    fn amounts_are_shown_in_the_major_unit() {
        let shown = [0, 5, 123_450, 100_000_000].map(|minor| Money::minor(minor).to_string());
        assert_eq!(shown, ["0.00", "0.05", "1,234.50", "1,000,000.00"]);
        assert_eq!(Money(28_334).to_string(), "2.8334");
        assert_eq!((Money::ZERO - Money::minor(1050)).to_string(), "-10.50");
    }

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        for (text, minor) in [("4.25", 425), ("30", 3000), ("0.5", 50), (" 1.00 ", 100), ("12.", 1200)] {
            assert_eq!(Money::major(text), Some(Money::minor(minor)), "{text}");
        }
        for text in ["", "0", "0.00", "-1", "+1", "1.005", "1e3", ".5", "1,5", "9999999999999", "1.-1"] {
            assert_eq!(Money::major(text), None, "{text}");
        }
    }

    #[test]
    fn a_wallet_refuses_what_it_does_not_have_and_changes_nothing_then() {
        let mut wallet = Wallet::new(Money::minor(100));
        assert_eq!(wallet.reserve("s", Money::minor(60)), Ok(()));
        let short = TooLittle { needed: Money::minor(50), available: Money::minor(40) };
        assert_eq!(wallet.reserve("s", Money::minor(110)), Err(short));
        assert_eq!(wallet.pay(None, Money::minor(50)), Err(short));
        assert_eq!(wallet.pay(Some("s"), Money::minor(100)), Ok(()));
        assert_eq!(
            (wallet.available(), wallet.reserved(), wallet.paid()),
            (Money::ZERO, Money::ZERO, Money::minor(100))
        );
    }
}
