//! What both programs do: `PROGRAM URL one-by-one|at-once|large|outcome N`. They differ in `client` and `create` alone.

use std::time::Instant;

use crate::{client, create};

pub fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("give URL, a mode and a number");
    let (url, mode, number) = (next()?, next()?, next()?.parse::<usize>()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = client(&url)?;
        let few = ["5e9b9c9b0f9c9a0001b0b1f4", "5e9b9c9b0f9c9a0001b0b1f5", "5e9b9c9b0f9c9a0001b0b1f6"];
        match mode.as_str() {
            "one-by-one" => {
                create(&client, few.map(str::to_owned).into()).await?;
                let begun = Instant::now();
                for _ in 0..number {
                    create(&client, few.map(str::to_owned).into()).await?;
                }
                println!("{:.3}", begun.elapsed().as_secs_f64());
            }
            "at-once" => {
                // Warm, and then so many in flight that each waits for the others.
                create(&client, few.map(str::to_owned).into()).await?;
                let begun = Instant::now();
                let mut calls = tokio::task::JoinSet::new();
                for _ in 0..number {
                    let client = client.clone();
                    calls.spawn(async move { create(&client, few.map(str::to_owned).into()).await.is_ok() });
                }
                if !calls.join_all().await.into_iter().all(|done| done) {
                    return Err("a create failed".into());
                }
                println!("{:.0}", number as f64 / begun.elapsed().as_secs_f64());
            }
            "large" => {
                let ids: Vec<String> = (0..number).map(|number| format!("{number:024x}")).collect();
                println!("before {}", peak());
                create(&client, ids).await?;
                println!("after {}", peak());
            }
            "outcome" => match create(&client, few.map(str::to_owned).into()).await {
                Ok(group) => println!("Ok {group:?}"),
                Err(error) => println!("Err {error}"),
            },
            _ => return Err("the mode is one-by-one, at-once, large or outcome".into()),
        }
        Ok(())
    })
}

/// The most memory that the process has had, in KiB.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("unknown").trim().trim_end_matches(" kB").to_owned()
}
