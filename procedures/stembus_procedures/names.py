"""What stage kinds and moments are called in a calendar or a list, in Dutch, easy Dutch and English."""

from .language.stages import Decision, Stage, kind_of
from .language.values import Words
from .text.catalogue import shipped

_KINDS: dict[str, Words] = {
    "decision": Words(nl="besluit", en="decision"),
    "call": Words(nl="oproep", en="call", nl_simple="kandidaten zoeken"),
    "candidacy": Words(
        nl="onderzoek van de kandidaatstellingen",
        en="examination of candidacies",
        nl_simple="nakijken wie kandidaat mag zijn",
    ),
    "enough_candidates": Words(nl="genoeg kandidaten?", en="enough candidates?"),
    "screening": Words(nl="antecedentenonderzoek", en="screening", nl_simple="onderzoek naar de kandidaten"),
    "advice": Words(nl="advies", en="advice"),
    "campaign": Words(nl="campagne", en="campaign"),
    "order_lot": Words(
        nl="loting van de volgorde", en="lot for the order", nl_simple="loten over de volgorde op het stembiljet"
    ),
    "roll": Words(nl="kiezerslijst", en="electoral roll", nl_simple="lijst van kiezers"),
    "convocation": Words(
        nl="oproeping voor de vergadering", en="convocation", nl_simple="uitnodiging voor de vergadering"
    ),
    "meeting": Words(nl="vergadering", en="meeting"),
    "vote": Words(nl="stemming", en="vote", nl_simple="stemmen"),
    "count": Words(nl="telling", en="count", nl_simple="stemmen tellen"),
    "result": Words(nl="uitslag", en="result"),
    "appointment": Words(nl="benoeming", en="appointment"),
    "seating": Words(nl="zitting nemen", en="seating", nl_simple="beginnen in de nieuwe functie"),
    "sign_up": Words(nl="aanmelding", en="sign-up", nl_simple="aanmelden"),
    "submission": Words(nl="inlevering van de lijst", en="submission of the list", nl_simple="de lijst inleveren"),
    "report": Words(nl="verslag", en="report"),
}
# Each says what happens then, so that it reads before its day, after it and without it.
_MOMENTS: dict[str, Words] = {
    "opens": Words(nl="opent", en="opens", nl_simple="begin"),
    "closes": Words(nl="sluit", en="closes", nl_simple="einde"),
    "due": Words(nl="uiterlijk klaar", en="complete at the latest", nl_simple="moet dan klaar zijn"),
    "begins": Words(nl="begint", en="begins", nl_simple="begin"),
    "record_date": Words(nl="peildatum", en="record date", nl_simple="we kijken hoe het op deze dag is"),
    "objection.opens": Words(
        nl="bezwaar maken begint", en="objections open", nl_simple="vanaf dan kunt u zeggen dat iets niet klopt"
    ),
    "objection.closes": Words(
        nl="bezwaar maken eindigt", en="objections close", nl_simple="tot dan kunt u zeggen dat iets niet klopt"
    ),
    "objection.decided_before": Words(
        nl="bezwaren uiterlijk beslist",
        en="objections decided at the latest",
        nl_simple="dan heeft iedereen die iets meldde een antwoord",
    ),
    "late_additions.until": Words(
        nl="toevoegen eindigt", en="late additions end", nl_simple="daarna komt er niemand meer bij"
    ),
    "stand.judged_on": Words(
        nl="peildatum voor kandidaten",
        en="reference day for candidates",
        nl_simple="we kijken hoe het op deze dag is met de kandidaten",
    ),
    "stand.age_on": Words(
        nl="peildatum voor de leeftijd", en="reference day for age", nl_simple="we kijken hoe oud iemand dan is"
    ),
    "acceptance.until": Words(
        nl="aanvaarden eindigt", en="acceptance ends", nl_simple="tot dan kan een kandidaat ja zeggen"
    ),
    "withdrawal.struck_until": Words(
        nl="terugtrekken voor het drukken eindigt",
        en="withdrawal before printing ends",
        nl_simple="tot dan kan een kandidaat stoppen en komt de naam niet op het stembiljet",
    ),
    "documents_due": Words(nl="stukken beschikbaar", en="documents available", nl_simple="u kunt de stukken lezen"),
    "proxies.until": Words(
        nl="volmacht geven eindigt", en="giving proxies ends", nl_simple="tot dan kunt u iemand voor u laten stemmen"
    ),
    "motions.deadline": Words(
        nl="voorstellen indienen eindigt",
        en="handing in motions ends",
        nl_simple="tot dan kunt u een voorstel inleveren",
    ),
    "motions.amendments_until": Words(
        nl="amendementen indienen eindigt",
        en="handing in amendments ends",
        nl_simple="tot dan kunt u een verandering van een voorstel inleveren",
    ),
    "published": Words(nl="openbaar", en="published", nl_simple="iedereen kan het lezen"),
    "first_meeting": Words(nl="eerste vergadering", en="first meeting"),
    "interim_until": Words(nl="het tijdelijke eindigt", en="the interim ends", nl_simple="einde van het tijdelijke"),
    "decided_before": Words(nl="uiterlijk beslist", en="decided at the latest", nl_simple="dan is het besluit er"),
    "annulment.counted_from": Words(
        nl="vernietigingstermijn begint",
        en="annulment term begins",
        nl_simple="vanaf dan telt de tijd om naar de rechter te gaan",
    ),
    "received_by": Words(nl="uiterlijk binnen", en="received at the latest", nl_simple="moet dan binnen zijn"),
    "until": Words(nl="eindigt", en="ends", nl_simple="einde"),
}
_PARAMETERS: dict[str, Words] = {
    "complaints": Words(nl="klachten", en="complaints"),
    "channels.post": Words(nl="stemmen per post", en="postal votes", nl_simple="stemmen met de post"),
    "channels.electronic": Words(nl="elektronisch stemmen", en="electronic votes", nl_simple="stemmen via internet"),
    "channels.paper_in_meeting": Words(
        nl="stemmen in de vergadering", en="votes in the meeting", nl_simple="stemmen op de vergadering"
    ),
}


def stage_name(stage: Stage) -> Words:
    """What a stage is called: its own title, or the name of its kind; a decision with what it is about."""
    if stage.title is not None:
        return stage.title
    kind = kind_of(stage)
    named = _KINDS.get(kind) or _as_written(kind)
    if isinstance(stage, Decision):
        about = shipped().values.value["Decision.about"][stage.about]
        easy = f"{named.nl} over {about.nl_simple or about.nl}"
        return Words(nl=f"{named.nl} over {about.nl}", en=f"{named.en} on {about.en}", nl_simple=easy)
    return named


def value_names(key: str) -> dict[str, Words]:
    """What the values of a key are called, by value ("Publication.level": "totals" is "the totals for each …")."""
    return {value: Words(nl=told.nl, en=told.en) for value, told in shipped().values.value[key].items()}


def moment_name(key: str) -> Words:
    """What a moment within a stage is called ("closes": "sluit")."""
    return _MOMENTS.get(key) or _MOMENTS.get(key.rsplit(".", 1)[-1]) or _as_written(key)


def parameter_name(path: str) -> Words:
    """What a table outside the stages is called ("channels.post")."""
    return _PARAMETERS.get(path) or Words(nl=path, en=path)


def _as_written(key: str) -> Words:
    plain = key.replace("_", " ")
    return Words(nl=plain, en=plain)
