"""Entries that the tests of the screen look at."""

from __future__ import annotations

from collections.abc import Mapping

DAMAGED = "refunds/may-i-refund-a-damaged-parcel-damage22.md"
CHEQUE = "questions/may-i-pay-by-cheque-cheque22.md"
UNREADABLE = "questions/not-an-entry-at-all-brokenxx.md"
MONEY_BOX = "orders/where-is-my-money-box-moneyb22.md"

EVERYTHING = """---
id: damage22
state: not-validated
tags: [Refunds, VIP]  # both are ours
asked_as:
  - my parcel came broken
  - the box is crushed
owner: Sam Poole
check_by: 2027-03-31
crm: 77-B   # another program's key
authority:
  action: refund a damaged parcel
  currency: EUR
  limits:
    - role: rep
      up_to: 50
    - role: shift lead
      up_to: 250
      people: [Sam Poole, Priya Nair]
  above: Head of service
  conditions:
    - there is a photograph
  boundary: never after 90 days
  valid_until: 2027-12-31
---
# May I refund a damaged parcel?

Yes. I am sorry that it came **broken**.

The money is back in five days.

## Internal

Ask for the photograph, then Admin, Refunds.

## See also

- [How long does a refund take?](how-long-does-a-refund-take-refund22.md)
"""

MORE: Mapping[str, str] = {
    DAMAGED: EVERYTHING,
    CHEQUE: """---
id: cheque22
state: not-validated
pinned: true
tags: [refunds]
---
# May I pay by cheque?

No: by card or by transfer.
""",
    MONEY_BOX: """---
id: moneyb22
state: not-validated
---
# Where is my money box, my money order and all of my money?

In the drawer. Where is my money, they ask, and it is money they mean.
""",
}

MUST_READ = "calls/how-do-we-greet-from-monday-on-greet222.md"
READING: Mapping[str, str] = {
    MUST_READ: """---
id: greet222
state: not-validated
tags: [must-read]
---
# How do we greet from Monday on?

With our name and the shop's.
"""
}
"""What everybody must read."""

BROKEN = "---\nid: brokenxx\nstate: open\n\nCall the [/] desk on ext 42.\n"
"""A header that is never closed."""


def many(count: int) -> Mapping[str, str]:
    """Return entries that all answer the same words."""
    return {
        f"parcels/where-is-parcel-{number}-many{number:04}.md": (
            f"---\nid: many{number:04}\nstate: not-validated\n---\n# Where is parcel {number}?\n\nOn shelf {number}.\n"
        )
        for number in range(count)
    }
