//! What `cargo codegen diff` says of a change, against the compiler: the SDK is generated from the changed document, and
//! programs that were written against the document as it is are compiled with it.
//!
//! A sample runs with the other tests. All of them, and the listing of the public API of each:
//! `cargo test -p contract-tests verdicts -- --ignored --nocapture`

mod compiler;
mod seeds;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use build_tools::Folder;
use build_tools::diff::{Change, Changes, Class, diff};

use crate::document::root;
use compiler::Compiler;
use seeds::{AN_ENUM, Edit, Seed, seeds};

/// The document after these edits.
fn edited(edits: &[Edit], shown: &str) -> Folder {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(root().join("openapi")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    for (file, from, to) in edits {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from:?} is not in {file}");
        fs::write(path, text.replace(from, to)).unwrap();
    }
    Folder::read(folder.path(), shown).unwrap()
}

/// The document before a change, which is the document as it is or one with an enum that is sent.
fn before(with_enum: bool) -> Folder {
    edited(if with_enum { AN_ENUM } else { &[] }, "before")
}

/// The document after a change.
fn after(seed: &Seed) -> Folder {
    let edits = if seed.with_enum { [AN_ENUM, seed.edits].concat() } else { seed.edits.to_vec() };
    edited(&edits, seed.name)
}

/// What the compiler says of a seed, and whether it is what its class promises.
struct Verdict {
    /// The programs that no longer compile, each with its first error.
    broken: Vec<(&'static str, String)>,
    /// The lines of the public API that are gone.
    lost: Option<BTreeSet<String>>,
    problems: Vec<String>,
}

fn verdict(compiler: &Compiler, seed: &Seed, listing: Option<&BTreeSet<String>>) -> Verdict {
    let found = diff(&before(seed.with_enum), &after(seed)).unwrap_or_else(|found| panic!("{}: {found}", seed.name));
    let folder = tempfile::tempdir_in(compiler.folder()).unwrap();
    let mut problems = Vec::new();
    if found.class() != Some(seed.class) {
        problems.push(format!("is {:?}, not {:?}:\n{}", found.class(), seed.class, found.render("0.1.0")));
    }
    let is_named = |change: &Change| change.class == seed.class && change.sentence() == seed.sentence;
    if !found.list.iter().any(is_named) {
        problems.push(format!("does not say {:?}:\n{}", seed.sentence, found.render("0.1.0")));
    }
    if found.list.iter().any(|change| change.class.is_breaking() && change.migration.is_none()) {
        problems.push("has a breaking change without a migration".to_owned());
    }
    let sdk = compiler.sdk(folder.path(), &after(seed));
    let broken = compiler.broken(folder.path(), seed.with_enum);
    let is_broken = |programs: &[&str]| broken.iter().any(|(name, _)| programs.contains(name));
    let classes: BTreeSet<_> = found.list.iter().map(|change| change.class.name()).collect();
    for (class, program) in [(Class::BreaksCallers, &["calls", "enums"][..]), (Class::BreaksReaders, &["reads"])] {
        if classes.contains(class.name()) && !is_broken(program) {
            problems.push(format!("is {}, and {program:?} compiles", class.name()));
        }
    }
    if !seed.class.is_breaking() && !broken.is_empty() {
        problems.push(format!("is {}, and does not compile: {broken:?}", seed.class.name()));
    }
    let lost = listing.map(|before| {
        let after = compiler.listing(folder.path(), &sdk);
        before.difference(&after).cloned().collect::<BTreeSet<_>>()
    });
    if let Some(lost) = &lost
        && lost.is_empty() == seed.class.is_breaking()
    {
        problems.push(format!("is {}, and the public API has lost {lost:?}", seed.class.name()));
    }
    Verdict { broken, lost, problems }
}

/// Tries seeds on as many threads as there are processors.
fn check(seeds: &[&Seed], with_listing: bool) {
    let compiler = Compiler::new();
    let listings = [false, true].map(|with_enum| {
        let folder = tempfile::tempdir_in(compiler.folder()).unwrap();
        let sdk = compiler.sdk(folder.path(), &before(with_enum));
        let broken = compiler.broken(folder.path(), with_enum);
        assert!(broken.is_empty(), "the programs do not compile without a change: {broken:?}");
        with_listing.then(|| compiler.listing(folder.path(), &sdk))
    });
    let (next, report, failed) = (AtomicUsize::new(0), Mutex::new(String::new()), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, Into::into);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Verdict { broken, lost, problems } =
                        verdict(&compiler, seed, listings[usize::from(seed.with_enum)].as_ref());
                    let names: Vec<_> = broken.iter().map(|(name, _)| *name).collect();
                    let lost = lost.map(|lost| format!(", {} lines lost", lost.len())).unwrap_or_default();
                    let line = format!("{:<14} {} [breaks: {}{lost}]", seed.class.name(), seed.name, names.join(", "));
                    writeln!(report.lock().unwrap(), "{line}").unwrap();
                    failed.lock().unwrap().extend(problems.into_iter().map(|text| format!("{}: {text}", seed.name)));
                }
            });
        }
    });
    println!("{}", report.into_inner().unwrap());
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[test]
fn verdicts_hold_for_a_sample_of_each_class() {
    let all = seeds();
    let sample = Class::ALL.map(|class| *all.iter().find(|seed| seed.class == class).unwrap());
    check(&sample, false);
}

#[test]
#[ignore = "compiles the SDK dozens of times"]
fn verdicts_hold_for_every_seed_and_the_public_api_agrees() {
    let all = seeds();
    assert!(all.len() >= 40);
    check(&all, true);
}

#[test]
fn a_document_without_a_change_has_no_verdict() {
    assert_eq!(diff(&before(false), &before(false)).unwrap(), Changes::default());
}
