"""The kinds of act of a poll, each with its sentence."""

from stembus.ledger.acts import ActKind
from stembus_polls.secret.trustees.act_kinds import TRUSTEE_ACT_KINDS
from stembus_procedures.language.values import Words
from stembus_procedures.names import value_names

TYPED_TWICE = Words(
    nl="Alle {papers} stembiljetten zijn twee keer overgetypt, en over elk verschil is beslist.",
    en="All {papers} papers were typed twice, every difference was ruled on.",
)
OUT_OF_THE_BOX = Words(
    nl="Het archief van de geheime stemming is gecontroleerd; uit de stembus kwamen {papers} stemmen.",
    en="The archive of the secret poll was verified; {papers} ballots came out of its box.",
)
CODES_MADE = Words(
    nl="De maker van de stemcodes van {uuid} heeft ze gemaakt.", en="The credential authority of {uuid} made them."
)
CODES_TO_MAKE = Words(
    nl="De maker van de stemcodes van {uuid} maakt de stemcodes.",
    en="The credential authority of {uuid} makes the credentials.",
)
CODES_CHANGED = Words(
    nl="Regels van de lijst van {uuid}, elk ondertekend door twee mensen.",
    en="Entries of the list of {uuid}, each signed by two.",
)
CODES_OF_PAPER = Words(
    nl="De stemcodes van wie op papier stemde zijn ongeldig in {uuid}.",
    en="The codes of who voted on paper are void in {uuid}.",
)
TERM_IS_OVER = Words(nl="De termijn om te vernietigen is voorbij.", en="The term for annulment is over.")

PAPER_ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="papers.printed",
        nl="Er zijn {copies} stembiljetten gedrukt voor {contest} (SHA-256 van het bestand {file_sha256}).",
        en="{copies} ballot papers were printed for {contest} (SHA-256 of the file {file_sha256}).",
    ),
    ActKind(
        name="papers.sent",
        nl="Aan {members} leden is een stembiljet voor {contest} gestuurd.",
        en="{members} members were sent a ballot paper for {contest}.",
    ),
    ActKind(
        name="papers.accounted",
        nl="De stembiljetten van {contest} zijn verantwoord: {printed} gedrukt, {unused} over, {spoiled} bedorven, "
        "{in_box} in de bus, {postal_in_box} per post, {strike_offs} afgestreept; {differences} verschillen verklaard.",
        en="The papers of {contest} were accounted for: {printed} printed, {unused} unused, {spoiled} spoiled, "
        "{in_box} in the box, {postal_in_box} by post, {strike_offs} struck off; {differences} differences explained.",
    ),
    ActKind(
        name="papers.numbered",
        nl="De bus van {contest} is gemengd; daarna zijn {papers} stembiljetten genummerd.",
        en="The box of {contest} was mixed; then {papers} ballot papers were numbered.",
    ),
    ActKind(
        name="papers.typed",
        nl="Alle {papers} stembiljetten van {contest} zijn overgetypt als {place}e keer.",
        en="All {papers} ballot papers of {contest} were typed over, as typing {place}.",
    ),
    ActKind(
        name="papers.ruled",
        nl="Stembiljet {paper} van {contest} is beoordeeld als {outcome}: {reason}.",
        en="Ballot paper {paper} of {contest} was ruled {outcome}: {reason}.",
        words={
            "outcome": {
                "valid": Words(nl="geldig", en="valid"),
                "blank": Words(nl="blanco", en="blank"),
                "invalid": Words(nl="ongeldig", en="invalid"),
            }
        },
    ),
)

NOTE_WORDS = {
    "incident": Words(nl="een voorval", en="an incident"),
    "complaint": Words(nl="een klacht", en="a complaint"),
    "dissent": Words(nl="een afwijkende mening", en="a dissent"),
}

COUNTING_ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="count.lot",
        nl="Voor de telling van {contest} is geloot door {drawn_by}, met als getuigen {witnesses}.",
        en="A lot was drawn for the count of {contest} by {drawn_by}, witnessed by {witnesses}.",
    ),
    ActKind(
        name="count.made",
        nl="{contest} is geteld uit {papers} stembiljetten (SHA-256 {papers_sha256}); gekozen: {elected}.",
        en="{contest} was counted from {papers} papers (SHA-256 {papers_sha256}); elected: {elected}.",
        grounds=(TYPED_TWICE, OUT_OF_THE_BOX),
    ),
    ActKind(
        name="count.recount_ordered",
        nl="Hertelling van {contest}, gevraagd door {asked_by}: {papers}.",
        en="Recount of {contest}, asked for by {asked_by}: {papers}.",
        words={"papers": {"all": Words(nl="alle stembiljetten", en="all papers")}},
    ),
    ActKind(
        name="poll.noted",
        nl="Vastgelegd ({kind}) van {by}: {text}",
        en="Recorded ({kind}) from {by}: {text}",
        words={"kind": NOTE_WORDS},
    ),
    ActKind(
        name="poll.answered",
        nl="Beantwoord ({kind}) van {by}: {answer}",
        en="Answered ({kind}) from {by}: {answer}",
        words={"kind": NOTE_WORDS},
    ),
    ActKind(
        name="poll.declared",
        nl="De uitslag is vastgesteld; gekozen: {elected}.",
        en="The result was declared; elected: {elected}.",
    ),
    ActKind(
        name="poll.published",
        nl="De uitslag is bekendgemaakt ({level}; SHA-256 van het archief {archive_sha256}).",
        en="The result was made public ({level}; SHA-256 of the archive {archive_sha256}).",
        words={"level": value_names("Publication.level")},
    ),
)

CANDIDATE_ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="candidates.entered",
        nl="Uit {file} zijn {count} kandidaatstellingen ingevoerd.",
        en="{count} candidacies were entered from {file}.",
    ),
    ActKind(
        name="candidate.accepted",
        nl="De kandidaatstelling van {name} (nummer {entry}) is aanvaard.",
        en="The candidacy of {name} (entry {entry}) was accepted.",
    ),
    ActKind(
        name="candidates.decided",
        nl="{outcome}: {names}.",
        en="{outcome}: {names}.",
        words={
            "outcome": {
                "admitted": Words(nl="Toegelaten als kandidaat", en="Admitted as candidates"),
                "refused": Words(nl="Niet toegelaten als kandidaat", en="Not admitted as candidates"),
            }
        },
    ),
    ActKind(
        name="candidate.appealed",
        nl="{name} (nummer {entry}) is in beroep gegaan tegen de weigering.",
        en="{name} (entry {entry}) appealed against the refusal.",
    ),
    ActKind(
        name="candidate.withdrew",
        nl="{name} (nummer {entry}) heeft zich teruggetrokken: {follows}.",
        en="{name} (entry {entry}) withdrew: {follows}.",
        words={
            "follows": {
                "struck": Words(nl="de naam komt niet op het stembiljet", en="the name does not come on the paper"),
                "ranked_as_withdrawn": Words(
                    nl="de stemmen gaan naar wie daarna is genoemd", en="the votes go to whoever is named next"
                ),
                "stays_until_result": Words(nl="de naam doet mee in de telling", en="the name stays in the count"),
            }
        },
    ),
    ActKind(
        name="order.drawn",
        nl="De volgorde van de kandidaten is geloot door {drawn_by}, met als getuigen {witnesses}.",
        en="The order of the candidates was drawn by {drawn_by}, witnessed by {witnesses}.",
    ),
)

ROLL_ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="roll.frozen",
        nl="De kiezerslijst is vastgelegd: {size} leden, wortel {root}.",
        en="The electoral roll was frozen: {size} members, root {root}.",
    ),
    ActKind(
        name="roll.changed",
        nl="De kiezerslijst is gewijzigd ({cause}): {size} leden, wortel {root}, eerst {before}.",
        en="The electoral roll was changed ({cause}): {size} members, root {root}, before {before}.",
    ),
    ActKind(
        name="roll.objected",
        nl="Tegen de kiezerslijst is bezwaar {number} gemaakt.",
        en="Objection {number} was made to the electoral roll.",
    ),
    ActKind(
        name="roll.objection_decided",
        nl="Bezwaar {number} tegen de kiezerslijst is beslist: {decision}.",
        en="Objection {number} to the electoral roll was decided: {decision}.",
        words={
            "decision": {
                "upheld": Words(nl="gegrond", en="upheld"),
                "rejected": Words(nl="ongegrond", en="rejected"),
            }
        },
    ),
    ActKind(
        name="roll.listed",
        nl="De lijst om op af te strepen is aan het stembureau gegeven: {size} leden.",
        en="The list to strike off on was given to the stembureau: {size} members.",
    ),
)

MEETING_ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="bureau.declared",
        nl="Lid {number} heeft verklaard welk belang er is: {interest}.",
        en="Member {number} declared what interest there is: {interest}.",
        words={"interest": {"none": Words(nl="geen", en="none")}},
    ),
    ActKind(
        name="meeting.recorded",
        nl="Het verslag van de vergadering is ingevoerd, versie {number}.",
        en="The record of the meeting was entered, version {number}.",
    ),
)

SECRET_ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="secret_poll.prepared",
        nl="De geheime stemming {uuid} over {contest} is voorbereid: {threshold} van {trustees} sleutelbewaarders "
        "openen haar samen (groep {group}).",
        en="The secret poll {uuid} of {contest} was prepared: {threshold} of {trustees} trustees open it together "
        "(group {group}).",
    ),
    ActKind(
        name="secret_poll.roll_given",
        nl="De kiezerslijst van {contest} is aan de codecommissie gegeven, om stemcodes te maken: {size} leden, met "
        "naam, taal, e-mail en adres.",
        en="The roll of {contest} was given to the credential authority, to make voting codes: {size} members, with "
        "name, language, e-mail and address.",
        grounds=(CODES_TO_MAKE,),
    ),
    ActKind(
        name="secret_poll.credentials_received",
        nl="De openbare stemcodes van {uuid} zijn ontvangen: {active} geldig, {spare} reserve, {for_paper} voor papier "
        "(SHA-256 {credentials_sha256}; lijst {list_sha256}).",
        en="The public credentials of {uuid} were received: {active} active, {spare} spare, {for_paper} for paper "
        "(SHA-256 {credentials_sha256}; list {list_sha256}).",
        grounds=(CODES_MADE,),
    ),
    ActKind(
        name="secret_poll.set_up",
        nl="De geheime stemming {uuid} is ingericht (kenmerk {fingerprint}; bord {head}).",
        en="The secret poll {uuid} was set up (fingerprint {fingerprint}; board {head}).",
    ),
    ActKind(
        name="secret_poll.credentials_changed",
        nl="De lijst van stemcodes van {uuid} telt nu {entries} wijzigingen (laatste regel {list_head}).",
        en="The list of credentials of {uuid} now has {entries} changes (last line {list_head}).",
        grounds=(CODES_CHANGED,),
    ),
    ActKind(
        name="secret_poll.credentials_destroyed",
        nl="De codecommissie verklaart dat haar lijst van {uuid} vernietigd is, ondertekend door {signed_by} "
        "(SHA-256 van de verklaring {statement_sha256}).",
        en="The credential authority states that its list of {uuid} was destroyed, signed by {signed_by} (SHA-256 of "
        "the statement {statement_sha256}).",
        grounds=(TERM_IS_OVER,),
    ),
    ActKind(
        name="board.grew",
        nl="Op het bord van {uuid} staan nu {ballots} stembiljetten (hoogte {height}, kop {head}).",
        en="The board of {uuid} now has {ballots} ballots (height {height}, head {head}).",
    ),
    ActKind(
        name="secret_poll.closed",
        nl="De elektronische stemming {uuid} is gesloten met {ballots} stembiljetten (kop {head}).",
        en="The electronic vote {uuid} closed with {ballots} ballots (head {head}).",
    ),
    ActKind(
        name="secret_poll.reminded",
        nl="In de elektronische stemming {uuid} is herinnerd wie nog niet had gestemd, van {roll} op de kiezerslijst; "
        "wie dat waren heeft niemand gezien.",
        en="In the electronic vote {uuid} those of {roll} on the roll who had not voted were reminded; who they were "
        "nobody saw.",
    ),
    ActKind(
        name="secret_poll.sealed",
        nl="De stembus {uuid} is verzegeld met {ballots} stembiljetten (kop {head}); tot {objection_until} kan bezwaar "
        "worden gemaakt.",
        en="The box {uuid} was sealed with {ballots} ballots (head {head}); objections can be made until "
        "{objection_until}.",
    ),
    ActKind(
        name="secret_poll.tallied",
        nl="De versleutelde optelling van {uuid} staat op het bord: {ballots} stembiljetten (kop {head}).",
        en="The encrypted tally of {uuid} is on the board: {ballots} ballots (head {head}).",
    ),
    ActKind(
        name="secret_poll.struck_given",
        nl="De maker van de stemcodes van {uuid} kreeg de nummers van {members} leden die op papier stemden.",
        en="The credential authority of {uuid} was given the numbers of {members} members who voted on paper.",
        grounds=(CODES_OF_PAPER,),
    ),
    ActKind(
        name="secret_poll.practised",
        nl="Een oefenstemming voor {uuid} met {ballots} bekende stemmen kwam uit zoals zij was ingevuld (SHA-256 van "
        "het archief {archive_sha256}); de stembus zelf is leeg (kop {head}).",
        en="A practice poll for {uuid} with {ballots} known votes came out as it was filled in (SHA-256 of the archive "
        "{archive_sha256}); the box itself is empty (head {head}).",
    ),
    ActKind(
        name="secret_poll.papers_put_in",
        nl="In de stembus {uuid} zijn {papers} stemmen op papier gedaan; {left_out} ongeldige bleven erbuiten.",
        en="{papers} votes from paper were put in the box {uuid}; {left_out} invalid ones stayed outside.",
    ),
    ActKind(
        name="secret_poll.verified",
        nl="Het archief van {uuid} is gecontroleerd (kop {head}): {verdicts}.",
        en="The archive of {uuid} was verified (head {head}): {verdicts}.",
    ),
)

ACT_KINDS: tuple[ActKind, ...] = (
    *PAPER_ACT_KINDS,
    *COUNTING_ACT_KINDS,
    *CANDIDATE_ACT_KINDS,
    *ROLL_ACT_KINDS,
    *MEETING_ACT_KINDS,
    *SECRET_ACT_KINDS,
    *TRUSTEE_ACT_KINDS,
)
