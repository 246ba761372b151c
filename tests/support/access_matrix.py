"""Who may do what, written by hand and apart from the code: the owner's answer to every question of access."""

from __future__ import annotations

from itertools import product

# The columns. Relations first, then what somebody holds; who holds a role has no relation of their own here.
PARTIES = {
    "au": "author", "rd": "reader", "rx": "reader_delegate", "mg": "manager", "mx": "manager_delegate",
    "sh": "shared_with", "em": "earlier_manager", "l2": "second_line", "up": "upper", "ux": "upper_delegate",
    "ab": "about", "tm": "teammate", "cx": "contradicted", "co": "colleague", "ee": "employee", "hc": "hr_coordinator",
    "hp": "hr_partner", "hr": "hr_case_reviewer", "cm": "committee_member", "fa": "fairness_analyst",
    "wc": "works_council", "ad": "auditor", "it": "it_admin", "bg": "break_glass",
}  # fmt: skip
# What a letter means: for each phase, the audiences of fields for which it is a yes. "ticked" and "blank" are a field
# "shared_by" a box, with and without the tick.
ALL = "author manager aggregate hr second_line ticked blank team everyone"
LINE = "manager team everyone"
LETTERS = {
    ".": {"draft": "", "submitted": "", "shared": "", "closed": ""},
    "Y": {"draft": ALL, "submitted": ALL, "shared": ALL, "closed": ALL},
    "W": {"draft": ALL, "submitted": ALL, "shared": "", "closed": ""},
    "S": {"draft": "", "submitted": "manager ticked", "shared": "manager ticked", "closed": "manager ticked"},
    "O": {"draft": LINE, "submitted": LINE, "shared": LINE, "closed": LINE},
    "E": {"draft": "", "submitted": "everyone", "shared": "everyone", "closed": "everyone"},
    "T": {"draft": "", "submitted": "team everyone", "shared": "team everyone", "closed": "team everyone"},
    "B": {"draft": "", "submitted": LINE, "shared": "", "closed": ""},
    "V": {"draft": LINE, "submitted": LINE, "shared": "", "closed": ""},
    "D": {"draft": LINE, "submitted": "", "shared": "", "closed": ""},
    "G": {"draft": "", "submitted": "aggregate", "shared": "aggregate", "closed": "aggregate"},
}
MATRIX = """
                        au rd rx mg mx sh em l2 up ux ab tm cx co  ee hc hp hr cm fa wc ad it bg
checkin read            Y  S  S  .  .  S  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
checkin edit            W  .  .  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
checkin respond         S  S  S  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
ask answer              Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
ask see_state           Y  .  .  Y  Y  Y  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
ask remind              .  .  .  Y  Y  Y  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
blocker read            Y  Y  Y  .  .  .  .  .  Y  Y  .  .  .  .   .  .  .  .  .  .  .  .  .  .
audit read              .  .  .  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  Y  Y  .  .
configuration read      .  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  Y  .  .  .  Y  Y  Y  .
configuration change    .  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  Y  .  .  .  .  .  .  .
aggregate read          .  .  .  G  G  G  .  G  .  .  .  .  .  .   .  G  G  .  .  G  G  G  .  .
inbox_item read         Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  Y  .  .  .  .  .  .  .
inbox_item settle       .  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  Y  .  .  .  .  .  .  .
inbox_item withdraw     Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
export make             Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
file read               Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
role read               Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  .  .  .  .  Y  Y  .  .
role give               .  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  .  .  .  .  .  .  .  .
role end                .  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  .  .  .  .  .  .  .  .
guarded_role read       Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  .  .  .  .  Y  Y  .  .
delegation read         Y  .  .  .  .  .  .  .  .  .  Y  .  .  .   .  Y  .  .  .  .  .  .  .  .
delegation give         Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
delegation end          Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
history read            Y  .  .  .  .  Y  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
history share           Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
account read            .  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  Y  .  .  .  .  .  .  .
account link            .  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  Y  .  .  .  .  .  .  .
roster change           .  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  .  .  .  .  .  .  .  .
history end             Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  .  .  .  .  .  .  .  .  .
objective read          O  E  E  O  O  O  E  O  E  E  O  T  E  E   E  O  O  E  E  E  E  E  E  E
objective update        B  .  .  B  B  B  .  .  .  .  B  .  .  .   .  B  B  .  .  .  .  .  .  .
objective change        V  .  .  V  V  V  .  .  .  .  .  .  .  .   .  V  V  .  .  .  .  .  .  .
objective agree         .  .  .  D  D  D  .  .  .  .  .  .  .  .   .  D  D  .  .  .  .  .  .  .
objective end           O  .  .  O  O  O  .  .  .  .  .  .  .  .   .  O  O  .  .  .  .  .  .  .
objective give          O  .  .  O  O  O  .  O  .  .  .  .  .  .   .  O  O  .  .  .  .  .  .  .
kpi read                Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y  Y   Y  Y  Y  Y  Y  Y  Y  Y  Y  Y
kpi update              Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  Y  .  .  .  .  .  .  .
kpi change              Y  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  Y  .  .  .  .  .  .  .
kpi give                .  .  .  .  .  .  .  .  .  .  .  .  .  .   .  Y  Y  .  .  .  .  .  .  .
"""

Cell = tuple[str, str, str, str, str]


def columns() -> list[str]:
    return MATRIX.strip("\n").splitlines()[0].split()


def rows() -> dict[tuple[str, str], list[str]]:
    """By kind and action, a letter for each column."""
    lines = (line.split() for line in MATRIX.strip("\n").splitlines()[1:])
    return {(kind, action): letters for kind, action, *letters in lines}


def expected() -> dict[Cell, bool]:
    """Every cell: kind, action, party, phase, audience."""
    cells = {}
    for (kind, action), letters in rows().items():
        for code, letter in zip(columns(), letters, strict=True):
            for phase, audience in product(LETTERS[letter], ALL.split()):
                yes = audience in LETTERS[letter][phase].split()
                cells[kind, action, PARTIES[code], phase, audience] = yes
    return cells
