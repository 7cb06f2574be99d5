//! Times as the audit tools take and print them: words (`today`, `week-ago`, ...), dates and times
//! in the form of the locale, ISO dates.

use std::ffi::CStr;

use jiff::{
    Timestamp, ToSpan, Unit, Zoned,
    civil::{Date, DateTime, Time},
    fmt::strtime,
    tz::TimeZone,
};

use crate::words::nearest;

/// How dates look here: the time zone, and the locale's date (`D_FMT` of `nl_langinfo(3)`).
#[derive(Clone, Debug)]
pub struct Here {
    /// Time zone.
    pub zone: TimeZone,
    /// Date, as strftime(3) has it: `%m/%d/%y` in the C locale.
    pub date: String,
}

impl Here {
    /// Of this system, this user and `TZ`, `LC_ALL`, `LC_TIME`, `LANG`.
    pub fn system() -> Self {
        Self {
            zone: TimeZone::system(),
            date: locale_date().unwrap_or_else(|| C_DATE.to_owned()),
        }
    }

    /// The same in another time zone: a name such as `Europe/Berlin`, an offset such as `+02:00`, or
    /// what the environment's `TZ` can be.
    pub fn in_zone(mut self, name: &str) -> Option<Self> {
        let offset = || {
            let text = format!("2000-01-01T00:00{name}");
            let pieces = jiff::fmt::temporal::Pieces::parse(&text).ok()?;
            pieces.to_numeric_offset().map(TimeZone::fixed)
        };
        self.zone = match name {
            "UTC" => TimeZone::UTC,
            _ => TimeZone::get(name)
                .ok()
                .or_else(offset)
                .or_else(|| TimeZone::posix(name).ok())?,
        };
        Some(self)
    }

    /// UTC and the C locale.
    pub fn plain() -> Self {
        Self {
            zone: TimeZone::UTC,
            date: C_DATE.to_owned(),
        }
    }
}

/// The date of the C locale.
const C_DATE: &str = "%m/%d/%y";

/// The date format of the locale that the environment asks for.
fn locale_date() -> Option<String> {
    // SAFETY: the name is a C string, no locale is taken as a base, and what is made here is freed
    // below and used by nobody else. nl_langinfo_l(3) gives a string that lives as long as it.
    unsafe {
        let locale = libc::newlocale(libc::LC_TIME_MASK, c"".as_ptr(), std::ptr::null_mut());
        if locale.is_null() {
            return None;
        }
        let format = libc::nl_langinfo_l(libc::D_FMT, locale);
        let format = (!format.is_null())
            .then(|| CStr::from_ptr(format).to_str().map(str::to_owned).ok())
            .flatten();
        libc::freelocale(locale);
        // A format that cannot be printed would make every output fail.
        format.filter(|f| strtime::format(f, &Zoned::now()).is_ok())
    }
}

/// Why a time is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// No date, time or word.
    #[error("`{0}` is no time: {1}")]
    Form(String, String),
    /// Before there was an audit system.
    #[error("the year {0} is too early: audit logs begin in 2004")]
    Year(i16),
    /// This date and time is no point in time here.
    #[error("`{0}` is out of range")]
    Range(String),
    /// `boot`, and nobody tells when that was.
    #[error("/proc/uptime cannot be read: {0}")]
    Boot(String),
}

/// Words for times.
const WORDS: [&str; 9] = [
    "now",
    "recent",
    "boot",
    "today",
    "yesterday",
    "this-week",
    "week-ago",
    "this-month",
    "this-year",
];

/// Which end of a span a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// `-ts`: a date alone means its first second.
    Start,
    /// `-te`: a date alone means this time of the day, as ausearch(8) has it.
    End,
}

/// A point in time, in seconds since 1970, from one or two words, as ausearch(8) takes them.
pub fn parse(words: &[&str], end: End, here: &Here, now: &Zoned) -> Result<u64, WhenError> {
    let form = || {
        let word = words
            .iter()
            .find_map(|word| nearest(word, WORDS.into_iter()));
        let help = match word.filter(|word| !words.contains(word)) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!(
                "give a date such as {}, 2026-11-22 or 2026-11-22T19:50:06, a time such as 19:50 or \
                 19:50:06, both, or one of {}",
                example(here, now),
                WORDS.join(", ")
            ),
        };
        WhenError::Form(words.join(" "), help)
    };
    let (date, time) = match words {
        [word] if iso(word, here).is_some() => {
            let at = iso(word, here).ok_or_else(form)?;
            return seconds(&at, word);
        }
        [word] if word.contains(':') => (None, Some(*word)),
        [word] => (Some(*word), None),
        [a, b] if a.contains(':') => (Some(*b), Some(*a)),
        [a, b] => (Some(*a), Some(*b)),
        _ => return Err(form()),
    };
    let time = match time {
        Some(text) => Some(clock_time(text).ok_or_else(form)?),
        None => None,
    };
    let midnight = time.is_none_or(|time| time == Time::midnight());
    let whole = words.join(" ");
    let day = match date {
        None => now.date(),
        Some(word) => match word {
            "now" if midnight => return seconds(now, &whole),
            "today" if midnight && end == End::End => return seconds(now, &whole),
            "recent" if midnight => return seconds(&(now - 10.minutes()), &whole),
            "boot" if midnight => return seconds(&boot(now)?, &whole),
            "boot" => boot(now)?.date(),
            "recent" => (now - 10.minutes()).date(),
            "now" | "today" => now.date(),
            "yesterday" => days_before(now, 1).ok_or_else(form)?,
            "this-week" => {
                let since_sunday = now.date().weekday().to_sunday_zero_offset();
                days_before(now, i64::from(since_sunday)).ok_or_else(form)?
            }
            "week-ago" => days_before(now, 7).ok_or_else(form)?,
            "this-month" => now.date().first_of_month(),
            "this-year" => now.date().first_of_year(),
            _ => calendar_date(word, here).ok_or_else(form)?,
        },
    };
    if day.year() < 2004 {
        return Err(WhenError::Year(day.year()));
    }
    let is_word = date.is_some_and(|word| calendar_date(word, here).is_none());
    let time = time.unwrap_or(match end {
        End::End if !is_word => now.time(),
        End::End | End::Start => Time::midnight(),
    });
    let at = here.zone.to_zoned(DateTime::from_parts(day, time));
    seconds(&at.map_err(|_| WhenError::Range(whole.clone()))?, &whole)
}

fn seconds(at: &Zoned, whole: &str) -> Result<u64, WhenError> {
    u64::try_from(at.timestamp().as_second()).map_err(|_| WhenError::Range(whole.to_owned()))
}

/// `2026-11-22T19:50:06`, with or without an offset.
fn iso(word: &str, here: &Here) -> Option<Zoned> {
    if !word.contains('T') {
        return None;
    }
    if let Ok(stamp) = word.parse::<Timestamp>() {
        return Some(stamp.to_zoned(here.zone.clone()));
    }
    let civil: DateTime = word.parse().ok()?;
    here.zone.to_zoned(civil).ok()
}

fn calendar_date(word: &str, here: &Here) -> Option<Date> {
    let parsed = |format: &str| strtime::parse(format, word).and_then(|p| p.to_date()).ok();
    // With a year of four digits where the locale has two, and of two where it has four.
    let whole = here.date.replace("%y", "%Y").replace("%D", "%m/%d/%Y");
    let in_this_century = |date: &Date| date.year() >= 100;
    parsed(&here.date)
        .filter(in_this_century)
        .or_else(|| parsed(&whole).filter(in_this_century))
        .or_else(|| parsed(&here.date.replace("%Y", "%y")))
        .or_else(|| parsed("%Y-%m-%d"))
}

fn clock_time(word: &str) -> Option<Time> {
    ["%H:%M:%S", "%H:%M"]
        .iter()
        .find_map(|format| strtime::parse(format, word).and_then(|p| p.to_time()).ok())
}

fn days_before(now: &Zoned, days: i64) -> Option<Date> {
    now.date().checked_sub(days.days()).ok()
}

fn boot(now: &Zoned) -> Result<Zoned, WhenError> {
    let fail = |e: &dyn std::fmt::Display| WhenError::Boot(e.to_string());
    let text = std::fs::read_to_string("/proc/uptime").map_err(|e| fail(&e))?;
    let word = text.split(' ').next().unwrap_or_default();
    let seconds: f64 = word.parse().map_err(|e| fail(&e))?;
    Ok(now - (seconds.round() as i64).seconds())
}

fn example(here: &Here, now: &Zoned) -> String {
    strtime::format(&here.date, now).unwrap_or_default()
}

/// Prints times; what changes once a second is computed once a second.
#[derive(Debug)]
pub struct Stamps {
    here: Here,
    second: Option<u64>,
    zoned: Zoned,
    text: String,
    /// The same as ctime(3) has it, once somebody asks.
    long: String,
}

impl Stamps {
    /// Times of this place.
    pub fn new(here: Here) -> Self {
        Self {
            zoned: Timestamp::UNIX_EPOCH.to_zoned(here.zone.clone()),
            here,
            second: None,
            text: String::new(),
            long: String::new(),
        }
    }

    fn at(&mut self, sec: u64) {
        if self.second == Some(sec) {
            return;
        }
        self.second = Some(sec);
        let stamp = i64::try_from(sec)
            .ok()
            .and_then(|sec| Timestamp::from_second(sec).ok());
        self.text.clear();
        self.long.clear();
        let Some(stamp) = stamp else {
            self.text.push('?');
            return;
        };
        self.zoned = stamp.to_zoned(self.here.zone.clone());
        let format = format!("{} %H:%M:%S", self.here.date);
        self.text = strtime::format(&format, &self.zoned).unwrap_or_else(|_| "?".to_owned());
    }

    /// `11/22/26 19:50:06`.
    pub fn date_time(&mut self, sec: u64) -> &str {
        self.at(sec);
        &self.text
    }

    /// Any other form, as strftime(3) has it; `%x` is the locale's date.
    pub fn format(&mut self, form: &str, sec: u64) -> String {
        self.at(sec);
        let form = form.replace("%x", &self.here.date);
        strtime::format(&form, &self.zoned).unwrap_or_else(|_| "?".to_owned())
    }

    /// `Sun Nov 22 19:50:06 2026`, as ctime(3).
    pub fn ctime(&mut self, sec: u64) -> &str {
        self.at(sec);
        if self.long.is_empty() {
            self.long = self.format("%a %b %e %H:%M:%S %Y", sec);
        }
        &self.long
    }

    /// Seconds east of UTC.
    pub fn offset(&mut self, sec: u64) -> i32 {
        self.at(sec);
        self.zoned.offset().seconds()
    }
}

/// Now, without the part of a second.
pub fn now() -> Zoned {
    let now = Zoned::now();
    now.round(
        jiff::ZonedRound::new()
            .smallest(Unit::Second)
            .mode(jiff::RoundMode::Trunc),
    )
    .unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_per_form() {
        let here = Here::plain();
        // A Wednesday.
        let now: Zoned = "2026-11-25T12:34:56[UTC]".parse().unwrap();
        for (words, start, end) in [
            (&["now"][..], "2026-11-25T12:34:56", "2026-11-25T12:34:56"),
            (&["recent"], "2026-11-25T12:24:56", "2026-11-25T12:24:56"),
            (&["today"], "2026-11-25T00:00:00", "2026-11-25T12:34:56"),
            (&["yesterday"], "2026-11-24T00:00:00", "2026-11-24T00:00:00"),
            (
                &["yesterday", "08:00"],
                "2026-11-24T08:00:00",
                "2026-11-24T08:00:00",
            ),
            (&["this-week"], "2026-11-22T00:00:00", "2026-11-22T00:00:00"),
            (&["week-ago"], "2026-11-18T00:00:00", "2026-11-18T00:00:00"),
            (
                &["this-month"],
                "2026-11-01T00:00:00",
                "2026-11-01T00:00:00",
            ),
            (&["this-year"], "2026-01-01T00:00:00", "2026-01-01T00:00:00"),
            (&["3/12/07"], "2007-03-12T00:00:00", "2007-03-12T12:34:56"),
            (&["3/12/2007"], "2007-03-12T00:00:00", "2007-03-12T12:34:56"),
            (
                &["03/12/07", "10:11:12"],
                "2007-03-12T10:11:12",
                "2007-03-12T10:11:12",
            ),
            (
                &["10:11", "03/12/07"],
                "2007-03-12T10:11:00",
                "2007-03-12T10:11:00",
            ),
            (
                &["2026-02-03"],
                "2026-02-03T00:00:00",
                "2026-02-03T12:34:56",
            ),
            (
                &["2026-02-03T04:05:06"],
                "2026-02-03T04:05:06",
                "2026-02-03T04:05:06",
            ),
            (
                &["2026-02-03T04:05:06+02:00"],
                "2026-02-03T02:05:06",
                "2026-02-03T02:05:06",
            ),
            (&["08:09"], "2026-11-25T08:09:00", "2026-11-25T08:09:00"),
        ] {
            for (end, wanted) in [(End::Start, start), (End::End, end)] {
                let wanted: DateTime = wanted.parse().unwrap();
                let wanted = TimeZone::UTC.to_timestamp(wanted).unwrap().as_second();
                let got = parse(words, end, &here, &now).unwrap();
                assert_eq!(got, wanted as u64, "{words:?} {end:?}");
            }
        }
    }

    #[test]
    fn zones() {
        for (name, time) in [
            ("UTC", "19:50:06"),
            ("+02:00", "21:50:06"),
            ("-0930", "10:20:06"),
            ("EST5EDT,M3.2.0,M11.1.0", "14:50:06"),
        ] {
            let here = Here::plain().in_zone(name).unwrap();
            let text = Stamps::new(here).date_time(1_795_377_006).to_owned();
            assert_eq!(text, format!("11/22/26 {time}"), "{name}");
        }
        for name in ["", "Nowhere/City", "+99:00", "x"] {
            assert!(Here::plain().in_zone(name).is_none(), "{name}");
        }
    }

    #[test]
    fn what_is_refused() {
        let here = Here::plain();
        let now: Zoned = "2026-11-25T12:34:56[UTC]".parse().unwrap();
        for words in [
            &["0"][..],
            &["99/99/99"],
            &["later"],
            &["25:00"],
            &["a", "b"],
            &["2003-01-01"],
        ] {
            assert!(parse(words, End::Start, &here, &now).is_err(), "{words:?}");
        }
        for (words, wanted) in [
            (&["todya"][..], "`todya` is no time: did you mean `today`?"),
            (
                &["yesterdy", "10:00"],
                "`yesterdy 10:00` is no time: did you mean `yesterday`?",
            ),
            (
                &["later"],
                "`later` is no time: give a date such as 11/25/26, 2026-11-22 or \
                 2026-11-22T19:50:06, a time such as 19:50 or 19:50:06, both, or one of now, recent, \
                 boot, today, yesterday, this-week, week-ago, this-month, this-year",
            ),
        ] {
            let error = parse(words, End::Start, &here, &now).unwrap_err();
            assert_eq!(error.to_string(), wanted);
        }
    }

    #[test]
    fn printing() {
        let mut stamps = Stamps::new(Here::plain());
        assert_eq!(stamps.date_time(1_795_377_006), "11/22/26 19:50:06");
        assert_eq!(stamps.ctime(1_793_520_000), "Sun Nov  1 08:00:00 2026");
        assert_eq!(stamps.date_time(u64::MAX), "?");
    }
}
