//! An old dependent that sends an enum. Must not use anything that the document of the workspace has as it is.

use prolific_sdk::types::Order;
use prolific_sdk::workspaces::List;

/// Orders are copied, compared, and matched.
pub fn ordered(list: List, order: Order) -> (List, &'static str) {
    let list = list.order(order).order(order);
    let what = match order {
        Order::Up => "up",
        Order::Down if order > Order::Up => "down",
        _ => "unknown",
    };
    println!("{order} {:?}", order.as_str());
    (list, what)
}
