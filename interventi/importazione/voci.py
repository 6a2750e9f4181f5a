"""The lists that interventi refer to, submisure and classifications: read once, and added to as they are met."""

from __future__ import annotations

from interventi.importazione.scrittura import Valori, inserisci
from interventi.models import Classificazione, Submisura
from psttm.models import Misura

CODICI = ("natura", "tipologia", "settore", "sottosettore", "categoria")
NOMI = ("tipologia_nome", "settore_nome", "sottosettore_nome", "categoria_nome")


class Voci:
    """They are reference lists, without history: undoing an import leaves those that it added."""

    def __init__(self) -> None:
        self._submisure = {submisura.codice: submisura for submisura in Submisura.objects.all()}
        self._codici = {submisura.pk: submisura.codice for submisura in self._submisure.values()}
        self._classificazioni = {
            tuple(getattr(voce, codice) for codice in CODICI): voce.pk for voce in Classificazione.objects.all()
        }
        self._nomi = {voce.pk: str(voce) for voce in Classificazione.objects.all()}

    def submisura(self, codice: str) -> int | None:
        trovata = self._submisure.get(codice)
        return trovata.pk if trovata is not None else None

    def codice(self, pk: int) -> str:
        return self._codici.get(pk, "")

    def submisura_o_nuova(self, valori: Valori) -> int:
        codice = valori["submisura"]
        if codice not in self._submisure:
            campi: Valori = {
                "id": None,
                "codice": codice,
                "descrizione": valori.get("submisura_descrizione") or "",
                "amministrazione": valori.get("amministrazione") or "",
                "misura_id": Misura.objects.filter(codice=codice).values_list("pk", flat=True).first(),
            }
            inserisci(Submisura, [campi])
            self._submisure[codice], self._codici[campi["id"]] = Submisura(**campi), codice
        return self._submisure[codice].pk

    def completa_submisura(self, valori: Valori) -> None:
        """Fill what the submisura lacks and this row says."""
        submisura = self._submisure.get(valori.get("submisura") or "")
        if submisura is None:
            return
        proposti = {
            "descrizione": valori.get("submisura_descrizione"),
            "amministrazione": valori.get("amministrazione"),
        }
        mancano = {nome: testo for nome, testo in proposti.items() if testo and not getattr(submisura, nome)}
        if mancano:
            for nome, testo in mancano.items():
                setattr(submisura, nome, testo)
            Submisura.objects.filter(pk=submisura.pk).update(**mancano)

    def classificazione(self, valori: Valori) -> int | None:
        """The classification with the codes of a row, added if it is new; None if the row has no nature."""
        codici = tuple(valori.get(codice) or "" for codice in CODICI)
        if not codici[0]:
            return None
        if codici not in self._classificazioni:
            nomi = {nome: valori.get(nome) or "" for nome in NOMI}
            campi: Valori = {"id": None, **dict(zip(CODICI, codici, strict=True)), **nomi}
            inserisci(Classificazione, [campi])
            self._classificazioni[codici] = campi["id"]
            self._nomi[campi["id"]] = str(Classificazione(**campi))
        return self._classificazioni[codici]

    def nome_classificazione(self, pk: int | None) -> str:
        return self._nomi.get(pk, "") if pk is not None else ""
