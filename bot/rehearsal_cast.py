"""Who is in the rehearsal: people of five agencies, and the partnership's own."""

ASHA, BEN, CARA, DEV = "U0ASHA", "U0BEN", "U0CARA", "U0DEV"
ELIF, FINN, GRACE, HUGO = "U0ELIF", "U0FINN", "U0GRACE", "U0HUGO"
IMANI, JOAN, KOFI, LENA, MO = "U0IMANI", "U0JOAN", "U0KOFI", "U0LENA", "U0MO"
NIA, OMAR, PRIYA, QUINN, ROSA = "U0NIA", "U0OMAR", "U0PRIYA", "U0QUINN", "U0ROSA"

NAMES = {
    ASHA: "Asha Patel",
    BEN: "Ben Osei",
    CARA: "Cara Jones",
    DEV: "Dev Rao",
    ELIF: "Elif Kaya",
    FINN: "Finn Walsh",
    GRACE: "Grace Lim",
    HUGO: "Hugo Brandt",
    IMANI: "Imani Cole",
    JOAN: "Joan Marsh",
    KOFI: "Kofi Mensah",
    LENA: "Lena Novak",
    MO: "Mo Hussein",
    NIA: "Nia Bevan",
    OMAR: "Omar Farah",
    PRIYA: "Priya Nair",
    QUINN: "Quinn Doyle",
    ROSA: "Rosa Martin",
}

_WORK = {
    ASHA: ("school", "practitioner", CARA, ""),
    BEN: ("csc", "practitioner", ELIF, ""),
    CARA: ("school", "line manager", "", DEV),
    DEV: ("school", "practitioner", CARA, ""),
    ELIF: ("csc", "line manager", "", FINN),
    FINN: ("csc", "practitioner", ELIF, ""),
    GRACE: ("school", "safeguarding lead", "", ""),
    HUGO: ("csc", "safeguarding lead", "", ""),
    LENA: ("police", "practitioner", MO, ""),
    MO: ("police", "line manager", "", ""),
    NIA: ("health", "practitioner", OMAR, ""),
    OMAR: ("health", "line manager", "", ""),
    PRIYA: ("asc", "practitioner", QUINN, ""),
    QUINN: ("asc", "line manager", "", ROSA),
    ROSA: ("asc", "safeguarding lead", "", ""),
}

_AGENCIES = {
    "school": "Hollybush School",
    "csc": "Children's Social Care",
    "police": "Police",
    "health": "Community Health",
    "asc": "Adult Social Care",
}
_JOBS = {
    ASHA: "Class teacher",
    BEN: "Social worker",
    CARA: "Deputy head",
    DEV: "Pastoral lead",
    ELIF: "Team manager",
    FINN: "Senior social worker",
    GRACE: "Designated safeguarding lead",
    HUGO: "Safeguarding lead",
    IMANI: "Partnership business unit",
    JOAN: "Partnership coordinator",
    KOFI: "Independent scrutineer",
    LENA: "Detective constable",
    MO: "Detective sergeant",
    NIA: "Health visitor",
    OMAR: "Named nurse's team leader",
    PRIYA: "Social worker, adults",
    QUINN: "Team manager, adults",
    ROSA: "Safeguarding adults lead",
}


def _title(who: str) -> str:
    """What stands under a name: their job, and the agency they work for."""
    agency = _AGENCIES.get(_WORK[who][0], "") if who in _WORK else ""
    return ", ".join(filter(None, (_JOBS[who], agency)))


WORKSPACE = "\n".join(
    f'[[person]]\nid = "{who}"\nname = "{name}"\ntitle = "{_title(who)}"\n'
    for who, name in NAMES.items()
)


def _person(who: str, agency: str, role: str, manager: str, deputy: str) -> str:
    links = [("line_manager", manager), ("deputy", deputy)]
    lines = [("slack", who), ("name", NAMES[who]), ("agency", agency), ("role", role), *links]
    return "\n".join(["[[person]]", *(f'{key} = "{value}"' for key, value in lines if value)])


DIRECTORY = "\n\n".join(
    [
        *(f'[[agency]]\nkey = "{key}"\nname = "{name}"' for key, name in _AGENCIES.items()),
        *(_person(who, *work) for who, work in _WORK.items()),
        f'[partnership]\nbusiness_unit = ["{IMANI}"]\ncoordinators = ["{JOAN}"]\n'
        f'scrutineer = ["{KOFI}"]',
    ]
)
"""The directory file of the rehearsal, in the same form as a real one."""
