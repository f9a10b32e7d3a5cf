"""python -m models.network check [FOLDER] — what is wrong in a network folder, in French, all at once.

python -m models.network show [FOLDER] — the network as it was read. Exit code 0, 2 for serious findings.
"""

import argparse
import sys
from pathlib import Path

from models.errors import Finding, InputError
from models.network.check import check_folder
from models.network.read import Reading, default_folder, read_folder
from models.network.values import SiteKind


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    wanted = _parser().parse_args(arguments)
    folder = wanted.dossier or default_folder()
    try:
        text, code = (check if wanted.commande == "check" else show)(folder)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(text)
    return code


def check(folder: Path) -> tuple[str, int]:
    """The findings of a folder as a text, serious ones first, and the exit code."""
    findings = check_folder(folder)
    faults = [finding for finding in findings if finding.serious]
    remarks = [finding for finding in findings if not finding.serious]
    verdict = (
        f"{_count(len(faults), 'erreur')} à corriger avant de planifier."
        if faults
        else f"Rien n'empêche de planifier ({_count(len(remarks), 'remarque')})."
    )
    parts = [
        f"Réseau du dossier {folder}",
        _block("À corriger", faults),
        _block("À savoir", remarks),
        verdict,
    ]
    return "\n\n".join(part for part in parts if part) + "\n", 2 if faults else 0


def show(folder: Path) -> tuple[str, int]:
    """The network in a few lines, then one line per site."""
    reading = read_folder(folder)
    network = reading.network
    lines = [
        f"{network.name} — {network.organisation} ({_summary(reading)})",
        f"Empreinte : {network.fingerprint}",
    ]
    lines += [f"{name} : {form}" for name, form in reading.forms.items()]
    width = 2 + max(len(site.id) for site in network.sites)
    lines += ["", f"{'lieu':<{width}}{'accès':<11}{'par semaine':>11}{'bacs':>7}  heures du chauffeur"]
    for site in network.sites:
        hours = site.shuttle_hours or site.opening
        crates = f"{site.deliver}/{site.collect}"
        lines.append(f"{site.id:<{width}}{site.access:<11}{site.visits_per_week:>11}{crates:>7}  {hours}")
    return "\n".join(lines) + "\n", 0


def _summary(reading: Reading) -> str:
    network = reading.network
    kinds = {kind: sum(site.kind is kind for site in network.sites) for kind in SiteKind}
    counts = [_count(number, kind) for kind, number in kinds.items()]
    counts += [_count(len(network.vehicles), "véhicule"), _count(len(network.drivers), "chauffeur")]
    weekly = sum(site.visits_per_week for site in network.sites)
    return ", ".join([*counts, f"{_count(weekly, 'passage')} par semaine"])


def _block(title: str, findings: list[Finding]) -> str:
    return "\n".join([title, *(f"  · {finding}" for finding in findings)]) if findings else ""


def _count(number: int, noun: str) -> str:
    """« 2 véhicules », « 0 erreur »: the plural begins at two."""
    return f"{number} {noun}{'s' if number > 1 else ''}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models.network", description="Vérifie ou montre un réseau."
    )
    parser.add_argument(
        "commande", choices=["check", "show"], help="check : ce qui ne va pas ; show : le réseau"
    )
    parser.add_argument(
        "dossier", nargs="?", type=Path, help="dossier du réseau (par défaut : celui de Navette)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
