"""The order of the guide, and which of its pages explains which pages of the portal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from psttm.aiuto.tipi import Capitolo

CAPITOLI = (
    Capitolo(_("Per cominciare"), ("primi-passi", "cruscotto", "cercare", "domande")),
    Capitolo(_("Per i Comuni"), ("compilare", "correggere", "documenti", "variazioni", "foglio", "regis")),
    Capitolo(
        _("Seguire il programma"),
        ("interventi", "situazione", "segnali", "traguardi", "istruttoria", "piani", "piano-strategico"),
    ),
    Capitolo(_("Rapporti e riunioni"), ("rapporti", "riunioni")),
    Capitolo(_("Dati dentro e fuori"), ("importare", "api", "lavori", "amministrare")),
)
PAGINE = tuple(codice for capitolo in CAPITOLI for codice in capitolo.pagine)

# Prefix of the addresses, page of the guide: the longest prefix that fits is the one.
AREE: dict[str, str] = {
    "/cruscotto/": "cruscotto",
    "/programma/": "cruscotto",
    "/cerca/": "cercare",
    "/interventi/": "interventi",
    "/interventi/cerca/": "cercare",
    "/piani/": "piani",
    "/piani/verifica/": "piani#la-verifica-delle-regole",
    "/monitoraggio/": "situazione",
    "/monitoraggio/interventi/": "situazione#la-pagina-di-un-intervento",
    "/monitoraggio/avanzamenti/": "compilare",
    "/monitoraggio/attese/": "compilare",
    "/monitoraggio/allerte/": "segnali#le-allerte",
    "/monitoraggio/segnali/": "segnali",
    "/monitoraggio/istruttoria/": "istruttoria",
    "/monitoraggio/traguardi/": "traguardi",
    "/monitoraggio/variazioni/": "variazioni",
    "/monitoraggio/documenti/": "documenti",
    "/monitoraggio/foglio/": "foglio",
    "/monitoraggio/regis/": "regis",
    "/rapporti/": "rapporti",
    "/rapporti/riunioni/": "riunioni",
    "/rapporti/verifica/": "rapporti#verificare-un-file",
    "/importazioni/": "importare",
    "/piano-strategico/": "piano-strategico",
    "/territorio/": "piano-strategico#il-territorio",
    "/lavori/": "lavori",
    "/registro/": "amministrare#il-registro-degli-eventi",
    "/sicurezza/": "amministrare#la-sicurezza",
    "/sistema/": "amministrare#lo-stato-del-sistema",
    "/dati-personali/": "amministrare#i-dati-delle-persone",
    "/dati-personali/miei/": "primi-passi#i-tuoi-dati",
    "/accesso/sessioni/": "primi-passi#le-sessioni-aperte",
    "/chiavi/": "api",
    "/documentazione-api/": "api",
    "/open-data/": "api#i-dati-aperti",
    "/amministrazione/": "amministrare",
    "/accesso/": "primi-passi#entrare",
}


def pagina_per(percorso: str) -> str:
    """Name of the page of the guide, with its part, that explains an address; empty where the whole guide will do."""
    trovati = [prefisso for prefisso in AREE if percorso.startswith(prefisso)]
    return AREE[max(trovati, key=len)] if trovati else ""
