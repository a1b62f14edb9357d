//! Points in time, as the service writes them.

use std::cmp::Ordering;
use std::time::{Duration, SystemTime};

/// Reads a text in RFC 3339 format, with or without fractions of a second, in UTC or with an offset from it. `None` if
/// it is another text, or a time before 1970.
///
/// `humantime` reads the form in UTC, which is what the service has been seen to send; it is one small crate, where
/// those that know offsets as well cost every dependent eight to twenty times as much to build. So the offset is read
/// here.
pub(crate) fn parse_timestamp(text: &str) -> Option<SystemTime> {
    if !text.is_ascii() {
        return None;
    }
    // The letters may be small.
    let text = text.to_ascii_uppercase();
    if text.ends_with('Z') {
        return humantime::parse_rfc3339(&text).ok();
    }
    let (local, offset) = text.split_at(text.len().checked_sub("+hh:mm".len())?);
    let local = humantime::parse_rfc3339(&format!("{local}Z")).ok()?;
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let number = |digits: &str, limit| {
        let digits = (digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)?;
        digits.parse::<u64>().ok().filter(|number| *number < limit)
    };
    let offset_length = Duration::from_secs(number(hours, 24)? * 3600 + number(minutes, 60)? * 60);
    match offset.as_bytes().first()? {
        b'+' => local.checked_sub(offset_length),
        b'-' => local.checked_add(offset_length),
        _ => None,
    }
}

/// By the points in time, and by the texts where these are the same or cannot be read: texts that differ are never
/// equal. What cannot be read comes first.
pub(crate) fn compare_timestamps(one: &str, other: &str) -> Ordering {
    parse_timestamp(one).cmp(&parse_timestamp(other)).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<f64> {
        parse_timestamp(text).map(|time| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs_f64())
    }

    #[test]
    fn fractions_and_offsets_are_read() {
        for (text, expected) in [
            ("2020-04-20T12:00:00Z", 1_587_384_000.0),
            ("2020-04-20T12:00:00.5Z", 1_587_384_000.5),
            ("2020-04-20T12:00:00.123456Z", 1_587_384_000.123_456),
            ("2020-04-20t12:00:00z", 1_587_384_000.0),
            ("2020-04-20T12:00:00+00:00", 1_587_384_000.0),
            ("2020-04-20T14:00:00.250000+02:00", 1_587_384_000.25),
            ("2020-04-20T06:30:00-05:30", 1_587_384_000.0),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_timestamp_is_none() {
        for text in [
            "",
            "Z",
            "today",
            "2020-04-20",
            "2020-04-20T12:00:00",
            "2020-04-20T12:00:00+25:00",
            "2020-04-20T12:00:00+1:000",
            "2020-04-20T12:00:00 02:00",
            "2020-13-20T12:00:00Z",
            "2020-04-20T12:00:00+\u{e9}:00",
            "+02:00",
            "-::::",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
    }

    #[test]
    fn timestamps_are_ordered_by_time_and_differ_where_their_texts_do() {
        let ordered = [
            "",
            "soon",
            "2020-04-20T13:59:59+02:00",
            "2020-04-20T12:00:00Z",
            "2020-04-20T14:00:00+02:00",
            "2020-04-20T12:00:00.5Z",
            "2020-04-20T06:30:01-05:30",
        ];
        for (at, one) in ordered.iter().enumerate() {
            for (other_at, other) in ordered.iter().enumerate() {
                assert_eq!(compare_timestamps(one, other), at.cmp(&other_at), "{one:?} {other:?}");
            }
        }
    }
}
