//! The time of one sandbox. It moves when something happens or when it is told to, so that every run is the same unless it
//! begins with the real time.

use std::time::Duration;

use jiff::Timestamp;

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Timestamp);

impl Moment {
    /// A moment that is written as in RFC 3339, or a day. `None` if it is neither.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
        text.parse().ok().or_else(|| day().map(|day| day.timestamp())).map(Self)
    }

    /// A later moment, or the last one of all.
    pub(crate) fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration).unwrap_or(Timestamp::MAX))
    }

    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::try_from(self.0.duration_since(earlier.0)).unwrap_or_default()
    }

    /// In seconds since 1970.
    pub(crate) fn seconds(self) -> i64 {
        self.0.as_second()
    }

    /// In RFC 3339 format. Some have six digits after the point, some three and some none, because the service sends all
    /// three forms.
    pub(crate) fn text(self) -> String {
        match self.0.as_second() % 4 {
            0 => format!("{:.6}", self.0),
            2 => format!("{:.3}", self.0),
            _ => format!("{:.0}", self.0),
        }
    }

    /// For people, to the second.
    pub(crate) fn readable(self) -> String {
        self.0.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The day, as `YYYY-MM-DD`.
    pub(crate) fn day(self) -> jiff::civil::Date {
        self.0.to_zoned(jiff::tz::TimeZone::UTC).date()
    }
}

/// Gives everything that happens its own moment.
#[derive(Debug)]
pub(crate) struct Clock {
    now: Moment,
    /// The time between two things that happen one after the other.
    step: Duration,
}

impl Default for Clock {
    /// The first day of 2024, and a second for each thing that happens.
    fn default() -> Self {
        Self { now: Moment(Timestamp::constant(1_704_067_200, 0)), step: Duration::from_secs(1) }
    }
}

impl Clock {
    /// The real time, which things that happen do not move noticeably.
    pub(crate) fn real() -> Self {
        Self { now: Moment(Timestamp::now()), step: Duration::from_micros(1) }
    }

    pub(crate) fn now(&self) -> Moment {
        self.now
    }

    /// A moment that is later than the one before.
    pub(crate) fn tick(&mut self) -> Moment {
        self.advance(self.step)
    }

    /// Moves on to a moment, unless it has passed.
    pub(crate) fn forward_to(&mut self, moment: Moment) {
        self.now = self.now.max(moment);
    }

    pub(crate) fn advance(&mut self, by: Duration) -> Moment {
        self.now = self.now.after(by);
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_the_three_forms_that_the_service_sends_and_days_are_read_as_well() {
        let mut clock = Clock::default();
        let texts: Vec<_> = (0..4).map(|_| clock.tick().text()).collect();
        assert_eq!(
            texts,
            ["2024-01-01T00:00:01Z", "2024-01-01T00:00:02.000Z", "2024-01-01T00:00:03Z", "2024-01-01T00:00:04.000000Z"]
        );
        let same = ["2024-01-02", "2024-01-02T00:00:00Z", "2024-01-02T01:00:00+01:00"]
            .map(|text| Moment::parse(text).unwrap());
        assert!(same.iter().all(|moment| moment.since(Clock::default().now()) == Duration::from_secs(86_400)));
        assert_eq!(Moment::parse("tomorrow"), None);
    }
}
