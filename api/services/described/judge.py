"""Would the network still hold after a change? What `models.network.check` calls serious is not stored."""

from collections.abc import Iterable

from models.communes import Commune
from models.errors import Finding, InputError
from models.network.check import check_network
from models.network.checks.references import references
from models.network.values import Network

_Named = tuple[str, str]


def all_findings(network: Network, communes: Iterable[Commune]) -> tuple[Finding, ...]:
    """Everything that can be said of a network; only its broken references where there are any."""
    return tuple(references(network)) or check_network(network, communes)


def accept(
    before: Network, after: Network, communes: Iterable[Commune], about: _Named, this: str
) -> tuple[Finding, ...]:
    """What to know of the changed thing, named by its file and id; InputError when it may not be stored.

    Refused: faults that the change brings, in the thing itself or in its file, and whatever would make a
    network that can be planned one that cannot. Faults that were there before stay to be mended one by one.
    """
    communes = tuple(communes)
    findings = all_findings(after, communes)
    serious = [one for one in findings if one.serious]
    if serious:
        known = {_known(one) for one in all_findings(before, communes) if one.serious}
        new = [one for one in serious if _known(one) not in known]
        refused = [one for one in new if not known or _is(one, about) or one.where == about[0]]
        if refused:
            raise InputError(f"{this} ne peut pas être enregistré ainsi.", tuple(refused))
    return tuple(one for one in findings if _is(one, about))


def _is(finding: Finding, about: _Named) -> bool:
    return (finding.where, finding.key) == about


def _known(finding: Finding) -> tuple[str, str, str]:
    return (finding.where, finding.key, finding.message)
