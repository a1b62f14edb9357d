//! Pence are not pounds.

use prolific_sdk::payments::BonusLine;
use prolific_sdk::types::{MinorUnits, SubmissionId};

fn main() {
    BonusLine::for_participant("p1", MinorUnits::new(150));
    let _: MinorUnits = "1.50".parse::<prolific_sdk::types::MajorUnits>().unwrap();
    let _ = SubmissionId::from("s1");
}
