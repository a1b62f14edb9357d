//! Amounts of money: exact decimals whose type says the unit. Knows no currency and no operation.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;

/// The digits of a mantissa, and of a scale: all integers of 64 bits fit, and three digits more than a float keeps.
const DIGITS: u8 = 20;

/// `mantissa` / 10^`scale`, with the smallest scale, so that equal amounts have equal fields.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
struct Decimal {
    mantissa: i128,
    scale: u8,
}

const fn power(digits: u8) -> i128 {
    10_i128.pow(digits as u32)
}

impl Decimal {
    const fn new(mantissa: i128) -> Self {
        Self { mantissa, scale: 0 }
    }

    /// `None` if it has too many digits.
    fn of(mut mantissa: i128, mut scale: i32) -> Option<Self> {
        while mantissa % 10 == 0 && scale > 0 {
            mantissa /= 10;
            scale -= 1;
        }
        while mantissa != 0 && scale < 0 {
            mantissa = mantissa.checked_mul(10)?;
            scale += 1;
        }
        let scale = u8::try_from(if mantissa == 0 { 0 } else { scale }).ok().filter(|scale| *scale <= DIGITS)?;
        (mantissa.unsigned_abs() < power(DIGITS).unsigned_abs()).then_some(Self { mantissa, scale })
    }

    /// The mantissa at this scale, which is not smaller than its own.
    fn at(self, scale: u8) -> Option<i128> {
        self.mantissa.checked_mul(power(scale.saturating_sub(self.scale)))
    }

    fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Self::of(self.at(scale)?.checked_add(other.at(scale)?)?, scale.into())
    }

    fn checked_mul(self, factor: i128) -> Option<Self> {
        Self::of(self.mantissa.checked_mul(factor)?, self.scale.into())
    }

    /// Moves the point to the left, or to the right.
    fn shifted(self, places: i32) -> Option<Self> {
        Self::of(self.mantissa, i32::from(self.scale) + places)
    }

    /// Reads `-12.50`; with an exponent only if it is a number of JSON.
    fn parse(text: &str, may_have_exponent: bool) -> Option<Self> {
        let (text, exponent) = match text.split_once(['e', 'E']).filter(|_| may_have_exponent) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok().filter(|given| given.abs() < 400)?),
            None => (text, 0),
        };
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let mantissa = format!("{whole}{fraction}").parse::<i128>().ok()?;
        Self::of(if negative { -mantissa } else { mantissa }, i32::try_from(fraction.len()).ok()? - exponent)
    }

    /// Writes it with at least so many digits behind the point.
    fn fmt(self, f: &mut fmt::Formatter<'_>, places: u8) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", self.mantissa.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let fraction = format!("{fraction:0<places$}", places = usize::from(places));
        let point = if fraction.is_empty() { "" } else { "." };
        f.pad(&format!("{sign}{whole}{point}{fraction}"))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // The parts before and behind the point, both with the sign.
        let parts = |given: &Self| {
            let unit = power(given.scale);
            (given.mantissa / unit, given.mantissa % unit * power(DIGITS - given.scale))
        };
        parts(self).cmp(&parts(other))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.scale == 0 {
            if let Ok(integer) = i64::try_from(self.mantissa) {
                return serializer.serialize_i64(integer);
            }
            if let Ok(integer) = u64::try_from(self.mantissa) {
                return serializer.serialize_u64(integer);
            }
        }
        let text = Plain(*self).to_string();
        match text.parse::<f64>() {
            Ok(number) if Self::parse(&number.to_string(), true) == Some(*self) => serializer.serialize_f64(number),
            _ => Err(S::Error::custom(format_args!("{text} has more digits than a number in JSON can have"))),
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Through the text, which is the shortest that stands for the number: 66.67, and not what binary makes of it.
        let text = match Value::deserialize(deserializer)? {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text,
            _ => return Err(D::Error::custom("an amount of money is not a number")),
        };
        Self::parse(&text, true).ok_or_else(|| D::Error::custom("an amount of money cannot be read"))
    }
}

struct Plain(Decimal);

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f, 0)
    }
}

/// A text that is not an amount: digits, and a point with more digits if there is a fraction. No currency, no spaces, no
/// thousands separators, at most 20 digits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidAmount;

impl fmt::Display for InvalidAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an amount: write digits, such as 12 or 12.50")
    }
}

impl std::error::Error for InvalidAmount {}

/// An amount of one unit, which is written with at least so many digits behind the point, and has at most so many.
macro_rules! amount {
    ($(#[$doc:meta])* $name:ident, $places:literal, $scale:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(transparent))]
        pub struct $name(#[cfg_attr(feature = "schemars", schemars(with = "f64"))] Decimal);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(Decimal::new(0));

            fn of(decimal: Decimal) -> Option<Self> {
                (decimal.scale <= $scale).then_some(Self(decimal))
            }

            /// The sum. `None` if it has more than 20 digits.
            #[must_use]
            pub fn checked_add(self, other: Self) -> Option<Self> {
                self.0.checked_add(other.0).and_then(Self::of)
            }

            /// The difference. `None` if it has more than 20 digits.
            #[must_use]
            pub fn checked_sub(self, other: Self) -> Option<Self> {
                self.checked_add(Self(other.0.checked_mul(-1)?))
            }

            /// So many times the amount. `None` if it has more than 20 digits.
            #[must_use]
            pub fn checked_mul(self, times: u32) -> Option<Self> {
                self.0.checked_mul(times.into()).and_then(Self::of)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f, $places)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        /// Reads what `Display` writes.
        impl FromStr for $name {
            type Err = InvalidAmount;

            fn from_str(text: &str) -> Result<Self, InvalidAmount> {
                Decimal::parse(text, false).and_then(Self::of).ok_or(InvalidAmount)
            }
        }

        /// As a number. One that JSON's readers would round is an error.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        /// From a number, or from a string with a number.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let invalid = || D::Error::custom("an amount of money has too many digits");
                Self::of(Decimal::deserialize(deserializer)?).ok_or_else(invalid)
            }
        }

    };
}

amount! {
    /// An amount in the minor unit of a currency: 150 is 1 pound and 50 pence, or 1 dollar and 50 cents.
    ///
    /// Exact, with up to 20 digits. The service's fees can have fractions of a penny, such as 66.67. A major amount is another
    /// type, [`MajorUnits`], so one cannot be passed for the other.
    ///
    /// ```
    /// use prolific_sdk::types::MinorUnits;
    ///
    /// let reward = MinorUnits::new(150);
    /// assert_eq!(reward.to_string(), "150");
    /// assert_eq!(reward.to_major().to_string(), "1.50");
    /// assert_eq!(reward.checked_mul(40), Some(MinorUnits::new(6000)));
    /// ```
    MinorUnits, 0, 18
}

amount! {
    /// An amount in the major unit of a currency, as people write it: 1.50 is 1 pound and 50 pence.
    ///
    /// Exact, with up to 20 digits. A minor amount is another type, [`MinorUnits`], so one cannot be passed for the other.
    ///
    /// ```
    /// use prolific_sdk::types::{MajorUnits, MinorUnits};
    ///
    /// let bonus: MajorUnits = "1.5".parse().unwrap();
    /// assert_eq!(bonus.to_string(), "1.50");
    /// assert_eq!(bonus.to_minor(), Some(MinorUnits::new(150)));
    /// ```
    MajorUnits, 2, 20
}

impl MinorUnits {
    /// So many pence or cents.
    #[must_use]
    pub const fn new(amount: u32) -> Self {
        Self(Decimal::new(amount as i128))
    }

    /// Whether it has no fraction of a penny or a cent.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.0.scale == 0
    }

    /// The same amount in the major unit: a hundredth, as of pounds and dollars.
    #[must_use]
    pub fn to_major(self) -> MajorUnits {
        // With as many digits, two more of them behind the point.
        MajorUnits(self.0.shifted(2).unwrap_or_default())
    }
}

impl MajorUnits {
    /// The same amount in the minor unit: a hundred times as many, as of pence and cents. `None` if it has more than 18
    /// digits.
    #[must_use]
    pub fn to_minor(self) -> Option<MinorUnits> {
        self.0.shifted(-2).and_then(MinorUnits::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(text: &str) -> MinorUnits {
        text.parse().unwrap()
    }

    #[test]
    fn equal_amounts_are_equal_however_they_are_written() {
        for (one, other) in [("1", "1.0"), ("66.670", "66.67"), ("0", "-0.00"), ("007", "7")] {
            assert_eq!(minor(one), minor(other));
            assert_eq!(minor(one).cmp(&minor(other)), Ordering::Equal);
        }
        assert!(minor("-1") < minor("0.000000000000000001"));
        assert!(minor("99999999999999999999") > minor("0.999999999999999999"));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "+1",
            "1,50",
            "1 ",
            "1e2",
            "NaN",
            "inf",
            "£1",
            "100000000000000000000",
            "--1",
            "1.2.3",
        ] {
            assert_eq!(text.parse::<MinorUnits>(), Err(InvalidAmount), "{text}");
            assert_eq!(text.parse::<MajorUnits>(), Err(InvalidAmount), "{text}");
        }
    }

    #[test]
    fn amounts_are_read_from_all_that_json_can_hold() {
        let read = |json: &str| serde_json::from_str::<MinorUnits>(json).map_err(|error| error.to_string());
        for (json, amount) in [
            ("266.67", "266.67"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("1e3", "1000"),
            ("1.5e-7", "0.00000015"),
            ("-12", "-12"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("\"4.25\"", "4.25"),
        ] {
            assert_eq!(read(json), Ok(minor(amount)), "{json}");
        }
        for json in ["1e300", "1e-300", "true", "[1]", "\"\"", "\"1 GBP\""] {
            assert!(read(json).unwrap_err().contains("an amount of money"), "{json}");
        }
    }

    #[test]
    fn an_amount_that_json_would_round_is_not_written() {
        let error = serde_json::to_string(&minor("0.123456789012345678")).unwrap_err();
        assert!(error.to_string().contains("0.123456789012345678 has more digits"), "{error}");
        assert_eq!(serde_json::to_string(&minor("18446744073709551615")).unwrap(), "18446744073709551615");
    }

    #[test]
    fn a_result_with_too_many_digits_is_none() {
        assert_eq!(minor("99999999999999999999").checked_add(MinorUnits::new(1)), None);
        assert_eq!(minor("99999999999999999999").checked_mul(2), None);
        assert_eq!("99999999999999999999".parse::<MajorUnits>().unwrap().to_minor(), None);
        assert_eq!(minor("0.000000000000000001").to_major().to_string(), "0.00000000000000000001");
    }
}
