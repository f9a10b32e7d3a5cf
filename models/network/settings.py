"""network.toml: who runs the network, whom the driver calls, habits and prices."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import Finding
from models.network.values import Contact, Rules

SETTINGS = "network.toml"

# key of [regles] → field of Rules, how many of its units the key's unit holds
RULES = {
    "installation_s": ("setup_s", 1),
    "manutention_par_bac_s": ("handling_s", 1),
    "marge_fermeture_min": ("closing_margin_s", 60),
    "annonce_avant_min": ("announce_before_s", 60),
    "annonce_apres_min": ("announce_after_s", 60),
    "annonce_arrondi_min": ("announce_round_s", 60),
    "attente_document_centimes_par_jour": ("reader_day_cents", 1),
    "passage_manque_eur": ("missed_visit_cents", 100),
    "habitude_eur": ("habit_cents", 100),
    "habitude_tolerance_min": ("habit_tolerance_s", 60),
    "preparation_avant_min": ("cut_off_s", 60),
    "tri_au_depot_min": ("sorting_s", 60),
    "tri_en_route": ("sorts_on_road", 1),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What network.toml says; `silent` names the fields of `rules` that it leaves out, where that matters."""

    id: str
    name: str
    organisation: str
    coordinator: Contact
    rules: Rules
    silent: frozenset[str] = frozenset()


def read_settings(path: Path, findings: list[Finding]) -> Settings:
    """Read network.toml; whatever is wrong is added to `findings`, and a default stands in its place."""
    reader = _Reader(path, findings)
    return Settings(
        id=reader.text("", "identifiant"),
        name=reader.text("", "nom"),
        organisation=reader.text("", "organisation"),
        coordinator=Contact(
            name=reader.text("coordination", "nom"),
            phone=reader.text("coordination", "telephone"),
            email=reader.text("coordination", "courriel", needed=False),
        ),
        rules=reader.rules(),
    )


class _Reader:
    def __init__(self, path: Path, findings: list[Finding]) -> None:
        self.path = path
        self.findings = findings
        self.source = ""
        self.content = self._load()

    def _load(self) -> Mapping[str, Any] | None:
        """The file's content, None when there is nothing to read: one finding is then enough."""
        try:
            self.source = self.path.read_text(encoding="utf-8-sig")
            return tomllib.loads(self.source)
        except OSError:
            self._complain(
                "le fichier manque ou ne s'ouvre pas.",
                f"Placez « {SETTINGS} » dans le dossier « {self.path.parent} ».",
            )
        except UnicodeDecodeError:
            self._complain("le fichier n'est pas en UTF-8.", "Enregistrez-le en UTF-8.")
        except tomllib.TOMLDecodeError as error:
            match = re.search(r"line (\d+)", str(error))
            self._complain(
                "cette ligne ne suit pas la forme « clé = valeur ».",
                "Mettez les textes entre guillemets droits, et une seule valeur par ligne.",
                int(match[1]) if match else len(self.source.splitlines()) or None,
            )
        return None

    def _complain(self, message: str, remedy: str, line: int | None = None, *, serious: bool = True) -> None:
        self.findings.append(
            Finding(where=self.path.name, line=line, message=message, remedy=remedy, serious=serious)
        )

    def _section(self, name: str) -> Mapping[str, Any]:
        content: Mapping[str, Any] = self.content or {}
        section = content.get(name, {}) if name else content
        return section if isinstance(section, dict) else {}

    def text(self, section: str, key: str, *, needed: bool = True) -> str:
        value = self._section(section).get(key, "")
        if isinstance(value, str) and (value.strip() or not needed):
            return value.strip()
        if self.content is not None:
            place = f"« {key} »" + (f" dans [{section}]" if section else "")
            self._complain(f"il manque le texte {place}.", f'Ajoutez {key} = "…".', self._line(section, key))
        return ""

    def rules(self) -> Rules:
        """[regles]: numbers that are not negative; what is absent keeps its default."""
        fields: dict[str, int] = {}
        for key, value in self._section("regles").items():
            line = self._line("regles", key)
            if key not in RULES:
                self._complain(
                    f"la règle « {key} » est inconnue.", f"Règles connues : {', '.join(RULES)}.", line
                )
                continue
            field, factor = RULES[key]
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e7:
                self._complain(f"« {key} » vaut {value!r}.", "Donnez un nombre positif ou nul.", line)
            else:
                fields[field] = round(value * factor)
        if fields.get("announce_round_s") == 0:
            fields.pop("announce_round_s")
            self._complain(
                "« annonce_arrondi_min » vaut 0.",
                "Donnez au moins 1 minute.",
                self._line("regles", "annonce_arrondi_min"),
            )
        if fields.get("sorts_on_road", 0) > 1:
            fields.pop("sorts_on_road")
            self._complain(
                "« tri_en_route » vaut ni 0 ni 1.",
                "Donnez 1 si le chauffeur trie en route, sinon 0.",
                self._line("regles", "tri_en_route"),
            )
        return Rules(**fields)

    def _line(self, section: str, key: str) -> int | None:
        """The 1-based line of a key, of its section when the key is absent, None when neither is there."""
        current, found = "", None
        for number, line in enumerate(self.source.splitlines(), start=1):
            title = re.match(r"\s*\[\s*([\w-]+)\s*\]", line)
            if title:
                current = title[1]
                found = number if current == section and found is None else found
            elif current == section and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return found
