"""What stage kinds and moments are called in a calendar or a list, in Dutch and English."""

from .language.stages import Decision, Stage, kind_of
from .language.values import Words
from .text.catalogue import shipped

_KINDS: dict[str, tuple[str, str]] = {
    "decision": ("besluit", "decision"),
    "call": ("oproep", "call"),
    "candidacy": ("onderzoek van de kandidaatstellingen", "examination of candidacies"),
    "enough_candidates": ("genoeg kandidaten?", "enough candidates?"),
    "screening": ("antecedentenonderzoek", "screening"),
    "advice": ("advies", "advice"),
    "campaign": ("campagne", "campaign"),
    "order_lot": ("loting van de volgorde", "lot for the order"),
    "roll": ("kiezerslijst", "electoral roll"),
    "convocation": ("oproeping voor de vergadering", "convocation"),
    "meeting": ("vergadering", "meeting"),
    "vote": ("stemming", "vote"),
    "count": ("telling", "count"),
    "result": ("uitslag", "result"),
    "appointment": ("benoeming", "appointment"),
    "seating": ("zitting nemen", "seating"),
    "sign_up": ("aanmelding", "sign-up"),
    "submission": ("inlevering van de lijst", "submission of the list"),
    "report": ("verslag", "report"),
}
# Each says what happens then, so that it reads before its day, after it and without it.
_MOMENTS: dict[str, tuple[str, str]] = {
    "opens": ("opent", "opens"),
    "closes": ("sluit", "closes"),
    "due": ("uiterlijk klaar", "complete at the latest"),
    "begins": ("begint", "begins"),
    "record_date": ("peildatum", "record date"),
    "objection.opens": ("bezwaar maken begint", "objections open"),
    "objection.closes": ("bezwaar maken eindigt", "objections close"),
    "objection.decided_before": ("bezwaren uiterlijk beslist", "objections decided at the latest"),
    "late_additions.until": ("toevoegen eindigt", "late additions end"),
    "stand.judged_on": ("peildatum voor kandidaten", "reference day for candidates"),
    "stand.age_on": ("peildatum voor de leeftijd", "reference day for age"),
    "acceptance.until": ("aanvaarden eindigt", "acceptance ends"),
    "withdrawal.struck_until": ("terugtrekken voor het drukken eindigt", "withdrawal before printing ends"),
    "documents_due": ("stukken beschikbaar", "documents available"),
    "proxies.until": ("volmacht geven eindigt", "giving proxies ends"),
    "motions.deadline": ("voorstellen indienen eindigt", "handing in motions ends"),
    "motions.amendments_until": ("amendementen indienen eindigt", "handing in amendments ends"),
    "published": ("openbaar", "published"),
    "first_meeting": ("eerste vergadering", "first meeting"),
    "interim_until": ("het tijdelijke eindigt", "the interim ends"),
    "decided_before": ("uiterlijk beslist", "decided at the latest"),
    "annulment.counted_from": ("vernietigingstermijn begint", "annulment term begins"),
    "received_by": ("uiterlijk binnen", "received at the latest"),
    "until": ("eindigt", "ends"),
}
_PARAMETERS: dict[str, tuple[str, str]] = {
    "complaints": ("klachten", "complaints"),
    "channels.post": ("stemmen per post", "postal votes"),
    "channels.electronic": ("elektronisch stemmen", "electronic votes"),
    "channels.paper_in_meeting": ("stemmen in de vergadering", "votes in the meeting"),
}


def stage_name(stage: Stage) -> Words:
    """What a stage is called: its own title, or the name of its kind; a decision with what it is about."""
    if stage.title is not None:
        return stage.title
    kind = kind_of(stage)
    dutch, english = _KINDS.get(kind, (kind.replace("_", " "), kind.replace("_", " ")))
    if isinstance(stage, Decision):
        about = shipped().values.value["Decision.about"][stage.about]
        dutch, english = f"{dutch} over {about.nl}", f"{english} on {about.en}"
    return Words(nl=dutch, en=english)


def value_names(key: str) -> dict[str, Words]:
    """What the values of a key are called, by value ("Publication.level": "totals" is "the totals for each …")."""
    return {value: Words(nl=told.nl, en=told.en) for value, told in shipped().values.value[key].items()}


def moment_name(key: str) -> Words:
    """What a moment within a stage is called ("closes": "sluit")."""
    plain = key.replace("_", " ")
    dutch, english = _MOMENTS.get(key) or _MOMENTS.get(key.rsplit(".", 1)[-1], (plain, plain))
    return Words(nl=dutch, en=english)


def parameter_name(path: str) -> Words:
    """What a table outside the stages is called ("channels.post")."""
    dutch, english = _PARAMETERS.get(path, (path, path))
    return Words(nl=dutch, en=english)
